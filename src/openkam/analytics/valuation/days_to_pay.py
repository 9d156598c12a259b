"""Days from invoice to payment, open invoices included: what they have run so far is a lower bound, not a payment.

The mean of what was paid leaves the worst payers out. Kaplan and Meier's estimate (1958, J. Am. Stat. Assoc. 53, 457-481) counts
every invoice for as long as it was watched.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from openkam.analytics.behaviour.account_columns import Vector, as_indices, as_vector
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.orders import Indices, Mask, day_number
from openkam.analytics.engine import Rows

ROUNDING = 1e-12
"""What a product of shares may miss one half by."""


@dataclass(frozen=True, slots=True)
class Payments:
    """Invoices with a positive amount; days since 1970-01-01, amounts in the reporting currency.

    `settled_day` is NaN while nothing is known of a payment; `open_amount` is what is unpaid then, zero once settled. `known_day`
    is the day up to which payments are known.
    """

    account: Indices
    invoiced_day: Indices
    due_day: Indices
    settled_day: Vector
    amount: Vector
    open_amount: Vector
    known_day: int
    account_count: int

    @property
    def is_settled(self) -> Mask:
        """Whether the payment is known."""
        return ~np.isnan(self.settled_day)

    @property
    def duration_days(self) -> Vector:
        """Days from invoice to payment, or so far; an invoice paid on its day, or before, took none."""
        return np.maximum(np.where(self.is_settled, self.settled_day, self.known_day) - self.invoiced_day, 0.0)

    @property
    def terms_days(self) -> Vector:
        """Days allowed for payment, never below zero."""
        return np.maximum(self.due_day - self.invoiced_day, 0).astype(np.float64)

    def take(self, mask: Mask) -> "Payments":
        """The invoices under the mask."""
        return Payments(
            account=self.account[mask],
            invoiced_day=self.invoiced_day[mask],
            due_day=self.due_day[mask],
            settled_day=self.settled_day[mask],
            amount=self.amount[mask],
            open_amount=self.open_amount[mask],
            known_day=self.known_day,
            account_count=self.account_count,
        )

    def known_on(self, day: int) -> "Payments":
        """The invoices of that day and before, as they stood on its evening; what is paid later was wholly open."""
        later = ~(self.settled_day <= day)
        then = Payments(
            self.account,
            self.invoiced_day,
            self.due_day,
            np.where(later, np.nan, self.settled_day),
            self.amount,
            np.where(later & self.is_settled, self.amount, self.open_amount),
            day,
            self.account_count,
        )
        return then.take(self.invoiced_day <= day)


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """Share of invoices still unpaid after so many days, one place for each day on which one was paid; with the ends of its
    interval, and how many invoices were watched up to that day."""

    days: Vector
    survival: Vector
    lower: Vector
    upper: Vector
    at_risk: Vector

    def after(self, days: float) -> float:
        """Share unpaid after so many days."""
        reached = np.searchsorted(self.days, days, side="right")
        return float(self.survival[reached - 1]) if reached else 1.0

    @property
    def median_days(self) -> float:
        """Days after which half are paid, NaN where fewer ever were."""
        is_half = self.survival <= 0.5 + ROUNDING
        return float(self.days[np.argmax(is_half)]) if is_half.any() else float("nan")


def read_payments(facts: Facts) -> Payments:
    """The invoices up to the as-of day; credit notes and invoices of nothing are left out."""
    invoices = facts.by_account(facts.receivables)
    rows: Rows = invoices.filter(invoices.amount > 0).order_by("account_id", "invoiced_on", "invoice_key", "source")
    found = facts.engine.to_arrow(rows.select("account_id", "invoiced_on", "due_on", "settled_on", "amount", "open_amount"))
    today = day_number(facts.parameters.as_of)
    settled = as_vector(found["settled_on"].cast("int32"))
    settled = np.where(settled <= today, settled, np.nan)
    amount, unpaid = as_vector(found["amount"]), as_vector(found["open_amount"])
    # What the ledger calls open of an invoice that was settled after the as-of day was open in full on it.
    was_settled_later = ~np.isnan(as_vector(found["settled_on"].cast("int32"))) & np.isnan(settled)
    unpaid = np.where(np.isnan(unpaid) | was_settled_later, amount, unpaid)
    return Payments(
        account=as_indices(found["account_id"]),
        invoiced_day=as_indices(found["invoiced_on"]),
        due_day=as_indices(found["due_on"]),
        settled_day=settled,
        amount=amount,
        open_amount=np.where(np.isnan(settled), unpaid, 0.0),
        known_day=today,
        account_count=facts.account_count,
    )


def kaplan_meier(duration_days: Vector, is_settled: Mask, confidence: float = 0.95) -> SurvivalCurve:
    """Share unpaid by days since the invoice: Ŝ(t) = Π (1 − paid on day / watched on day), over the days up to t.

    The interval is that of log(−log Ŝ) with Greenwood's variance, so that it stays between 0 and 1.
    """
    days, paid = np.unique(duration_days[is_settled], return_counts=True)
    at_risk = len(duration_days) - np.searchsorted(np.sort(duration_days), days, side="left")
    survival: Vector = np.cumprod(1 - paid / at_risk).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):  # where all are paid the interval closes, which is put right below
        spread = np.sqrt(np.cumsum(paid / (at_risk * (at_risk - paid)))) / np.log(survival)
        lower = survival ** np.exp(-ndtri((1 + confidence) / 2) * spread)
        upper = survival ** np.exp(ndtri((1 + confidence) / 2) * spread)
    is_open = (survival > 0) & (survival < 1)
    return SurvivalCurve(
        days, survival, np.where(is_open, lower, survival), np.where(is_open, upper, survival), at_risk.astype(np.float64)
    )


def median_days_to_pay(payments: Payments) -> Vector:
    """Kaplan and Meier's median of every account, NaN where fewer than half of what was watched long enough is paid."""
    duration, settled = payments.duration_days, payments.is_settled
    order = np.lexsort((~settled, duration, payments.account))
    account, event = payments.account[order], settled[order]
    position = np.arange(len(order))
    first = np.searchsorted(account, account, side="left")
    at_risk = np.searchsorted(account, account, side="right") - position
    # One invoice after the other: on a day with several payments the product comes to the same as their share of the day.
    with np.errstate(divide="ignore"):  # the last one, if paid, takes the curve to zero
        steps = np.where(event, np.log1p(-1 / at_risk), 0.0)
    total = np.concatenate([[0.0], np.cumsum(np.where(np.isinf(steps), 0.0, steps))])
    curve = np.where(np.isinf(steps), -np.inf, total[1:] - total[first])
    is_half = curve <= np.log(0.5 + ROUNDING)
    median = np.full(payments.account_count, np.nan)
    reached = np.flatnonzero(is_half)[::-1]
    median[account[reached]] = duration[order][reached]
    return median
