"""Dealing with alerts: what was found about a silence is written down once, and can be taken back, never changed."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import account as visible_account
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.ui.templatetags.figures import day_text
from openkam.app.valuation.models import AccountWorth, AlertVerdict, VerdictWithdrawal
from openkam.app.valuation.permissions import may_deal_with_alerts
from openkam.app.valuation.queries.alert_verdicts import default_silent_until, last_silent_day, open_silence, verdict_of
from openkam.app.valuation.terms import Finding, RefusedError

TOLD = ("last_order_on", "expected_on", "overdue_on", "silence_probability", "at_stake")


@dataclass(frozen=True, slots=True)
class Found:
    """What somebody found; `silent_until_on` None leaves the day to the account's rhythm."""

    found: Finding
    order_expected_on: date | None = None
    note: str = ""
    silent_until_on: date | None = None


@transaction.atomic
def deal_with_alert(*, actor: User, account: Account, found: Found, today: date) -> AlertVerdict:
    """Keep what was found about the account's silence, so that its alert leaves lists and counts.

    Raises `Http404` where the account is not theirs to see or no silence of it is open, and `RefusedError` where the days make no sense.
    """
    _require(actor, account)
    worth = open_silence(actor, account, lock=True)
    verdict = AlertVerdict(
        account=account,
        valuation=worth.valuation,
        found=found.found,
        order_expected_on=found.order_expected_on,
        note=found.note,
        silent_until_on=_silent_until(worth, found, today),
        gap_count=worth.gap_count or 0,
        is_thin=bool(worth.is_thin),
        made_at=timezone.now(),
        made_by=actor,
        **{name: getattr(worth, name) for name in TOLD},
    )
    with recorded(actor=actor, verb="dealt with an alert", record=verdict):
        verdict.save(force_insert=True)
    return verdict


@transaction.atomic
def take_back_verdict(*, actor: User, verdict: AlertVerdict, reason: str = "") -> VerdictWithdrawal:
    """Let the alert come back as if nobody had dealt with it; what was found stays in the history. Raises `Http404` as `verdict_of`."""
    _require(actor, verdict.account)
    Account.objects.select_for_update(of=("self",)).filter(pk=verdict.account_id).order_by().first()
    known = verdict_of(actor, verdict.account, verdict.pk)
    made = VerdictWithdrawal(verdict=known, reason=reason, made_at=timezone.now(), made_by=actor)
    with recorded(actor=actor, verb="took back what was found about an alert", record=made, reason=reason):
        made.save(force_insert=True)
    return made


def _silent_until(worth: AccountWorth, found: Found, today: date) -> date:
    as_of, longest = worth.valuation.as_of_on, last_silent_day(worth.valuation.as_of_on, today)
    expected, until = found.order_expected_on, found.silent_until_on
    window = f"after {day_text(as_of)}, which is how far the facts go, and by {day_text(longest)}"
    if found.found == Finding.EXPECTED and expected is None:
        raise RefusedError("Say on which day the order is expected.")
    if found.found != Finding.EXPECTED and expected is not None:
        raise RefusedError("A day on which the order is expected belongs to an order that comes later: leave it empty.")
    if expected is not None and not as_of < expected <= longest:
        raise RefusedError(f"The order is expected {window}: mend its day.")
    if until is None:
        return default_silent_until(worth, found.found, expected)
    if not as_of < until <= longest:
        raise RefusedError(f"Give a day {window}, a year at most.")
    if expected is not None and until < expected:
        raise RefusedError(f"The order is expected on {day_text(expected)}: let the alert stay silent until then at least.")
    return until


def _require(actor: User, account: Account) -> None:
    visible_account(actor, account.pk)
    if not may_deal_with_alerts(actor):
        raise PermissionDenied("Your role does not let you change accounts, so you cannot deal with their alerts.")
