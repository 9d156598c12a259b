"""What every account owes, by age, and how likely it is to be seriously late, as columns."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Columns, Vector
from openkam.analytics.behaviour.credit_risk import AGEING_BOUNDS
from openkam.analytics.behaviour.credit_risk import credit_risk as ageing
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.orders import day_number
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.credit_limits import credit_limits
from openkam.analytics.valuation.credit_risk import CreditRiskParameters, credit_risk, hold_out
from openkam.analytics.valuation.days_to_pay import Payments, median_days_to_pay, read_payments
from openkam.analytics.worth.account_worth import HoldOutFigure
from openkam.analytics.worth.worth_settings import WorthSettings

BUCKETS = dict(
    zip(
        (name for name, _ in AGEING_BOUNDS),
        ("owed_not_due", "owed_1_30", "owed_31_60", "owed_61_90", "owed_over_90"),
        strict=True,
    )
)
MODELLED = ("lateness_probability", "expected_credit_loss", "credit_limit_use")


@dataclass(frozen=True, slots=True)
class CreditColumns:
    """`columns` by name; `payments` as read; `failure` says why no probability could be told, empty where it could.

    `holdout_failure` likewise says why nothing could be held out.
    """

    columns: Columns
    payments: Payments
    holdouts: tuple[HoldOutFigure, ...]
    failure: str
    holdout_failure: str


def credit_columns(
    facts: Facts, net_sales: Vector, customers: pa.Table, quotes: pa.Table, settings: WorthSettings
) -> CreditColumns:
    """Ageing always; probabilities where the invoices tell a model of days to pay.

    `customers` and `quotes` are the ledger's `customers` and `exchange_rates`. Raises `MissingRateError` where a credit limit's currency
    has no rate.
    """
    owed, payments = ageing(facts, net_sales), read_payments(facts)
    limit = credit_limits(facts, customers, quotes)
    columns: Columns = {"owed": owed["open_amount"], **{name: owed[bucket] for bucket, name in BUCKETS.items()}}
    columns |= {"median_days_to_pay": median_days_to_pay(payments), "credit_limit": limit}
    parameters = CreditRiskParameters.by_provision(settings.provision_rates, settings.serious_days)
    try:
        found = credit_risk(payments, parameters, limit)
    except OpenKamError as error:
        missing = {name: np.full(facts.account_count, np.nan) for name in MODELLED}
        return CreditColumns(columns | missing, payments, (), str(error), "")
    keeps = ~np.isnan(owed["open_amount"])
    columns["lateness_probability"] = found.columns["serious_lateness_probability"]
    columns["expected_credit_loss"] = np.where(keeps, found.columns["expected_credit_loss"], np.nan)
    columns["credit_limit_use"] = found.columns["credit_limit_use"]
    origin = day_number(facts.parameters.as_of) - settings.holdout_days
    try:
        holdouts = (_held_out(payments, origin, parameters),)
    except OpenKamError as error:
        return CreditColumns(columns, payments, (), "", str(error))
    return CreditColumns(columns, payments, holdouts, "", "")


def late_currency_days(payments: Payments, first_day: int) -> Vector:
    """Σ amount · days paid beyond terms of the invoices from a day on (days since 1970-01-01), those open counted so far."""
    recent = payments.invoiced_day >= first_day
    until = np.where(payments.is_settled, payments.settled_day, payments.known_day)
    late = np.maximum(until - payments.due_day, 0) * np.where(payments.is_settled, payments.amount, payments.open_amount)
    sums = np.bincount(payments.account[recent], late[recent], payments.account_count)
    return sums.astype(np.float64)


def _held_out(payments: Payments, origin_day: int, parameters: CreditRiskParameters) -> HoldOutFigure:
    """How the probabilities did on the invoices after a day."""
    found = hold_out(payments, origin_day, parameters)
    return HoldOutFigure(
        what=f"invoices more than {parameters.serious_days} days late, of those after the hold-out began",
        rule="one rate for all",
        unit="Brier score",
        count=found.count,
        model_error=found.brier,
        rule_error=found.brier_base_rate,
        total_ratio=None,
    )
