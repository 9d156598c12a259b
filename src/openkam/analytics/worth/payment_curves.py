"""How invoices are paid as time passes: the share still unpaid after so many days, of all accounts and of each one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.orders import Mask
from openkam.analytics.valuation.days_to_pay import Payments, kaplan_meier

FEWEST_INVOICES = 5
"""Invoices below which an account's curve says nothing but what its list of invoices says."""

POINTS = 40
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class PaymentCurve:
    """Share `unpaid` after so many `days`, with the ends of its interval of `confidence`; at most `POINTS` of its steps.

    It rests on `invoice_count` invoices, of which `open_count` are not paid yet; `median_days` is None while fewer than half are.
    """

    days: tuple[float, ...]
    unpaid: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    invoice_count: int
    open_count: int
    median_days: float | None
    confidence: float

    def kept(self) -> dict[str, Any]:
        """As plain values, to be stored."""
        return asdict(self)

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """From what `kept` gave."""
        values: dict[str, Any] = {**kept}
        values |= {name: tuple(kept[name]) for name in ("days", "unpaid", "lower", "upper")}
        return cls(**values)


def payment_curves(payments: Payments) -> tuple[PaymentCurve | None, list[PaymentCurve | None]]:
    """The curve of all invoices, and each account's; None where fewer than `FEWEST_INVOICES` exist or none is paid."""
    duration, settled = payments.duration_days, payments.is_settled
    order = np.argsort(payments.account, kind="stable")
    ends = np.cumsum(np.bincount(payments.account, minlength=payments.account_count))
    of_accounts = [_curve(duration[chosen], settled[chosen]) for chosen in np.split(order, ends[:-1])] if len(ends) else []
    return _curve(duration, settled), of_accounts


def _curve(duration: Vector, settled: Mask) -> PaymentCurve | None:
    if len(duration) < FEWEST_INVOICES or not settled.any():
        return None
    found = kaplan_meier(duration, settled, CONFIDENCE)
    chosen = np.unique(np.linspace(0, len(found.days) - 1, min(POINTS, len(found.days))).round().astype(np.int64))
    median = found.median_days
    return PaymentCurve(
        days=_rounded(found.days[chosen]),
        unpaid=_rounded(found.survival[chosen]),
        lower=_rounded(found.lower[chosen]),
        upper=_rounded(found.upper[chosen]),
        invoice_count=len(duration),
        open_count=int((~settled).sum()),
        median_days=None if np.isnan(median) else median,
        confidence=CONFIDENCE,
    )


def _rounded(values: Vector) -> tuple[float, ...]:
    return tuple(np.round(values, 4).tolist())
