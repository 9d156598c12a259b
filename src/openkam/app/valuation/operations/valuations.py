"""Valuations: asked for, conducted by a worker, stored for good."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Max, Sum
from django.utils import timezone

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.terms import OpenKamError
from openkam.analytics.worth.account_worth import Worths
from openkam.analytics.worth.portfolio_worth import kept
from openkam.analytics.worth.rebate_sales import RebateWindow
from openkam.analytics.worth.value_accounts import day_to_value, value_accounts
from openkam.analytics.worth.worth_settings import WorthSettings
from openkam.app.accounts.models import AccountKey
from openkam.app.audit.operations import recorded
from openkam.app.ledger.queries.facts import workspace_ledger
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.people.queries import organisation
from openkam.app.runs.models import Run
from openkam.app.runs.operations import request_run
from openkam.app.runs.operations.execution import code_version
from openkam.app.valuation.models import Assumptions, Valuation
from openkam.app.valuation.operations.worths import money, rebate_windows, store_bridges, store_turnovers, store_worths
from openkam.app.valuation.queries.assumptions import assumptions_on, settings_of
from openkam.app.valuation.queries.rates import Rates, latest_book, rates_of, service_rates
from openkam.app.valuation.terms import VALUATION_KIND, RefusedError

SETTABLE = ("annual_discount_rate", "annual_capital_rate", "holdout_days")
Tell = Callable[[str], None]
"""Hears the step that begins; raises to end the work."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person may set: shares a year, days, the last day whose facts count; None leaves it open."""

    as_of_on: date | None = None
    annual_discount_rate: float | None = None
    annual_capital_rate: float | None = None
    holdout_days: int | None = None
    currency: str | None = None

    def settings(self, assumptions: Assumptions | None = None) -> WorthSettings:
        """The engine's settings with what is assumed. Raises `OpenKamError` for what is out of range."""
        given = {name: value for name, value in asdict(self).items() if name in SETTABLE and value is not None}
        return WorthSettings(**{**settings_of(assumptions), **given})  # pyright: ignore[reportArgumentType] - checked by the engine


def start_valuation(*, actor: User, asked: Asked) -> Run:
    """Have the ledger valued by a worker. Raises `RefusedError` for settings out of range."""
    require(actor, Permission.CONDUCT_REVIEW)
    try:
        asked.settings()
    except OpenKamError as error:
        raise RefusedError.of(error) from error
    parameters = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(asked).items()}
    given = {name: value for name, value in parameters.items() if value is not None}
    return request_run(actor=actor, kind=VALUATION_KIND, title="Valuation of all accounts", parameters=given)


def conduct_valuation(*, actor: User, run_id: int | None, asked: Asked, tell: Tell, ledger: Ledger | None = None) -> Valuation:
    """Value every account of the workspace's ledger and store it.

    Where the same ledger version was valued on the same day with the same rates and settings, that valuation is the answer. Raises
    `OpenKamError` in the engine's words: then nothing is stored.
    """
    require(actor, Permission.CONDUCT_REVIEW)
    if run_id is not None and (known := Valuation.objects.filter(run_id=run_id).first()):
        return known
    opened = ledger or workspace_ledger(actor)
    rates, version = rates_of(latest_book()), opened.latest_version
    currency = asked.currency or organisation().currency
    today = timezone.localdate()
    day = day_to_value(opened, version, asked.as_of_on, today)
    assumptions = assumptions_on(day)
    inputs = Inputs(asked.settings(assumptions), rates, assumptions, rebate_windows(day))
    digest = _digest(version, day, inputs, currency)
    if known := Valuation.objects.filter(digest=digest).first():
        return known
    worths = value_accounts(
        opened,
        service_rates(rates),
        inputs.settings,
        today=today,
        as_of=day,
        currency=currency or None,
        version=version,
        rebates=inputs.windows,
        progress=tell,
    )
    tell("Storing what was found")
    return _stored(actor, worths, inputs, digest=digest, run_id=run_id)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a valuation was computed with beside the ledger."""

    settings: WorthSettings
    rates: Rates
    assumptions: Assumptions | None
    windows: Sequence[RebateWindow]


def _digest(version: int, day: date, inputs: Inputs, currency: str) -> str:
    """Of all that a valuation depends on, the accounts that stand for the ledger's among them."""
    keys = AccountKey.objects.aggregate(count=Count("pk"), last=Max("pk"), owners=Sum("account"))
    book = inputs.rates.book.pk if inputs.rates.book else None
    parts = [
        version,
        day.isoformat(),
        asdict(inputs.settings),
        book,
        currency,
        code_version(),
        keys,
        [asdict(one) for one in inputs.windows],
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


@transaction.atomic
def _stored(actor: User, worths: Worths, inputs: Inputs, *, digest: str, run_id: int | None) -> Valuation:
    made = Valuation(
        digest=digest,
        ledger_version=worths.ledger_version,
        as_of_on=worths.as_of,
        period_start_on=worths.period.start_on,
        currency=worths.currency,
        settings=asdict(inputs.settings),
        book=inputs.rates.book,
        assumptions=inputs.assumptions,
        code_version=code_version(),
        account_count=worths.accounts.num_rows,
        lifetime_model=worths.lifetime_model,
        lifetime_why=list(worths.lifetime_why),
        lifetime_considered=list(worths.lifetime_considered),
        holdouts=[asdict(one) for one in worths.holdouts],
        medians=[asdict(one) for one in worths.medians],
        sources={name: list(texts) for name, texts in worths.sources.items()},
        pools=[asdict(use) | {"minutes_unused": use.minutes_unused, "cost_unused": use.cost_unused} for use in worths.pools],
        beneath=dict(worths.beneath),
        not_computed=[asdict(one) for one in worths.not_computed],
        illustrative=list(worths.illustrative),
        notes=list(worths.notes),
        portfolio=kept(worths.portfolio),
        band=worths.band.kept() if worths.band else None,
        mix=worths.mix.kept() if worths.mix else None,
        before_start_on=worths.before.start_on,
        before_end_on=worths.before.end_on,
        own_units=[asdict(one) for one in worths.own_units],
        internal_sales=money(worths.internal_sales),
        run_id=run_id,
        made_at=timezone.now(),
        made_by=actor,
    )
    with recorded(actor=actor, verb="valued", record=made):
        made.save()
    store_worths(made, worths.accounts.to_pylist())
    keys, names = (worths.accounts[name].to_pylist() for name in ("account", "name"))
    store_turnovers(made, inputs.windows, worths.rebate_sales)
    store_bridges(made, worths.bridges, keys, names)
    return made
