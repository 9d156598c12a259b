"""Lifetime value of every account as columns; where no model can be told from the orders, the reason in its place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Columns, Vector
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.lifetime_value import LifetimeParameters, LifetimeValues, lifetime_values
from openkam.analytics.valuation.lifetime_value.validation import Validation
from openkam.analytics.worth.account_worth import HoldOutFigure
from openkam.analytics.worth.worth_settings import WorthSettings

NAMES = ("lifetime_value", "lifetime_low", "lifetime_high", "units_ahead", "unit_net", "probability_alive")


@dataclass(frozen=True, slots=True)
class LifetimeColumns:
    """`columns` by name, `reason` per account where it has no value, and what the models say of themselves.

    `failure` says why nobody has a value; it is empty where somebody has one.
    """

    columns: Columns
    reason: pa.Array
    model: str
    why: tuple[str, ...]
    considered: tuple[str, ...]
    holdouts: tuple[HoldOutFigure, ...]
    notes: tuple[str, ...]
    failure: str


def lifetime_columns(facts: Facts, margin_ratio: Vector, settings: WorthSettings) -> LifetimeColumns:
    """Lifetime values from the order days of the whole history and the margin ratio of the period."""
    parameters = LifetimeParameters(
        as_of=facts.parameters.as_of,
        discount_rate_per_year=settings.annual_discount_rate,
        holdout_days=settings.holdout_days,
        confidence=settings.confidence,
        draws=settings.draws,
        seed=settings.seed,
    )
    try:
        found = lifetime_values(facts.engine, facts.account_days, margin_ratio, parameters)
    except OpenKamError as error:
        return _without(facts.account_count, str(error))
    values = (found.value, found.value_lower, found.value_upper, found.units_ahead, found.unit_net, found.probability_alive)
    return LifetimeColumns(
        columns=dict(zip(NAMES, values, strict=True)),
        reason=pa.array(_reasons(found, margin_ratio), pa.string()),
        model=found.considered[0].partition(":")[0] if found.considered else "",
        why=found.why,
        considered=found.considered,
        holdouts=tuple(holdout_figure(one) for one in found.validations),
        notes=found.notes,
        failure="",
    )


def holdout_figure(one: Validation) -> HoldOutFigure:
    """A validation as the pages show it: mean absolute errors, and the sum foretold over the sum that came."""
    return HoldOutFigure(
        what=one.what,
        rule=one.naive_rule,
        unit="mean absolute error per account",
        count=one.accounts,
        model_error=known(one.model.mean_absolute_error),
        rule_error=known(one.naive.mean_absolute_error),
        total_ratio=known(one.model.total_ratio),
    )


def known(value: float) -> float | None:
    """The figure, None where it is not finite."""
    return float(value) if np.isfinite(value) else None


def _without(account_count: int, failure: str) -> LifetimeColumns:
    missing = {name: np.full(account_count, np.nan) for name in NAMES}
    reason = pa.array([failure] * account_count, pa.string())
    return LifetimeColumns(missing, reason, "", (), (), (), (), failure)


def _reasons(found: LifetimeValues, margin_ratio: Vector) -> Sequence[str | None]:
    """Why an account has no value; None where it has one."""
    has_order, has_net = ~np.isnan(found.units_ahead), ~np.isnan(found.unit_net)
    reasons = np.full(len(found.value), None, dtype=object)
    missing = np.isnan(found.value)
    reasons[missing & np.isnan(margin_ratio)] = "Its margin is not known, and sales are not taken in its place."
    reasons[missing & has_order & ~has_net] = "Its returns are as large as its sales, or larger."
    reasons[missing & ~has_order] = "It has no order yet."
    return reasons.tolist()
