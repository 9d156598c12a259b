"""The two readings of the transactions: all of them by customer and day, and those of the period by product.

Amounts are summed as decimals, so that a sum does not depend on the order of rows.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import ibis

from openkam.analytics.engine import Rows
from openkam.analytics.ledger.schema import NET_SALES_LINE_TYPES, LineType

NET_TYPES = tuple(str(kind) for kind in NET_SALES_LINE_TYPES)
SALE = str(LineType.SALE)


def sales_by_customer_day(lines: Rows) -> Rows:
    """One row per `source, customer_key, transacted_on`.

    `has_sale` tells whether one of the lines is a sale, `net` sums net sales (currency).
    """
    return lines.group_by("source", "customer_key", "transacted_on").agg(
        has_sale=(lines.line_type == SALE).any(),
        net=lines.net_amount.sum(where=lines.line_type.isin(NET_TYPES)),
    )


def documents_by_customer(lines: Rows, start_on: date) -> Rows:
    """One row per `source, customer_key`: `documents`, the different orders or invoices with a sale from `start_on` on."""
    sold = lines.filter(lines.transacted_on >= ibis.literal(start_on), lines.line_type == SALE)
    distinct = sold.select("source", "customer_key", "transaction_key").distinct()
    return distinct.group_by("source", "customer_key").agg(documents=distinct.count())


def net_sales_lines(lines: Rows, start_on: date, band_edges: Sequence[float]) -> Rows:
    """The net sales lines from `start_on` on, with `is_sale` and `band`.

    `band` numbers the quantity of a line of sale of a product (1 = below the first edge); 0 where there is no positive quantity.
    """
    rows = lines.filter(lines.transacted_on >= ibis.literal(start_on), lines.line_type.isin(NET_TYPES))
    is_sale = rows.line_type == SALE
    band = ibis.literal(1, "int8")
    for edge in band_edges:
        reached = rows.quantity >= ibis.literal(Decimal(str(edge)), "decimal(18, 4)")
        band = (band + reached.cast("int8")).cast("int8")
    is_priced = (is_sale & rows.product_key.notnull() & (rows.quantity > 0)).fill_null(False)
    return rows.select(
        *("source", "customer_key", "product_key", "net_amount", "quantity", "list_amount", "rebate_amount", "cost_amount"),
        is_sale=is_sale,
        band=ibis.ifelse(is_priced, band, ibis.literal(0, "int8")),
    )
