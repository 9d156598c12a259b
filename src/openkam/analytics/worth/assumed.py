"""What other assumptions would do to expected losses and levers, over the same facts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.orders import Mask, day_number, order_days, read_history
from openkam.analytics.engine import open_engine
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.valuation.days_to_pay import read_payments
from openkam.analytics.valuation.group_facts import group_facts
from openkam.analytics.valuation.margin_ladder import MarginLadder, margin_ladder
from openkam.analytics.valuation.time_driven_costing import TimeDrivenCosts
from openkam.analytics.worth.credit_columns import late_currency_days
from openkam.analytics.worth.ladder_columns import contribution
from openkam.analytics.worth.lever_columns import lever_columns, orders_of_period
from openkam.analytics.worth.service_rates import ServiceRates
from openkam.analytics.worth.worth_settings import WorthSettings, measure_parameters


@dataclass(frozen=True, slots=True)
class AssumedChange:
    """Before and after, over the accounts asked for. Expected losses in currency, None where no receivable is known.

    `levers` are name, and cash now with capacity freed over all loss accounts (currency) before and after; a lever that is not there
    brings nothing. `mended_before` and `mended_after` count the loss accounts that at least one lever alone would bring to zero.
    `changed_count` accounts have another expected loss.
    """

    as_of: date
    expected_loss_before: float | None
    expected_loss_after: float | None
    changed_count: int
    loss_count: int
    mended_before: int
    mended_after: int
    levers: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class _Assumed:
    expected_loss: Vector
    levers: list[list[dict[str, object]] | None]


def compare_assumptions(
    ledger: Ledger,
    rates: ServiceRates,
    before: WorthSettings,
    after: WorthSettings,
    *,
    as_of: date,
    currency: str,
    version: int,
    only: Collection[str],
) -> AssumedChange:
    """Expected losses and levers of the accounts `only` under both settings. Raises `OpenKamError` for what contradicts the ledger."""
    found: list[_Assumed] = []
    with open_engine("duckdb") as engine:
        for settings in (before, after):
            facts = group_facts(engine, ledger.at(version), measure_parameters(as_of, currency, settings)).facts
            service = rates.costs(facts)
            ladder = margin_ladder(facts, service=service, capital_rate_per_year=settings.annual_capital_rate)
            found.append(_Assumed(ladder.steps["expected_loss"].amount, _levers(facts, ladder, service, settings)))
    chosen = np.array([name in only for name in facts.directory.names], dtype=np.bool_)
    losses = [one.expected_loss[chosen] for one in found]
    changed = np.abs(np.nan_to_num(losses[1]) - np.nan_to_num(losses[0])) > 0
    sums = [_sums(one, chosen) for one in found]
    mended = [_mended(one, chosen) for one in found]
    return AssumedChange(
        as_of=as_of,
        expected_loss_before=_total(losses[0]),
        expected_loss_after=_total(losses[1]),
        changed_count=int(changed.sum()),
        loss_count=sum(bool(rows) for rows, is_chosen in zip(found[1].levers, chosen, strict=True) if is_chosen),
        mended_before=mended[0],
        mended_after=mended[1],
        levers=tuple((name, sums[0].get(name, 0.0), sums[1].get(name, 0.0)) for name in sorted({*sums[0], *sums[1]})),
    )


def _levers(
    facts: Facts, ladder: MarginLadder, service: TimeDrivenCosts, settings: WorthSettings
) -> list[list[dict[str, object]] | None]:
    orders = order_days(read_history(facts), facts.account_count)
    late = late_currency_days(read_payments(facts), day_number(facts.parameters.period.start_on))
    left, bought = contribution(ladder)[0], orders_of_period(facts, orders)
    return lever_columns(
        ladder, service, contribution=left, orders=bought, late_currency_days=late, settings=settings
    ).to_pylist()


def _sums(one: _Assumed, chosen: Mask) -> dict[str, float]:
    """What each lever would bring over all loss accounts; what is not known adds nothing."""
    found: dict[str, float] = {}
    for rows, is_chosen in zip(one.levers, chosen, strict=True):
        for lever in (rows or ()) if is_chosen else ():
            name = str(lever["name"])
            found[name] = found.get(name, 0.0) + _number(lever["cash_now"]) + _number(lever["capacity_freed"])
    return found


def _mended(one: _Assumed, chosen: Mask) -> int:
    return sum(
        any(lever["breaks_even"] for lever in rows or ()) for rows, is_chosen in zip(one.levers, chosen, strict=True) if is_chosen
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _total(values: Vector) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.sum()) if len(known) else None
