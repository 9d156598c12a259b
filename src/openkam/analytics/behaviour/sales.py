"""The two readings of the transactions: by customer and day, and by customer, product and quantity band.

Everything the measures need from the lines is in these sums, which are decimals and so do not depend on the order of rows.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import ibis

from openkam.analytics.engine import Rows
from openkam.analytics.ledger.schema import NET_SALES_LINE_TYPES, LineType

NET_TYPES = tuple(str(kind) for kind in NET_SALES_LINE_TYPES)
RETURN_TYPES = (str(LineType.RETURN), str(LineType.CANCELLATION))
SALE = str(LineType.SALE)


def sales_by_customer_day(lines: Rows) -> Rows:
    """One row per `source, customer_key, transacted_on`.

    `sale_lines` counts lines of sale; `net` sums net sales, `sold` its lines of sale and `returned` its returns and
    cancellations (currency).
    """
    is_sale = lines.line_type == SALE
    return lines.group_by("source", "customer_key", "transacted_on").agg(
        sale_lines=is_sale.cast("int64").sum(),
        net=lines.net_amount.sum(where=lines.line_type.isin(NET_TYPES)),
        sold=lines.net_amount.sum(where=is_sale),
        returned=lines.net_amount.sum(where=lines.line_type.isin(RETURN_TYPES)),
    )


def documents_by_customer(lines: Rows, start_on: date) -> Rows:
    """One row per `source, customer_key`: `documents`, the different orders or invoices with a sale from `start_on` on."""
    sold = lines.filter(lines.transacted_on >= ibis.literal(start_on), lines.line_type == SALE)
    distinct = sold.select("source", "customer_key", "transaction_key").distinct()
    return distinct.group_by("source", "customer_key").agg(documents=distinct.count())


def sales_by_customer_product(lines: Rows, start_on: date, band_edges: Sequence[float]) -> Rows:
    """One row per `source, customer_key, product_key, band` and what the lines know, over the net sales lines from `start_on`
    on.

    `band` numbers the quantity of a line of sale (1 = below the first edge), 0 where there is no positive quantity or no sale.
    `is_sale, has_cost, has_quantity, has_list` tell what each line of the row carries, so that the sums `net, weight` (absolute
    net), `quantity, list_value, rebate, cost` are never mixed.
    """
    rows = lines.filter(lines.transacted_on >= ibis.literal(start_on), lines.line_type.isin(NET_TYPES))
    is_sale = rows.line_type == SALE
    is_priced = is_sale & rows.product_key.notnull() & (rows.quantity > 0)
    band = ibis.literal(1, "int8")
    for edge in band_edges:
        reached = rows.quantity >= ibis.literal(Decimal(str(edge)), "decimal(18, 4)")
        band = (band + reached.cast("int8")).cast("int8")
    return (
        rows.select(
            "source",
            "customer_key",
            "product_key",
            band=ibis.ifelse(is_priced.fill_null(False), band, ibis.literal(0, "int8")),
            is_sale=is_sale,
            has_cost=rows.cost_amount.notnull(),
            has_quantity=rows.quantity.notnull(),
            has_list=rows.list_amount.notnull(),
            net_amount=rows.net_amount,
            quantity=rows.quantity,
            list_amount=rows.list_amount,
            rebate_amount=rows.rebate_amount,
            cost_amount=rows.cost_amount,
        )
        .group_by("source", "customer_key", "product_key", "band", "is_sale", "has_cost", "has_quantity", "has_list")
        .agg(
            net=ibis._.net_amount.sum(),
            weight=ibis._.net_amount.abs().sum(),
            quantity=ibis._.quantity.sum(),
            list_value=ibis._.list_amount.sum(),
            rebate=ibis._.rebate_amount.sum(),
            cost=ibis._.cost_amount.sum(),
        )
    )
