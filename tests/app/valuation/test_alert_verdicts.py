"""An alert is dealt with: it leaves list, home and counts, makes room, comes back on its day or by a new silence, and can be taken back."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404
from django.urls import reverse
from tests.app.valuation.test_ahead import plain, text_of
from tests.factories.accounts import account
from tests.factories.people import user
from tests.factories.planted import AS_OF
from tests.factories.valued import firm_detail, valuation, verdict, worth

from openkam.app.accounts.models import Account
from openkam.app.audit.models import Entry
from openkam.app.audit.operations import record_write
from openkam.app.cockpit.queries.home import home as home_of
from openkam.app.people.models import User
from openkam.app.people.terms import Role, Scope
from openkam.app.valuation.models import AlertVerdict, Valuation, VerdictWithdrawal
from openkam.app.valuation.operations.alert_verdicts import Found, deal_with_alert, take_back_verdict
from openkam.app.valuation.queries.alert_verdicts import losses_among_dealt, verdict_of, verdicts_page
from openkam.app.valuation.queries.alerts import alerts_page, own_alerts
from openkam.app.valuation.queries.portfolio import portfolio_page
from openkam.app.valuation.terms import Finding, RefusedError

pytestmark = pytest.mark.django_db
OVERDUE = {"is_overdue": True, "overdue_on": date(2023, 12, 28)}
LATER = AS_OF + timedelta(days=60)


@pytest.fixture
def anna() -> User:
    return user(Role.MANAGER, name="Anna")


@pytest.fixture
def made() -> Valuation:
    return valuation(settings={"period_months": 12, "alerts_per_manager_week": 1})


def silent(made: Valuation, name: str, manager: User | None, at_stake: int = 100, **fields: object) -> Account:
    """An account whose order is overdue."""
    of = account(name, manager=manager)
    worth(made, of, 10, at_stake=Decimal(at_stake), **OVERDUE | fields)
    return of


def names(person: User) -> list[str]:
    return [line.name for line in alerts_page(person, "").lines]


def test_what_is_dealt_with_leaves_every_list_and_makes_room_for_the_next(head: User, anna: User, made: Valuation):
    first, second = silent(made, "First", anna, 90), silent(made, "Second", anna, 80)
    assert (names(anna), alerts_page(anna, "").waiting_count, portfolio_page(head, 10).overdue_count) == (["First"], 1, 2)
    found = verdict(anna, first, note="I called")
    assert names(anna) == names(head) == ["Second"]
    assert alerts_page(anna, "").waiting_count == 0
    assert [line.name for line in own_alerts(anna, 5)] == [line.name for line in home_of(anna, AS_OF).alerts] == ["Second"]
    whole = portfolio_page(head, 10)
    assert (whole.overdue_count, whole.overdue_value, [row["name"] for row in whole.overdue]) == (1, 40, ["Second"])
    # Kept as it was told, by whom, and what it was.
    told = (found.last_order_on, found.expected_on, found.overdue_on, found.at_stake, found.made_by, found.valuation)
    assert told == (date(2023, 12, 1), date(2024, 1, 1), date(2023, 12, 28), 90, anna, made)
    entry = Entry.objects.get(record_type="valuation.alertverdict")
    assert (entry.actor, entry.verb, entry.after["note"]) == (anna, "dealt with an alert", "I called")
    verdict(anna, second)
    assert (names(anna), alerts_page(head, "").alert_count) == ([], 0)


def test_it_comes_back_on_its_day_and_by_a_new_silence_and_not_before(head: User, anna: User, made: Valuation):
    of = silent(made, "Firm", anna)
    found = verdict(anna, of, silent_until_on=AS_OF + timedelta(days=10))

    def told(days: int, last_order_on: date = date(2023, 12, 1)) -> list[str]:
        later = valuation(as_of_on=AS_OF + timedelta(days=days))
        worth(later, of, 10, **OVERDUE | {"last_order_on": last_order_on})
        return names(head)

    assert told(9) == []
    assert told(10) == ["Firm"]
    assert told(5) == []
    assert told(5, found.last_order_on + timedelta(days=1)) == ["Firm"]


@pytest.mark.parametrize(
    ("found", "until"),
    [
        # The window ends on 8 January; the usual gap is 31 days.
        (Found(Finding.WATCH), date(2024, 2, 8)),
        (Found(Finding.WRONG_DATA), date(2024, 2, 8)),
        (Found(Finding.EXPECTED, date(2024, 3, 15)), date(2024, 4, 15)),
        (Found(Finding.COMPETITOR), AS_OF + timedelta(days=365)),
        (Found(Finding.ENDED), AS_OF + timedelta(days=365)),
        (Found(Finding.WATCH, silent_until_on=date(2024, 1, 2)), date(2024, 1, 2)),
    ],
)
def test_until_when_it_stays_silent(anna: User, made: Valuation, found: Found, until: date):
    of = silent(made, "Firm", anna)
    assert deal_with_alert(actor=anna, account=of, found=found, today=AS_OF).silent_until_on == until


def test_a_window_that_is_long_over_does_not_bring_the_alert_back_at_once(anna: User, made: Valuation):
    of = silent(made, "Firm", anna, window_to_on=date(2023, 3, 1), expected_on=date(2023, 12, 31))
    assert verdict(anna, of).silent_until_on == AS_OF + timedelta(days=30)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Found(Finding.EXPECTED), "on which day"),
        (Found(Finding.WATCH, LATER), "leave it empty"),
        (Found(Finding.EXPECTED, AS_OF), "after 31\N{NO-BREAK SPACE}Dec\N{NO-BREAK SPACE}2023.*mend its day"),
        (Found(Finding.EXPECTED, AS_OF + timedelta(days=366)), "mend its day"),
        (Found(Finding.EXPECTED, LATER, silent_until_on=AS_OF + timedelta(days=3)), "until then at least"),
        (Found(Finding.WATCH, silent_until_on=AS_OF), "a day after"),
        (Found(Finding.WATCH, silent_until_on=AS_OF + timedelta(days=366)), "a year at most"),
    ],
)
def test_days_that_make_no_sense_are_refused_in_words(anna: User, made: Valuation, signed_in, found: Found, words: str):
    of = silent(made, "Firm", anna)
    with pytest.raises(RefusedError, match=words) as refused:
        deal_with_alert(actor=anna, account=of, found=found, today=AS_OF)
    assert not re.search(r"\d{4}-\d{2}", str(refused.value))
    assert not AlertVerdict.objects.exists()


def test_a_year_counts_from_today_where_the_facts_are_old(anna: User, made: Valuation):
    of = silent(made, "Firm", anna)
    today = AS_OF + timedelta(days=400)
    found = Found(Finding.EXPECTED, today + timedelta(days=30), silent_until_on=today + timedelta(days=365))
    assert deal_with_alert(actor=anna, account=of, found=found, today=today).silent_until_on == found.silent_until_on


def test_two_people_cannot_deal_with_the_same_silence(head: User, anna: User, made: Valuation):
    of = silent(made, "Firm", anna)
    verdict(anna, of)
    with pytest.raises(Http404):
        verdict(head, of)
    assert AlertVerdict.objects.count() == 1


def test_it_is_taken_back_once_and_the_history_stays(head: User, anna: User, made: Valuation, signed_in):
    of = silent(made, "Firm", anna)
    found = verdict(anna, of, note="Ask again")
    client = signed_in(head)
    address = reverse("valuation:take-back", args=[of.pk, found.pk])
    assert "silent until 8 Feb 2024" in plain(client.get(address).content.decode())
    assert client.post(address, {"reason": "Too soon"}).status_code == 302
    back = VerdictWithdrawal.objects.get()
    assert (back.verdict, back.made_by, back.reason) == (found, head, "Too soon")
    assert Entry.objects.get(record_type="valuation.verdictwithdrawal").reason == "Too soon"
    assert names(anna) == ["Firm"]
    assert client.post(address).status_code == 404
    for name in ("account", "dealt"):
        text = plain(text_of(client, name, *([of.pk] if name == "account" else [])))
        assert "taken back by Person" in text
        assert "Too soon" in text
        assert "Ask again" in text
    assert losses_among_dealt(head, made).dealt_count == 0


def test_what_was_found_is_never_changed_but_for_a_persons_words_behind_an_erasure(head: User, anna: User, made: Valuation):
    found = verdict(anna, silent(made, "Firm", anna), note="Mr Example said so")
    back = take_back_verdict(actor=anna, verdict=found, reason="Mr Example was wrong")
    rows = (AlertVerdict.objects.filter(pk=found.pk), VerdictWithdrawal.objects.filter(pk=back.pk))
    words = ({"note": "[erased]"}, {"reason": "[erased]"})
    acts = [
        *(row.delete for row in rows),
        *(lambda row=row, word=word: row.update(**word) for row, word in zip(rows, words, strict=True)),
        lambda: rows[0].update(silent_until_on=LATER),
    ]
    for act in acts:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    record_write(actor=head, verb="erased by request", record=found.account, before={}, after={}, reason="")
    for row, word in zip(rows, words, strict=True):
        assert row.update(**word) == 1
    for act in (lambda: rows[0].update(note="x"), lambda: rows[0].update(silent_until_on=LATER), rows[1].delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_colleagues_silence_is_nobody_elses(head: User, anna: User, made: Valuation, signed_in):
    bert = user(Role.MANAGER, name="Bert")
    theirs, open_one = silent(made, "Hidden Firm", bert), silent(made, "Hidden Two", bert)
    found = verdict(bert, theirs, note="Secret note")
    for act in (
        lambda: verdict(anna, open_one),
        lambda: take_back_verdict(actor=anna, verdict=found),
        lambda: verdict_of(anna, theirs, found.pk),
    ):
        with pytest.raises(Http404):
            act()
    client = signed_in(anna)
    for name, args in (("deal", [open_one.pk]), ("take-back", [theirs.pk, found.pk])):
        for answer in (client.get(reverse(f"valuation:{name}", args=args)), client.post(reverse(f"valuation:{name}", args=args))):
            assert answer.status_code == 404
            assert "Hidden" not in answer.content.decode()
    for name in ("alerts", "dealt"):
        text = text_of(client, name)
        assert [word for word in ("Hidden", "Secret note", "Bert") if word in text] == []
    assert verdicts_page(anna, "").losses == losses_among_dealt(anna, made)
    assert losses_among_dealt(anna, made).dealt_count == 0
    assert "Secret note" in text_of(signed_in(head), "dealt")
    # Another account's verdict is not reached by way of one's own account.
    own = silent(made, "Own", anna)
    assert client.post(reverse("valuation:take-back", args=[own.pk, found.pk])).status_code == 404
    assert not VerdictWithdrawal.objects.exists()


@pytest.mark.parametrize("role", [Role.ANALYST, Role.READ_ONLY])
def test_who_may_not_edit_the_account_reads_only(head: User, made: Valuation, signed_in, role: Role):
    of, other = silent(made, "Firm", None, 9), silent(made, "Other", None, 8)
    found = verdict(head, other)
    person = user(role, scope=Scope.ALL)
    for act in (lambda: verdict(person, of), lambda: take_back_verdict(actor=person, verdict=found)):
        with pytest.raises(PermissionDenied):
            act()
    client = signed_in(person)
    for name, args in (("deal", [of.pk]), ("take-back", [other.pk, found.pk])):
        assert client.post(reverse(f"valuation:{name}", args=args), {"found": "watch"}).status_code == 403
    assert reverse("valuation:deal", args=[of.pk]) not in text_of(client, "alerts") + text_of(client, "account", of.pk)
    assert "Take back" not in text_of(client, "dealt")


def test_the_form_takes_what_it_asks_for_and_nothing_else(anna: User, head: User, made: Valuation, signed_in):
    of, other = silent(made, "Firm", anna), silent(made, "Other", None)
    asked = {
        "found": "expected", "order_expected_on": "2024-03-15", "note": "In March",
        "account": other.pk, "made_by": head.pk, "valuation": 99, "at_stake": 1, "last_order_on": "2030-01-01", "made_at": "2001-01-01",
    }  # fmt: skip
    client = signed_in(anna)
    answer = client.post(reverse("valuation:deal", args=[of.pk]) + "?from=alerts", asked)
    assert (answer.status_code, answer["Location"]) == (302, reverse("valuation:alerts"))
    found = AlertVerdict.objects.get()
    assert (found.account, found.made_by, found.valuation, found.at_stake) == (of, anna, made, 100)
    assert (found.last_order_on, found.silent_until_on, found.note) == (date(2023, 12, 1), date(2024, 4, 15), "In March")
    assert found.made_at.year > 2020
    for bad in ({"found": "won"}, {}, {"found": "watch", "note": "x" * 2001}, {"found": "watch", "silent_until_on": "soon"}):
        silent_one = silent(made, "Next", anna)
        assert client.post(reverse("valuation:deal", args=[silent_one.pk]), bad).status_code == 422
    assert AlertVerdict.objects.count() == 1


@pytest.mark.parametrize(("origin", "where"), [("home", "/"), ("https://example.org", ""), ("", "")])
def test_one_goes_back_to_where_one_came_from_and_never_off_the_site(
    anna: User, made: Valuation, signed_in, origin: str, where: str
):
    of = silent(made, "Firm", anna)
    answer = signed_in(anna).post(f"{reverse('valuation:deal', args=[of.pk])}?from={origin}", {"found": "watch"})
    assert answer["Location"] == (where or reverse("valuation:account", args=[of.pk]))


def test_how_many_were_losses_is_told_from_five_on_with_its_interval(head: User, anna: User, made: Valuation, signed_in):
    firms = [silent(made, f"Firm {number}", anna) for number in range(8)]
    found = [*[Finding.COMPETITOR] * 3, Finding.ENDED, Finding.WRONG_DATA, Finding.WATCH, Finding.WATCH, Finding.COMPETITOR]
    for of, what in zip(firms[:4], found, strict=False):
        verdict(anna, of, what)
    assert losses_among_dealt(head, made).share is None
    assert "Not known: a share says something from five" in plain(text_of(signed_in(head), "alerts"))
    for of, what in zip(firms[4:], found[4:], strict=True):
        verdict(anna, of, what)
    # What people believed and the orders contradict is no loss: the last one has ordered since, and so has one that was watched.
    later = valuation()
    for of, has_ordered in zip(firms, [False] * 6 + [True] * 2, strict=True):
        worth(later, of, 10, last_order_on=date(2023, 12, 20 if has_ordered else 1), is_overdue=not has_ordered)
    told = losses_among_dealt(head, later)
    assert (told.lost_count, told.decided_count, told.open_count) == (4, 7, 1)
    text = plain(text_of(signed_in(head), "alerts"))
    assert "57 % were losses" in text
    assert "95 % interval 25 % to 84 %: 4 of 7 whose fate is known. Of 1 more nobody knows yet." in text
    firm_detail(later)
    assert "What people found is no part of it" in plain(text_of(signed_in(head), "alerts"))
    states = [line.state for line in verdicts_page(head, "").lines]
    assert states == ["ordered since"] * 2 + ["silent"] * 6


def test_a_silence_counts_once_by_what_was_found_last(head: User, made: Valuation):
    of = silent(made, "Firm", None)
    take_back_verdict(actor=head, verdict=verdict(head, of, Finding.COMPETITOR))
    verdict(head, of, Finding.WATCH, silent_until_on=AS_OF + timedelta(days=1))
    later = valuation(as_of_on=AS_OF + timedelta(days=1))
    worth(later, of, 10, **OVERDUE)
    verdict(head, of, Finding.ENDED)
    told = losses_among_dealt(head, later)
    assert (told.lost_count, told.decided_count, told.dealt_count) == (1, 1, 1)


def test_the_accounts_page_says_that_it_is_dealt_with(head: User, made: Valuation, signed_in):
    of = silent(made, "Firm", None)
    client = signed_in(head)
    assert reverse("valuation:deal", args=[of.pk]) in text_of(client, "account", of.pk)
    verdict(head, of, Finding.EXPECTED, order_expected_on=LATER)
    text = plain(text_of(client, "account", of.pk))
    assert "The order comes later. The alert stays silent until 31 Mar 2024" in text
    assert "expected on 29 Feb 2024" in text
    assert "silent for 30 days since 1 Dec 2023, usually 31" in text
    assert f'href="{reverse("valuation:deal", args=[of.pk])}"' not in text_of(client, "account", of.pk)
    assert "dealt with" in client.get(reverse("cockpit:account", args=[of.pk])).content.decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("dealt", 8), ("account", 12), ("alerts", 7), ("deal", 5)])
def test_pages_take_as_many_queries_for_three_as_for_one(
    head: User, made: Valuation, signed_in, django_assert_num_queries, *, name: str, queries: int, count: int
):
    of = silent(made, "Mine", None)
    for number in range(count):
        verdict(head, silent(made, f"Firm {number}", head))
        silent(made, f"Open {number}", user(Role.MANAGER))
        take_back_verdict(actor=head, verdict=verdict(head, of))
    if name == "account":
        verdict(head, of)
    client = signed_in(head)
    with django_assert_num_queries(queries):
        text_of(client, name, *([of.pk] if name in ("account", "deal") else []))
