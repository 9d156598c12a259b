"""Credit risk of every account: how likely its open invoices become seriously late, and what that may cost.

The probability that an invoice is unpaid `serious_days` after its due day comes from a model of days to pay (`lateness`), given
what was known when it was invoiced and how long it has been open. Beside it stand the base rate and a hold-out: invoices after a
day, foretold with what was known on it.
"""

from dataclasses import dataclass

import numpy as np

from openkam.analytics.behaviour.account_columns import Columns, Vector, ratio
from openkam.analytics.behaviour.facts import Facts, MeasureParameters
from openkam.analytics.behaviour.orders import Indices
from openkam.analytics.resolution.accounts import accounts_of_sources
from openkam.analytics.terms import Measure, OpenKamError, Unit
from openkam.analytics.valuation.days_to_pay import Payments, median_days_to_pay, read_payments
from openkam.analytics.valuation.lateness import LatenessModel, fit_lateness_model, was_seriously_late

HABIT_WEIGHT = 3.0
"""An account's habit of paying counts as one half after so many payments, and towards all payers' before."""

RELIABILITY_BINS = 10


@dataclass(frozen=True, slots=True)
class CreditRiskParameters:
    """`serious_days` after the due day an unpaid invoice is seriously late; `loss_rate` of the amount is lost then (share)."""

    serious_days: int
    loss_rate: float

    def __post_init__(self) -> None:
        if self.serious_days < 0:
            raise OpenKamError(f"serious_days is {self.serious_days}: give 0 or more days after the due day.")
        if not 0 <= self.loss_rate <= 1:
            raise OpenKamError(f"loss_rate is {self.loss_rate}: give a share between 0 and 1.")

    @classmethod
    def by_provision(
        cls, provision_rates: tuple[tuple[int | None, float], ...], serious_days: int = 30
    ) -> "CreditRiskParameters":
        """The loss rate that the provision matrix gives to an invoice one day beyond `serious_days` overdue."""
        rate = next(rate for bound, rate in provision_rates if bound is None or serious_days < bound)
        return cls(serious_days, rate)


@dataclass(frozen=True, slots=True)
class Reliability:
    """Invoices in tenths by what was foretold: their number, the mean probability and the share that was seriously late."""

    count: Indices
    foretold: Vector
    observed: Vector


@dataclass(frozen=True, slots=True)
class HoldOut:
    """Invoices after `origin_day` whose fate is known, foretold with what was known on it.

    `brier` is the mean squared error of the probabilities, `brier_base_rate` that of foretelling everybody the `base_rate` known
    then. `calibration_error` is the mean distance of foretold and observed shares over the tenths, weighted by their invoices.
    """

    origin_day: int
    count: int
    base_rate: float
    observed_rate: float
    brier: float
    brier_base_rate: float
    calibration_error: float
    reliability: Reliability


@dataclass(frozen=True, slots=True)
class CreditRisk:
    """`columns` have one place per account: `median_days_to_pay`, `serious_lateness_probability` (open invoices, by amount),
    `expected_credit_loss` (currency) and `credit_limit_use` (open over limit). `probability` is that of each invoice of
    `payments`, NaN where it is settled; `model.base_rate` stands beside it."""

    columns: Columns
    probability: Vector
    model: LatenessModel


def catalogue(parameters: MeasureParameters) -> tuple[Measure, ...]:
    """What of this file stands among the measures of an account."""
    given = CreditRiskParameters.by_provision(parameters.provision_rates)
    family, today = "credit_risk", parameters.as_of
    return (
        Measure(
            "serious_lateness_probability",
            Unit.SHARE,
            f"Probability that what is open on {today} is still unpaid {given.serious_days} days after its due day, weighted by open "
            "amount; null where nothing is open or too few payments are known for a model",
            family,
        ),
        Measure(
            "expected_credit_loss",
            Unit.CURRENCY,
            f"Open amounts on {today} times that probability times {given.loss_rate:.1%}, the loss rate of what is so late; 0 where "
            "nothing is open, null where no receivables are kept or too few payments are known",
            family,
        ),
    )


def credit_risk_measures(facts: Facts) -> tuple[Columns, tuple[str, ...]]:
    """The measures of `catalogue` for every account, and what a reader must know of them."""
    names = ("serious_lateness_probability", "expected_credit_loss")
    try:
        found = credit_risk(read_payments(facts), CreditRiskParameters.by_provision(facts.parameters.provision_rates)).columns
    except OpenKamError as untold:
        return {name: np.full(facts.account_count, np.nan) for name in names}, (f"Serious lateness is not foretold: {untold}",)
    sources = facts.engine.to_arrow(facts.receivables.select("source").distinct())["source"].to_pylist()
    is_kept = accounts_of_sources(facts.directory, set(sources))
    return {name: np.where(is_kept, found[name], np.nan) for name in names}, ()


