"""Rebates are agreed, measured by valuations and met on the account's page; assumptions are tried, kept and counted."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from tests.factories.accounts import account
from tests.factories.people import user
from tests.factories.planted import AS_OF
from tests.factories.rounds import conducted_round

from openkam.analytics.valuation.rebate_tiers import RebateTier
from openkam.app.accounts.models import Account
from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.valuation.models import Assumptions, RebateSchedule, RebateTurnover
from openkam.app.valuation.operations.assumptions import keep_assumptions, try_assumptions
from openkam.app.valuation.operations.rebates import RebateTerms, agree_rebate, change_rebate, remove_rebate
from openkam.app.valuation.operations.valuations import Asked, conduct_valuation
from openkam.app.valuation.queries.rebates import rebate_meters, schedule_of
from openkam.app.valuation.terms import RefusedError

pytestmark = pytest.mark.django_db
TIERS = (RebateTier(Decimal(100_000), Decimal("0.01")), RebateTier(Decimal(1_000_000), Decimal("0.02")))
TERMS = RebateTerms("Bonus", date(AS_OF.year, 1, 1), date(AS_OF.year + 1, 12, 31), True, TIERS, "EUR")


def value(actor: User):
    return conduct_valuation(actor=actor, run_id=None, asked=Asked(as_of_on=AS_OF), tell=lambda _: None)


def test_a_valuation_tells_where_an_account_stands(home: Path, head: User, signed_in):
    conducted_round(home, head)
    giant = Account.objects.get(name="Giant")
    schedule = agree_rebate(actor=head, account=giant, terms=TERMS, reason="Yearly talk")
    assert Entry.objects.get(record_type="valuation.rebateschedule").reason == "Yearly talk"
    made = value(head)
    (meter,) = rebate_meters(head, giant, made)
    assert meter.standing is not None
    assert meter.standing.sold == RebateTurnover.objects.get().sold > 0
    assert meter.standing.missing == meter.standing.next_from - meter.standing.sold
    page = signed_in(head).get(reverse("valuation:account", args=[giant.pk])).content.decode()
    for words in ("Rebate tiers", "Still to be bought", "It would cost us"):
        assert words in page
    change_rebate(actor=head, schedule=schedule, terms=RebateTerms("Bonus", AS_OF, TERMS.ends_on, True, TIERS))
    (meter,) = rebate_meters(head, giant, made)
    assert (meter.standing, meter.reason) == (None, "Its turnover is told by the next valuation.")
    assert value(head) != made
    remove_rebate(actor=head, schedule=schedule)
    assert rebate_meters(head, giant, made) == []


def test_a_colleagues_schedule_is_nobody_elses(head: User):
    manager, other = user(Role.MANAGER), user(Role.MANAGER)
    theirs = account("Theirs", manager=other)
    schedule = agree_rebate(actor=head, account=theirs, terms=TERMS)
    assert rebate_meters(manager, theirs, None) == []
    for act in (
        lambda: schedule_of(manager, theirs, schedule.pk),
        lambda: agree_rebate(actor=manager, account=theirs, terms=TERMS),
        lambda: remove_rebate(actor=manager, schedule=schedule),
    ):
        with pytest.raises(Http404):
            act()
    with pytest.raises(PermissionDenied):
        agree_rebate(actor=user(Role.ANALYST), account=theirs, terms=TERMS)
    assert RebateSchedule.objects.filter(removed_at=None).count() == 1


def test_days_and_tiers_that_make_no_sense_are_refused(head: User):
    firm = account("Firm")
    for terms, words in (
        (
            RebateTerms("x", date(2024, 2, 1), date(2024, 1, 1), True, TIERS, "EUR"),
            "ends on 1\N{NO-BREAK SPACE}Jan\N{NO-BREAK SPACE}2024, before it starts on 1\N{NO-BREAK SPACE}Feb\N{NO-BREAK SPACE}2024",
        ),
        (RebateTerms("x", date(2024, 1, 1), date(2024, 2, 1), True, TIERS[::-1], "EUR"), "does not lie above"),
    ):
        with pytest.raises(RefusedError, match=words):
            agree_rebate(actor=head, account=firm, terms=terms)
    assert not RebateSchedule.objects.exists()


def test_assumptions_are_tried_kept_and_count_from_their_day(home: Path, head: User):
    conducted_round(home, head)
    first = value(head)
    new = Assumptions(valid_from=date(2020, 1, 1), price_rise=Decimal("0.1"))
    preview = try_assumptions(actor=head, assumptions=new)
    assert preview is not None
    assert (preview.change.mended_before, preview.change.mended_after) == (0, 1)
    assert not Assumptions.objects.exists()
    keep_assumptions(actor=head, assumptions=new, reason="Agreed")
    again = value(head)
    assert again != first
    assert (again.assumptions, again.settings["price_rise"]) == (new, 0.1)
    with pytest.raises(PermissionDenied):
        keep_assumptions(actor=user(Role.ANALYST), assumptions=Assumptions(valid_from=AS_OF))
    with pytest.raises(RefusedError):
        keep_assumptions(actor=head, assumptions=Assumptions(valid_from=AS_OF, loss_over_90=Decimal(2)))
