"""Rebate schedules: agreed with an account, changed, removed. Their turnover is told by valuations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.rebate_tiers import RebateTier, check_tiers
from openkam.app.accounts.models import Account
from openkam.app.accounts.permissions import may_edit
from openkam.app.accounts.queries.scope import account as visible_account
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.queries import organisation
from openkam.app.valuation.models import RebateSchedule
from openkam.app.valuation.queries.rebates import schedule_of
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
def remove_rebate(*, actor: User, schedule: RebateSchedule, reason: str = "") -> RebateSchedule:
    """Take a schedule away; what valuations found of it stays."""
    _require(actor, schedule.account)
    known = schedule_of(actor, schedule.account, schedule.pk)
    with recorded(actor=actor, verb="removed a rebate", record=known, reason=reason):
        known.removed_at = timezone.now()
        known.save(update_fields=["removed_at"])
    return known


def _written(actor: User, schedule: RebateSchedule, terms: RebateTerms, verb: str, reason: str) -> RebateSchedule:
    if terms.ends_on < terms.starts_on:
        raise RefusedError(f"It ends on {terms.ends_on}, before it starts on {terms.starts_on}: swap the two days.")
    try:
        check_tiers(terms.tiers)
    except OpenKamError as error:
        raise RefusedError(str(error)) from error
    valuation = latest_valuation()
    currency = terms.currency or schedule.currency or (valuation.currency if valuation else "") or organisation().currency
    if not currency:
        raise RefusedError("Nothing says which currency the tiers are in: name one.")
    with recorded(actor=actor, verb=verb, record=schedule, reason=reason):
        schedule.name, schedule.currency, schedule.is_retroactive = terms.name, currency, terms.is_retroactive
        schedule.starts_on, schedule.ends_on = terms.starts_on, terms.ends_on
        schedule.tiers = [{"from": str(tier.from_amount), "rate": str(tier.rate)} for tier in terms.tiers]
        schedule.save()
    return schedule


def _require(actor: User, account: Account) -> None:
    visible_account(actor, account.pk)
    if not may_edit(actor):
        raise PermissionDenied("Your role does not let you change what was agreed with an account.")
