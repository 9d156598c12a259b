"""Hold-out: the models fitted to the orders up to a day, their forecasts of the time after it, and what happened."""

from datetime import date, timedelta

import numpy as np

from openkam.analytics.engine import Engine, Rows
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.lifetime_value.choice import choose_model
from openkam.analytics.valuation.lifetime_value.contracts import Contracts, constant_retention, fit_contracts, tenure
from openkam.analytics.valuation.lifetime_value.order_value import order_values
from openkam.analytics.valuation.lifetime_value.validation import Validation, validate
from openkam.analytics.valuation.purchase_summary import orders_between, summarise_purchases


def hold_out_orders(
    engine: Engine, days: Rows, as_of: date, holdout_days: int, occasion_days: int | None = None
) -> tuple[Validation, Validation]:
    """Forecast orders and net sales (currency) of the last `holdout_days` from the time before.

    `days` as for `summarise_purchases`, by occasion where `occasion_days` are given. The naive forecast continues each account's own
    rate: repeat orders per day since its first, and net sales per order. Raises `UnidentifiedModelError` where the earlier orders
    cannot tell a model.
    """
    cutoff = as_of - timedelta(days=holdout_days)
    summary = summarise_purchases(engine, days, cutoff)
    if not len(summary.account):
        raise OpenKamError(f"No account has an order up to {cutoff}: hold out fewer than {holdout_days} days.")
    choice = choose_model(summary, occasion_days)
    orders, net = orders_between(engine, days, cutoff, as_of, summary.account)
    forecast = choice.model.expected_purchases(holdout_days / choice.period_days)
    naive = holdout_days * np.divide(summary.frequency, summary.age_days, out=np.zeros(len(orders)), where=summary.age_days > 0)
    values = order_values(summary)
    value = np.nan_to_num(values.expected())
    rule = "own repeat orders per day since the first"
    return (
        validate(f"orders in the {holdout_days} days to {as_of}", rule, forecast, naive, orders),
        validate(
            f"net sales (currency) in the {holdout_days} days to {as_of}",
            f"{rule}, at own net sales per order",
            forecast * value,
            naive * np.maximum(summary.order_value, 0),
            net,
        ),
    )


def hold_out_contracts(contracts: Contracts, as_of: date, holdout_days: int) -> Validation:
    """Forecast which contracts that ran at the start of the last `holdout_days` run at their end.

    The naive forecast is one retention rate for all. Raises `UnidentifiedModelError` where the earlier renewals cannot tell.
    """
    cutoff = as_of - timedelta(days=holdout_days)
    before, after = tenure(contracts, cutoff), tenure(contracts, as_of)
    model, rate = fit_contracts(before), constant_retention(before)
    running = before.is_running
    runs_on = np.isin(before.rows[running], after.rows[after.is_running])
    made = before.renewals[running]
    decisions = np.floor((holdout_days - before.days_to_renewal[running]) / contracts.period_days) + 1
    decisions = np.maximum(decisions, 0)
    forecast = model.survival(made + decisions) / model.survival(made)
    return validate(
        f"share of contracts that still run on {as_of}",
        "one retention rate for all",
        forecast,
        rate**decisions,
        runs_on.astype(np.float64),
    )
