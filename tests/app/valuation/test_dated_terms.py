"""The pages on which assumptions and rebate schedules are read, tried, kept, changed from a day on and taken away, and by whom."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import account
from tests.factories.people import user
from tests.factories.planted import AS_OF
from tests.factories.valued import conducted_valuation, rebate, valuation, worth

from openkam.app.accounts.models import Account
from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.terms import Role, Scope
from openkam.app.valuation.models import Assumptions, RebateSchedule
from openkam.app.valuation.operations.assumptions import keep_assumptions
from openkam.app.valuation.operations.rebates import RebateTerms, follow_rebate, try_rebate
from openkam.app.valuation.queries.rebates import tiers_of
from openkam.app.valuation.terms import RefusedError

pytestmark = pytest.mark.django_db
ASSUMED = {
    "valid_from": "2020-01-01", "loss_not_due": "0.5", "loss_1_30": "2", "loss_31_60": "5", "loss_61_90": "10", "loss_over_90": "40",
    "price_rise": "10", "freight_share": "100", "terms_share": "100", "reason": "Audited",
}  # fmt: skip
AGREED = {
    "name": "Yearly bonus", "starts_on": f"{AS_OF.year}-01-01", "ends_on": f"{AS_OF.year}-12-31", "currency": "EUR",
    "tiers": "100000 = 1.5\n\n 1000000=2 %", "is_retroactive": "on", "reason": "Yearly talk",
}  # fmt: skip


def main_of(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"valuation:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1]


def test_assumptions_are_seen_before_they_are_kept(home: Path, head: User, signed_in):
    made = conducted_valuation(home, head)
    client, address = signed_in(head), reverse("valuation:add-assumptions")
    text = main_of(client, "assumptions")
    for words in ("Illustrative.", "come with the software", "10.60", "None of the firm"):
        assert words in text
    assert "loss rates illustrative" in main_of(client, "account", made.worths.get(name="Giant").account_id)
    assert "examples" in main_of(client, "basis")
    tried = client.post(address, ASSUMED).content.decode()
    for words in ("Nothing is kept yet", "Expected losses", "Raise prices", "Keep it"):
        assert words in tried
    assert not Assumptions.objects.exists()
    assert client.post(address, ASSUMED | {"save": "1"}).status_code == 302
    kept = Assumptions.objects.get()
    assert (kept.loss_over_90, kept.price_rise, kept.discount_cut, kept.is_illustrative) == (
        Decimal("0.4"), Decimal("0.1"), None, False,
    )  # fmt: skip
    assert Entry.objects.get(record_type="valuation.assumptions").reason == "Audited"
    text = main_of(client, "assumptions")
    assert "Illustrative" not in text
    assert "40.0" in text
    # What is written down is where the next change starts from.
    assert 'value="40.00"' in main_of(client, "add-assumptions")
    wrong = client.post(address, ASSUMED | {"loss_1_30": "101", "order_value": "-1"})
    assert (wrong.status_code, Assumptions.objects.count()) == (422, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_take_as_many_queries_for_three_rows(head: User, signed_in, django_assert_num_queries, count: int):
    for number in range(count):
        keep_assumptions(actor=head, assumptions=Assumptions(valid_from=date(2020, 1, 1 + number)))
        rebate(head, account())
    client = signed_in(head)
    for name, queries in (("assumptions", 3), ("rebates", 4)):
        with django_assert_num_queries(queries):
            main_of(client, name)


def test_a_schedule_is_tried_agreed_changed_and_removed_on_its_pages(home: Path, head: User, signed_in):
    conducted_valuation(home, head)
    giant, client = Account.objects.get(name="Giant"), signed_in(head)
    address = reverse("valuation:add-rebate", args=[giant.pk])
    tried = client.post(address, AGREED).content.decode()
    for words in ("Nothing is kept yet: where Giant would stand", "Bought so far", "Rebate earned", "Keep it"):
        assert words in tried
    assert not RebateSchedule.objects.exists()
    assert client.post(address, AGREED | {"save": "1"}).status_code == 302
    first = RebateSchedule.objects.get()
    assert [(one.from_amount, one.rate) for one in tiers_of(first)] == [(100_000, Decimal("0.015")), (1_000_000, Decimal("0.02"))]
    assert "100000 = 1.5\n1000000 = 2" in main_of(client, "rebate", giant.pk, first.pk)
    dearer = AGREED | {"tiers": "1 = 50"}
    tried = client.post(reverse("valuation:rebate", args=[giant.pk, first.pk]), dearer).content.decode()
    for words in ("As it is", "With these terms", "50.0"):
        assert words in tried
    begins = date(AS_OF.year, 7, 1)
    later = dearer | {"starts_on": begins.isoformat(), "save": "1", "reason": "New talk"}
    assert client.post(reverse("valuation:follow-rebate", args=[giant.pk, first.pk]), later).status_code == 302
    first.refresh_from_db()
    second = RebateSchedule.objects.latest("pk")
    assert (first.ends_on, second.starts_on) == (begins - timedelta(days=1), begins)
    assert {one.verb for one in Entry.objects.filter(reason="New talk")} == {"agreed a rebate", "ended a rebate"}
    text = main_of(client, "rebates")
    assert "Giant" in text
    assert "50.0" in text
    gone = reverse("valuation:remove-rebate", args=[giant.pk, second.pk])
    assert "no valuation will look at it" in client.get(gone).content.decode()
    assert client.post(gone, {"reason": "Never signed"}).status_code == 302
    assert client.get(gone).status_code == 404
    for fault, words in (
        ({"tiers": "1e400 = x"}, "write a turnover"),
        ({"tiers": "5 = 200"}, "up to 100"),
        ({"currency": "x"}, "three letters"),
    ):
        answer = client.post(address, AGREED | fault)
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_terms_that_follow_begin_within_the_time_before_them(head: User):
    known = rebate(head, account())
    for day in (known.starts_on, known.ends_on + timedelta(days=2)):
        terms = RebateTerms("x", day, day, True, tiers_of(known))
        with pytest.raises(RefusedError, match="let the new terms begin"):
            follow_rebate(actor=head, schedule=known, terms=terms)
    assert RebateSchedule.objects.count() == 1


def test_who_may_not_change_reads_and_who_does_not_see_the_account_meets_nothing(head: User, signed_in):
    manager, analyst, narrow = user(Role.MANAGER), user(Role.ANALYST), user(Role.HEAD, scope=Scope.OWN)
    own, other = account("Own Firm", manager=manager), account("Hidden Firm", manager=user(Role.MANAGER))
    mine, hidden = rebate(head, own, name="Own bonus"), rebate(head, other, name="Hidden bonus")
    worth(valuation(), own)
    keep_assumptions(actor=head, assumptions=Assumptions(valid_from=AS_OF, is_illustrative=True))
    client = signed_in(manager)
    text = main_of(client, "rebates") + main_of(client, "account", own.pk)
    assert "Own bonus" in text
    assert [words for words in ("Hidden", "Correct", "Add a schedule") if words in text] == []
    for reader in (manager, analyst):
        text = main_of(signed_in(reader), "assumptions")
        assert "illustrative" in text
        assert "Change from a day on" not in text
        assert signed_in(reader).post(reverse("valuation:add-assumptions"), ASSUMED | {"save": "1"}).status_code == 403
    acts = [("add-rebate", [])] + [(name, [0]) for name in ("rebate", "follow-rebate", "remove-rebate")]
    for person, of, schedule, status in (
        (manager, own, mine, 403),
        (manager, other, hidden, 404),
        (narrow, other, hidden, 404),
        (head, own, hidden, 404),
    ):
        for name, more in acts if of != own or schedule != hidden else acts[1:]:
            address = reverse(f"valuation:{name}", args=[of.pk, *(schedule.pk for _ in more)])
            for answer in (signed_in(person).get(address), signed_in(person).post(address, AGREED | {"save": "1"})):
                assert (name, answer.status_code) == (name, status)
                assert "Hidden" not in answer.content.decode()
    terms = RebateTerms("x", AS_OF, AS_OF, True, tiers_of(mine))
    with pytest.raises(PermissionDenied):
        try_rebate(actor=manager, account=own, terms=terms)
    assert RebateSchedule.objects.filter(removed_at=None).count() == 2
    assert Assumptions.objects.count() == 1
