"""What would help each account that loses money, from what the ledger holds about its orders, freight and payments."""

from typing import Any

import numpy as np
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Vector, ratio
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.orders import OrderDays, day_number
from openkam.analytics.valuation.margin_ladder import MarginLadder
from openkam.analytics.valuation.resource_pools import ServiceStep
from openkam.analytics.valuation.service_levers import AccountService, LeverTargets, LossAccount, loss_levers
from openkam.analytics.valuation.time_driven_costing import TimeDrivenCosts
from openkam.analytics.worth.worth_settings import WorthSettings

LEVER = pa.struct(
    [
        ("name", pa.string()),
        ("target", pa.float64()),
        ("cash_now", pa.float64()),
        ("capacity_freed", pa.float64()),
        ("needed", pa.float64()),
        ("breaks_even", pa.bool_()),
        ("reason", pa.string()),
    ]
)


def orders_of_period(facts: Facts, orders: OrderDays) -> Vector:
    """Days with an order in the period, per account."""
    start, end = (day_number(day) for day in (facts.parameters.period.start_on, facts.parameters.as_of))
    return orders.count((orders.day >= start) & (orders.day <= end))


def lever_columns(
    ladder: MarginLadder,
    service: TimeDrivenCosts,
    *,
    contribution: Vector,
    orders: Vector,
    late_currency_days: Vector,
    settings: WorthSettings,
) -> pa.Array:
    """The levers of every account below zero, the strongest first; null for the others.

    Which orders still come by hand no ledger tells, so that lever is left out. Orders aim at the value of the middle account's.
    """
    logistics, net = ServiceStep.ORDER_AND_LOGISTICS, ladder.rungs["net_invoice"]
    capacity = service.capacity_cost(logistics)
    unknown = np.full(len(net), np.nan)
    values = AccountService(
        contribution=contribution,
        net_sales=net,
        orders=orders,
        order_capacity_cost=capacity,
        order_cash_cost=service.cost(logistics) - capacity,
        manual_orders=unknown,
        electronic_saving_per_order=unknown,
        freight_cost=ladder.steps["freight_cost"].amount,
        freight_charged=ladder.steps["charges"].amount,
        late_currency_days=late_currency_days,
        reductions=_reductions(ladder),
    )
    per_order = ratio(net, orders)
    known = per_order[np.nan_to_num(per_order) > 0]
    targets = LeverTargets(
        order_value=settings.order_value or (float(np.median(known)) if len(known) else None),
        freight_share=settings.freight_share,
        capital_rate_per_year=settings.annual_capital_rate,
        price_rise=settings.price_rise,
        discount_cut=settings.discount_cut,
        terms_share=settings.terms_share,
    )
    found: list[list[dict[str, Any]] | None] = [None] * len(net)
    for account in loss_levers(values, targets):
        found[account.account_id] = _as_rows(account, targets)
    return pa.array(found, pa.list_(LEVER))


def _reductions(ladder: MarginLadder) -> Vector:
    """What was given off the list price and off the invoice (currency), NaN where neither is known."""
    given = [ladder.steps[name].amount for name in ("invoice_reductions", "off_invoice")]
    is_known = ~np.isnan(given[0]) | ~np.isnan(given[1])
    return np.where(is_known, sum(np.nan_to_num(amount) for amount in given), np.nan)


def _as_rows(account: LossAccount, targets: LeverTargets) -> list[dict[str, Any]]:
    aims = {
        "order size": targets.order_value,
        "freight": targets.freight_share,
        "terms": targets.terms_share,
        "discount": targets.discount_cut,
        "price": targets.price_rise,
    }
    return [
        {
            "name": lever.name,
            "target": aims.get(lever.name),
            "cash_now": lever.cash_now,
            "capacity_freed": lever.capacity_freed,
            "needed": lever.needed,
            "breaks_even": lever.breaks_even,
            "reason": lever.reason,
        }
        for lever in account.levers
    ]
