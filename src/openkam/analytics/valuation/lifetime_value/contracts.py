"""Accounts under contract: who renews, and what their contracts ahead are worth."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.orders import Indices, day_number
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.contract_model import ShiftedBetaGeometricModel, fit_renewals


@dataclass(frozen=True, slots=True, eq=False)
class Contracts:
    """One contract per row: its `account` (id), the days (since 1970-01-01) it started and, NaN while it runs, ended.

    `period_days` is the time from one renewal to the next, `period_net` the net sales of one period (currency).
    """

    account: Indices
    started: Vector
    ended: Vector
    period_net: Vector
    period_days: float

    def __post_init__(self) -> None:
        if self.period_days <= 0:
            raise OpenKamError(f"A contract period of {self.period_days:g} days: give the days from one renewal to the next.")
        if (self.ended < self.started).any():
            row = int(np.argmax(self.ended < self.started))
            raise OpenKamError(f"Contract {row + 1} ends before it starts: check its two days.")


@dataclass(frozen=True, slots=True, eq=False)
class Tenure:
    """Contracts that had started by a day: `rows` of the contracts, whether each still runs, the renewals it has made, and the days to
    the next decision (running ones)."""

    rows: Indices
    is_running: np.ndarray[tuple[int], np.dtype[np.bool_]]
    renewals: Vector
    days_to_renewal: Vector


def tenure(contracts: Contracts, until: date) -> Tenure:
    """Where every contract stood at the end of the day `until`. One that ended within a period did not renew at the end of it."""
    day = float(day_number(until))
    rows = np.flatnonzero(contracts.started <= day)
    started, ended = contracts.started[rows], contracts.ended[rows]
    is_running = ~(ended <= day)
    periods = (day - started) / contracts.period_days
    whole = np.floor(periods)
    served = np.maximum(np.ceil(np.round((ended - started) / contracts.period_days, 9)), 1)
    renewals = np.where(is_running, whole, served - 1)
    return Tenure(rows, is_running, renewals, np.where(is_running, (whole + 1 - periods) * contracts.period_days, np.nan))


def fit_contracts(at: Tenure) -> ShiftedBetaGeometricModel:
    """Fit to all contracts together. Raises `UnidentifiedModelError` where they cannot tell."""
    renewals = at.renewals.astype(np.int64)
    length = int(renewals.max(initial=0)) + 2
    cancelled = np.bincount(renewals[~at.is_running] + 1, minlength=length).astype(np.float64)
    staying = np.bincount(renewals[at.is_running], minlength=length).astype(np.float64)
    return fit_renewals(cancelled, staying)


def constant_retention(at: Tenure) -> float:
    """Share of all renewal decisions so far that were renewals: the naive rate."""
    renewed, cancelled = float(at.renewals.sum()), float((~at.is_running).sum())
    return renewed / (renewed + cancelled) if renewed + cancelled > 0 else float("nan")
