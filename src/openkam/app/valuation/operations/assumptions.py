"""What valuations assume: tried over the ledger first, then kept from a day on."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from openkam.analytics.terms import OpenKamError
from openkam.analytics.worth.assumed import AssumedChange, compare_assumptions
from openkam.analytics.worth.worth_settings import WorthSettings
from openkam.app.audit.operations import recorded
from openkam.app.ledger.queries.facts import workspace_ledger
from openkam.app.people.models import User
from openkam.app.valuation.models import Assumptions
from openkam.app.valuation.permissions import may_change_assumptions
from openkam.app.valuation.queries.assumptions import assumptions_on, settings_of
from openkam.app.valuation.queries.rates import latest_book, rates_of, service_rates
from openkam.app.valuation.queries.scope import latest_valuation, visible_worths
from openkam.app.valuation.terms import LEVER_LABELS, RefusedError


@dataclass(frozen=True, slots=True)
class AssumptionsPreview:
    """What would change on the day of the latest valuation, over the accounts that the person sees; `levers` by label."""

    currency: str
    change: AssumedChange
    levers: tuple[tuple[str, float, float], ...]


def try_assumptions(*, actor: User, assumptions: Assumptions) -> AssumptionsPreview | None:
    """See what they would do, without keeping them; None while nothing was valued yet. Raises `RefusedError` for what is out of range."""
    _require_change(actor)
    valuation = latest_valuation()
    try:
        _settings(assumptions)
        if valuation is None:
            return None
        change = compare_assumptions(
            workspace_ledger(actor),
            service_rates(rates_of(latest_book())),
            _settings(assumptions_on(valuation.as_of_on), valuation.settings),
            _settings(assumptions, valuation.settings),
            as_of=valuation.as_of_on,
            currency=valuation.currency,
            version=valuation.ledger_version,
            only=set(visible_worths(actor, valuation).order_by().values_list("ledger_account", flat=True)),
        )
    except OpenKamError as error:
        raise RefusedError.of(error) from error
    levers = tuple((LEVER_LABELS.get(name) or name, before, then) for name, before, then in change.levers)
    return AssumptionsPreview(valuation.currency, change, levers)


@transaction.atomic
def keep_assumptions(*, actor: User, assumptions: Assumptions, reason: str = "") -> Assumptions:
    """Keep them from their day on. Raises `RefusedError` for what is out of range."""
    _require_change(actor)
    try:
        _settings(assumptions)
    except OpenKamError as error:
        raise RefusedError.of(error) from error
    assumptions.made_at, assumptions.made_by = timezone.now(), actor
    with recorded(actor=actor, verb="changed assumptions", record=assumptions, reason=reason):
        assumptions.save(force_insert=True)
    return assumptions


def _require_change(actor: User) -> None:
    if not may_change_assumptions(actor):
        raise PermissionDenied("Your role does not let you change what valuations assume. Ask an administrator.")


def _settings(assumptions: Assumptions | None, valued: "dict[str, object] | None" = None) -> WorthSettings:
    asked = {name: (valued or {})[name] for name in ("period_months", "annual_capital_rate") if name in (valued or {})}
    return WorthSettings(**{**asked, **settings_of(assumptions)})  # pyright: ignore[reportArgumentType] - checked by the engine
