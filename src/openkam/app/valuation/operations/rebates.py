"""Rebate schedules: agreed with an account, changed, removed. Their turnover is told by valuations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.rebate_tiers import RebateTier, check_tiers
from openkam.analytics.worth.rebate_sales import RebateWindow, ledger_rebate_sales
from openkam.analytics.worth.worth_settings import WorthSettings, measure_parameters
from openkam.app.accounts.models import Account, AccountKey
from openkam.app.accounts.queries.scope import account as visible_account
from openkam.app.audit.operations import recorded
from openkam.app.ledger.queries.facts import workspace_ledger
from openkam.app.people.models import User
from openkam.app.people.queries import organisation
from openkam.app.ui.templatetags.figures import day_text
from openkam.app.valuation.models import RebateSchedule
from openkam.app.valuation.operations.worths import money
from openkam.app.valuation.permissions import may_change_rebates
from openkam.app.valuation.queries.rebates import RebateMeter, meter_of, schedule_of
from openkam.app.valuation.queries.scope import latest_valuation
from openkam.app.valuation.terms import RefusedError


@dataclass(frozen=True, slots=True)
class RebateTerms:
    """What was agreed. `currency` empty means the valuation's."""

    name: str
    starts_on: date
    ends_on: date
    is_retroactive: bool
    tiers: Sequence[RebateTier]
    currency: str = ""


@dataclass(frozen=True, slots=True)
class RebatePreview:
    """Where the account stood on the day of the latest valuation; `now` is None where no schedule is replaced."""

    as_of_on: date
    now: RebateMeter | None
    then: RebateMeter


def try_rebate(
    *, actor: User, account: Account, terms: RebateTerms, replaces: RebateSchedule | None = None
) -> RebatePreview | None:
    """See where the account would stand, without keeping the terms; None while nothing was valued yet.

    Raises `RefusedError` as `agree_rebate` does.
    """
    _require(actor, account)
    of = replaces and schedule_of(actor, account, replaces.pk)
    asked = RebateSchedule(account=account, currency=of.currency if of else "")
    _write(asked, terms)
    valuation = latest_valuation()
    if valuation is None:
        return None
    keys = tuple(
        AccountKey.objects.filter(account=account).order_by("ledger_account").values_list("ledger_account", flat=True).distinct()
    )
    tried = {0: of, 1: asked}
    windows = [RebateWindow(key, keys, one.starts_on, one.ends_on) for key, one in tried.items() if one is not None]
    try:
        parameters = measure_parameters(valuation.as_of_on, valuation.currency, WorthSettings())
        sold = ledger_rebate_sales(workspace_ledger(actor).at(valuation.ledger_version), parameters, windows)
    except OpenKamError as error:
        raise RefusedError.of(error) from error
    meters = {key: meter_of(one, valuation, money(sold.get(key))) for key, one in tried.items() if one is not None}
    return RebatePreview(valuation.as_of_on, meters.get(0), meters[1])


@transaction.atomic
def agree_rebate(*, actor: User, account: Account, terms: RebateTerms, reason: str = "") -> RebateSchedule:
    """Write down a new schedule. Raises `RefusedError` where its days or tiers make no sense."""
    _require(actor, account)
    schedule = RebateSchedule(account=account, made_at=timezone.now(), made_by=actor)
    return _written(actor, schedule, terms, "agreed a rebate", reason)


@transaction.atomic
def change_rebate(*, actor: User, schedule: RebateSchedule, terms: RebateTerms, reason: str = "") -> RebateSchedule:
    """Change a schedule. Raises `RefusedError` as `agree_rebate` does."""
    _require(actor, schedule.account)
    known = schedule_of(actor, schedule.account, schedule.pk)
    return _written(actor, known, terms, "changed a rebate", reason)


@transaction.atomic
def follow_rebate(*, actor: User, schedule: RebateSchedule, terms: RebateTerms, reason: str = "") -> RebateSchedule:
    """Let other terms hold from their first day on: the schedule ends the day before. Raises `RefusedError` as `agree_rebate` does."""
    _require(actor, schedule.account)
    known = schedule_of(actor, schedule.account, schedule.pk)
    if not known.starts_on < terms.starts_on <= known.ends_on + timedelta(days=1):
        raise RefusedError(
            f"{known.name} runs from {day_text(known.starts_on)} to {day_text(known.ends_on)}: let the new terms begin after its first "
            "day, at the latest the day after its last one."
        )
    made = RebateSchedule(account=known.account, currency=known.currency, made_at=timezone.now(), made_by=actor)
    _written(actor, made, terms, "agreed a rebate", reason)
    with recorded(actor=actor, verb="ended a rebate", record=known, reason=reason):
        known.ends_on = terms.starts_on - timedelta(days=1)
        known.save(update_fields=["ends_on"])
    return made


@transaction.atomic
def remove_rebate(*, actor: User, schedule: RebateSchedule, reason: str = "") -> RebateSchedule:
    """Take a schedule away; what valuations found of it stays."""
    _require(actor, schedule.account)
    known = schedule_of(actor, schedule.account, schedule.pk)
    with recorded(actor=actor, verb="removed a rebate", record=known, reason=reason):
        known.removed_at = timezone.now()
        known.save(update_fields=["removed_at"])
    return known


def _written(actor: User, schedule: RebateSchedule, terms: RebateTerms, verb: str, reason: str) -> RebateSchedule:
    with recorded(actor=actor, verb=verb, record=schedule, reason=reason):
        _write(schedule, terms)
        schedule.save()
    return schedule


def _write(schedule: RebateSchedule, terms: RebateTerms) -> None:
    """Put the terms into the schedule, without saving it."""
    if terms.ends_on < terms.starts_on:
        raise RefusedError(
            f"It ends on {day_text(terms.ends_on)}, before it starts on {day_text(terms.starts_on)}: swap the two days."
        )
    try:
        check_tiers(terms.tiers)
    except OpenKamError as error:
        raise RefusedError.of(error) from error
    valuation = latest_valuation()
    currency = terms.currency or schedule.currency or (valuation.currency if valuation else "") or organisation().currency
    if not currency:
        raise RefusedError("Nothing says which currency the tiers are in: name one.")
    schedule.name, schedule.currency, schedule.is_retroactive = terms.name, currency, terms.is_retroactive
    schedule.starts_on, schedule.ends_on = terms.starts_on, terms.ends_on
    schedule.tiers = [{"from": str(tier.from_amount), "rate": str(tier.rate)} for tier in terms.tiers]


def _require(actor: User, account: Account) -> None:
    visible_account(actor, account.pk)
    if not may_change_rebates(actor):
        raise PermissionDenied(
            "Your role does not let you change what was agreed with an account. Ask the head or an administrator."
        )
