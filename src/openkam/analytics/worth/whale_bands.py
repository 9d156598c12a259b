"""How sure the whale curve of a valuation is: drawn again under minutes that could as well have been measured."""

import ibis
import numpy as np
import polars as pl

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.engine import Rows
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.time_driven_costing import TimeDrivenCosts
from openkam.analytics.valuation.whale_band import WhaleBand, driver_rate_factors, whale_band
from openkam.analytics.worth.worth_settings import WorthSettings

FEWEST_MEASUREMENTS = 5
"""Measurements of an activity below which drawing them again says little about how far its average could be off."""


def band_of_contribution(facts: Facts, service: TimeDrivenCosts, left: Vector, settings: WorthSettings) -> WhaleBand:
    """The band of the curve of contributions `left` (currency) under the bootstrapped minutes of what was measured in the period.

    Only what capacity cost moves with them: bills that the ledger records are what they are. Raises `OpenKamError` where nothing
    tells a band.
    """
    measured = measured_minutes(facts)
    costed = [name for place, name in enumerate(service.activities) if service.pool_cost[:, place].any()]
    known = {name: measured[name] for name in costed if name in measured}
    if not known:
        raise OpenKamError(
            "No activity that a pool is charged for was measured in minutes often enough: import service activities with their minutes."
        )
    factors = driver_rate_factors(known, service.activities, draws=settings.draws, seed=settings.seed)
    before = left + service.pool_cost.sum(axis=1)
    band = whale_band(before, service.pool_cost, factors, confidence=settings.confidence)
    if band is None:
        raise OpenKamError("No contribution is known: import costs, or a product's unit cost.")
    return band


def measured_minutes(facts: Facts) -> dict[str, tuple[Vector, Vector]]:
    """Per activity with at least `FEWEST_MEASUREMENTS`: quantity and minutes of each measurement in the period, in a fixed order."""
    done = facts.service_activities
    measured = done.filter(
        done.performed_on >= ibis.literal(facts.parameters.period.start_on),
        done.minutes.notnull(),
        done.cost_amount.isnull(),
        done.quantity > 0,
        done.minutes > 0,
    )
    columns: dict[str, Rows] = {name: measured[name].cast("float64") for name in ("quantity", "minutes")}
    rows = pl.DataFrame(facts.engine.to_arrow(measured.select("activity", **columns))).sort("activity", "quantity", "minutes")
    return {
        str(name): (_vector(part, "quantity"), _vector(part, "minutes"))
        for (name,), part in rows.group_by("activity", maintain_order=True)
        if len(part) >= FEWEST_MEASUREMENTS
    }


def _vector(rows: pl.DataFrame, name: str) -> Vector:
    return rows[name].to_numpy().astype(np.float64)
