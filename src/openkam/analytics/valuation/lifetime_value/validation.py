"""How far a forecast can be trusted: what it said of a time that was held out, against what happened and against a plain rate."""

from dataclasses import dataclass

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector

PARTS = 10


@dataclass(frozen=True, slots=True)
class Fit:
    """One forecast against what happened: `correlation` (NaN where either is constant), `mean_absolute_error` in the unit of what was
    forecast, and `total_ratio`, the sum of forecasts over the sum of what happened (NaN where nothing did)."""

    correlation: float
    mean_absolute_error: float
    total_ratio: float


@dataclass(frozen=True, slots=True)
class Decile:
    """A tenth of the accounts, by forecast: how many, their mean forecast, and what happened to them on average."""

    accounts: int
    forecast: float
    happened: float


@dataclass(frozen=True, slots=True)
class Validation:
    """The model beside the naive forecast over a time held out; deciles from the lowest forecast to the highest.

    `what` says what was forecast and in which unit, `naive_rule` what the naive forecast is.
    """

    what: str
    naive_rule: str
    accounts: int
    model: Fit
    naive: Fit
    deciles: tuple[Decile, ...]


def validate(what: str, naive_rule: str, forecast: Vector, naive: Vector, happened: Vector) -> Validation:
    """Hold a forecast against what happened, account by account."""
    # Equal forecasts stay together in the order of the accounts.
    order = np.argsort(forecast, kind="stable")
    deciles = tuple(
        Decile(len(part), float(forecast[part].mean()), float(happened[part].mean()))
        for part in np.array_split(order, PARTS)
        if len(part)
    )
    return Validation(what, naive_rule, len(forecast), _fit(forecast, happened), _fit(naive, happened), deciles)


def _fit(forecast: Vector, happened: Vector) -> Fit:
    if not len(forecast):
        return Fit(float("nan"), float("nan"), float("nan"))
    total = float(happened.sum())
    spread = forecast.std() * happened.std()
    together = float(((forecast - forecast.mean()) * (happened - happened.mean())).mean())
    return Fit(
        correlation=together / float(spread) if spread > 0 else float("nan"),
        mean_absolute_error=float(np.abs(forecast - happened).mean()),
        total_ratio=float(forecast.sum()) / total if total != 0 else float("nan"),
    )
