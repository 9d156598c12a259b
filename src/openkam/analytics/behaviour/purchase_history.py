"""Purchase history: how often, how much and how evenly an account buys."""

from dataclasses import dataclass

import numpy as np

from openkam.analytics.behaviour.account_columns import Columns, Vector, known_zero, ratio, spread
from openkam.analytics.behaviour.facts import Facts, MeasureParameters
from openkam.analytics.behaviour.orders import (
    HistoryRows,
    OrderDays,
    QuarterSales,
    day_number,
    months_back,
    order_days,
    quarter_sales,
)
from openkam.analytics.behaviour.product_sales import ProductSales
from openkam.analytics.terms import Measure, Unit

MINIMUM_TREND_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class PurchaseHistory:
    """The measures of this file, and what other families build on: orders and quarters."""

    columns: Columns
    orders: OrderDays
    quarters: QuarterSales


def catalogue(parameters: MeasureParameters) -> tuple[Measure, ...]:
    """What this file measures."""
    during = f"in {parameters.period_words}"
    quarters = f"the last {parameters.growth_quarters} quarters counted back from {parameters.as_of}"
    family = "purchase_history"
    return (
        Measure("order_count", Unit.COUNT, f"Days with a line of sale {during}; orders of one day are one", family),
        Measure("order_document_count", Unit.COUNT, f"Different orders or invoices with a line of sale {during}", family),
        Measure("net_sales", Unit.CURRENCY, f"Net amounts of sales, returns and cancellations {during}", family),
        Measure("net_sales_history", Unit.CURRENCY, f"Net sales of the whole ledger up to {parameters.as_of}", family),
        Measure(
            "order_count_history", Unit.COUNT, f"Days with a line of sale in the whole ledger up to {parameters.as_of}", family
        ),
        Measure("active_months", Unit.MONTHS, f"Months with an order {during}, months counted back from its end", family),
        Measure("first_order_on", Unit.DAY, "Day of the first order in the ledger", family),
        Measure("last_order_on", Unit.DAY, f"Day of the last order up to {parameters.as_of}", family),
        Measure("gap_count", Unit.COUNT, "Gaps between successive orders in the whole history", family),
        Measure("gap_mean_days", Unit.DAYS, "Mean gap between successive orders in the whole history", family),
        Measure(
            "gap_cv", Unit.RATIO, "Standard deviation of the gaps over their mean: 1 = random, towards 0 = clockwork", family
        ),
        Measure(
            "quarterly_value_cv",
            Unit.RATIO,
            f"Scatter of quarterly net sales about their straight line over their mean, in {quarters} since the first order; at "
            f"least {MINIMUM_TREND_QUARTERS} of them",
            family,
        ),
        Measure(
            "active_quarter_share",
            Unit.SHARE,
            f"Share of the quarters with an order, in {quarters} since the first order",
            family,
        ),
        Measure("product_count", Unit.COUNT, f"Different products bought {during}", family),
        Measure("returns_share", Unit.SHARE, f"Returns and cancellations over gross sales {during}", family),
        Measure(
            "share_of_firm_sales",
            Unit.SHARE,
            f"The account's part of all net sales {during}, those without a customer included",
            family,
        ),
    )


def purchase_history(facts: Facts, rows: HistoryRows) -> PurchaseHistory:
    """Measure every account's orders. Without a transaction in the ledger all is null; for an account without sales, zero."""
    orders = order_days(rows, facts.account_count)
    quarters = quarter_sales(rows, orders, facts.parameters)
    in_period = orders.day >= day_number(facts.parameters.period.start_on)
    columns = _counted(
        facts,
        {
            "order_count": orders.count(in_period),
            "order_document_count": spread(rows.documents, facts.account_count)["count"],
            "net_sales_history": spread(rows.by_account, facts.account_count)["net"],
            "order_count_history": orders.count(),
            "active_months": _active_months(orders, facts.parameters),
        },
    )
    columns["first_order_on"], columns["last_order_on"] = orders.first_and_last()
    columns |= _gap_columns(orders)
    columns["quarterly_value_cv"] = detrended_cv(quarters)
    columns["active_quarter_share"] = ratio((quarters.is_active & quarters.is_full).sum(axis=1), quarters.is_full.sum(axis=1))
    return PurchaseHistory(columns, orders, quarters)


def purchases(facts: Facts, products: ProductSales) -> Columns:
    """What every account bought in the period, and its part in what all bought."""
    columns = _counted(facts, {"net_sales": products.totals["net"], "product_count": products.totals["products"]})
    columns["returns_share"] = ratio(np.abs(known_zero(products.totals["returned"], True)), products.totals["sold"])
    firm = float(np.nansum(columns["net_sales"])) + (facts.unassigned_net_sales or 0.0)
    columns["share_of_firm_sales"] = ratio(columns["net_sales"], np.full(facts.account_count, firm))
    return columns


def _counted(facts: Facts, counted: Columns) -> Columns:
    return {
        name: known_zero(values, True) if facts.has_transactions else np.full_like(values, np.nan)
        for name, values in counted.items()
    }


def detrended_cv(quarters: QuarterSales) -> Vector:
    """Standard deviation of quarterly net sales about their least-squares line, over their mean, per account.

    Two degrees of freedom go to the line. Null below `MINIMUM_TREND_QUARTERS` full quarters or where the mean is not positive.
    """
    cv = np.full(len(quarters.net), np.nan)
    full_count = quarters.is_full.sum(axis=1)
    for count in range(MINIMUM_TREND_QUARTERS, quarters.net.shape[1] + 1):
        rows = full_count == count
        value = quarters.net[rows, -count:]
        time = np.arange(count) - (count - 1) / 2
        mean = value.mean(axis=1)
        slope = (value * time).sum(axis=1) / (time**2).sum()
        residual = value - mean[:, None] - slope[:, None] * time
        cv[rows] = ratio(np.sqrt((residual**2).sum(axis=1) / (count - 2)), mean)
    return cv


def _active_months(orders: OrderDays, parameters: MeasureParameters) -> Vector:
    recent = orders.day >= day_number(parameters.period.start_on)
    month, account = months_back(orders.day[recent], parameters.as_of), orders.account[recent]
    is_new = np.ones(len(month), dtype=np.bool_)
    is_new[1:] = (account[1:] != account[:-1]) | (month[1:] != month[:-1])
    return np.bincount(account[is_new], minlength=orders.account_count).astype(np.float64)


def _gap_columns(orders: OrderDays) -> Columns:
    """Count, mean (days) and coefficient of variation of the gaps; the standard deviation has n − 1, so it needs two gaps."""
    account, gap = orders.gaps()
    count = np.bincount(account, minlength=orders.account_count).astype(np.float64)
    mean = ratio(np.bincount(account, weights=gap, minlength=orders.account_count), count)
    squares = np.bincount(account, weights=(gap - mean[account]) ** 2, minlength=orders.account_count)
    gap_count = np.where(orders.count() > 0, count, np.nan)
    return {"gap_count": gap_count, "gap_mean_days": mean, "gap_cv": ratio(np.sqrt(ratio(squares, count - 1)), mean)}