def credit_risk(payments: Payments, parameters: CreditRiskParameters, credit_limit: Vector | None = None) -> CreditRisk:
    """Credit risk of every account; `credit_limit` (currency) is NaN where none is known. An account that owes nothing risks
    nothing, and has no probability."""
    x = invoice_columns(payments)
    model = fit_lateness_model(x, payments, parameters.serious_days)
    open_now = model.while_open(x, payments.terms_days, payments.duration_days)
    owed = _by_account(payments, payments.open_amount)
    serious = _by_account(payments, payments.open_amount * open_now)
    limit = np.full(payments.account_count, np.nan) if credit_limit is None else credit_limit
    columns = {
        "median_days_to_pay": median_days_to_pay(payments),
        "serious_lateness_probability": ratio(serious, owed),
        "expected_credit_loss": parameters.loss_rate * serious,
        "credit_limit_use": ratio(owed, limit),
    }
    return CreditRisk(columns, np.where(payments.is_settled, np.nan, open_now), model)


def invoice_columns(payments: Payments) -> Vector:
    """What is known of each invoice on its day, as columns: ones, log terms, log amount, and its payer's habit.

    The habit is the mean of log(days to pay / terms), each a day longer, over the account's invoices settled before that day, drawn
    towards the mean of all. A column that is alike for all invoices but the ones is left out.
    """
    columns = (np.log1p(payments.terms_days), np.log(payments.amount), _habit(payments))
    told = [column for column in columns if len(column) and np.ptp(column) > 1e-9]
    return np.column_stack([np.ones(len(payments.account)), *told])


def hold_out(payments: Payments, origin_day: int, parameters: CreditRiskParameters) -> HoldOut:
    """Fit on what was known on `origin_day`, foretell the invoices after it whose day of serious lateness has passed since.

    An invoice's columns are those of its own day. Raises `OpenKamError` where either side has no invoice to learn from or judge.
    """
    known = payments.known_on(origin_day)
    x = invoice_columns(payments)
    before = payments.invoiced_day <= origin_day
    model = fit_lateness_model(x[before], known, parameters.serious_days)
    judged = ~before & (payments.invoiced_day + payments.terms_days + parameters.serious_days < payments.known_day)
    if not judged.any():
        raise OpenKamError("No invoice after the day of the hold-out has a known fate: choose an earlier day.")
    later = payments.take(judged)
    foretold = model.when_invoiced(x[judged], later.terms_days)
    late = was_seriously_late(later, parameters.serious_days)
    bins = reliability(foretold, late)
    return HoldOut(
        origin_day=origin_day,
        count=len(late),
        base_rate=model.base_rate,
        observed_rate=float(late.mean()),
        brier=float(((foretold - late) ** 2).mean()),
        brier_base_rate=float(((model.base_rate - late) ** 2).mean()),
        calibration_error=float((np.abs(bins.foretold - bins.observed) * bins.count).sum() / bins.count.sum()),
        reliability=bins,
    )


def reliability(foretold: Vector, happened: Vector) -> Reliability:
    """Tenths by what was foretold, of as equal size as can be; fewer where there are fewer than ten."""
    parts = [part for part in np.array_split(np.argsort(foretold, kind="stable"), RELIABILITY_BINS) if len(part)]
    return Reliability(
        np.array([len(part) for part in parts], dtype=np.int64),
        np.array([foretold[part].mean() for part in parts]),
        np.array([happened[part].mean() for part in parts]),
    )


def _by_account(payments: Payments, values: Vector) -> Vector:
    return np.bincount(payments.account, weights=values, minlength=payments.account_count).astype(np.float64)


def _habit(payments: Payments) -> Vector:
    slowness = np.log1p(payments.duration_days) - np.log1p(payments.terms_days)
    paid = np.flatnonzero(payments.is_settled)
    order = paid[np.lexsort((payments.settled_day[paid], payments.account[paid]))]
    day = payments.settled_day[order].astype(np.int64)
    origin = int(payments.invoiced_day.min(initial=0))
    # Days move up so that account and day make one ascending number; payments before the first invoice count as of that day.
    span = max(int(payments.known_day), int(payments.invoiced_day.max(initial=0))) - origin + 2
    keys = payments.account[order] * span + np.clip(day - origin, 0, span - 1)
    asked = payments.account * span + payments.invoiced_day - origin
    total = np.concatenate([[0.0], np.cumsum(slowness[order])])
    end = np.searchsorted(keys, asked, side="left")
    start = np.minimum(np.searchsorted(keys, payments.account * span, side="left"), end)
    count = end - start
    # All payers' mean before each day, too: nothing of an invoice's column may come from after its day.
    by_day = np.argsort(payments.settled_day[paid], kind="stable")
    everybody = np.concatenate([[0.0], np.cumsum(slowness[paid][by_day])])
    before = np.searchsorted(payments.settled_day[paid][by_day], payments.invoiced_day, side="left")
    typical = everybody[before] / np.maximum(before, 1)
    return (total[end] - total[start] + HABIT_WEIGHT * typical) / (count + HABIT_WEIGHT)
