"""What was done for whom, with the drivers of its time: recorded service, and documents told by the transactions themselves.

A document's drivers are `lines` and `return_lines` (count of net sales lines that are sales, and that are returns or
cancellations), `units` (Σ quantity of its sales) and `net_amount` (reporting currency); `quantity` is a driver of everything.
"""

from collections.abc import Sequence

import ibis

from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.sales import NET_TYPES, SALE
from openkam.analytics.engine import Rows
from openkam.analytics.terms import OpenKamError

DOCUMENT_DRIVERS = ("lines", "return_lines", "units", "net_amount")
KEYS = ("source", "customer_key", "performed_on", "activity")
SUMMED = "decimal(38, 12)"
"""Type of what is summed: unlike doubles, decimals add up alike in every order of rows."""


def service_rows(facts: Facts, drivers: Sequence[str], document_activities: Sequence[str], extra: Rows | None) -> Rows:
    """Rows of the period: `KEYS`, `quantity, minutes, cost` and the drivers; null where a row does not tell.

    `document_activities` names what each order or invoice of the transactions makes us do once, for instance an order entry and a
    delivery. `extra` are further rows of any activity with `KEYS`, `quantity` and drivers of their own. Raises `OpenKamError` where
    the ledger already records an activity that would be derived, and where no row can tell a driver.
    """
    parts = [_recorded(facts)]
    if document_activities:
        _refuse_recorded(facts, document_activities)
        parts += _documents(facts, document_activities)
    if extra is not None:
        period = facts.parameters.period
        parts.append(extra.filter(extra.performed_on.between(ibis.literal(period.start_on), ibis.literal(period.end_on))))
    told = {*DOCUMENT_DRIVERS, *(name for part in parts for name in part.columns)} - {*KEYS, "minutes", "cost"}
    if unknown := sorted(set(drivers) - told):
        raise OpenKamError(f"No row tells the driver {', '.join(unknown)}. The drivers told are {', '.join(sorted(told))}.")
    types = {"minutes": SUMMED, "cost": SUMMED, "quantity": "float64", **dict.fromkeys(sorted(drivers), "float64")}
    rows, *others = (
        part.select(
            **{name: _nullable(part, name) for name in KEYS}, **{name: _typed(part, name, kind) for name, kind in types.items()}
        )
        for part in parts
    )
    return rows.union(*others) if others else rows


def _nullable(part: Rows, name: str) -> Rows:
    """The column as one that may be null: rows are joined only where both sides say the same of it."""
    column = part[name]
    return column.cast(column.type().copy(nullable=True))


def _typed(part: Rows, name: str, kind: str) -> Rows:
    return part[name].cast(kind) if name in part.columns else ibis.null(kind)


def _recorded(facts: Facts) -> Rows:
    activities = facts.service_activities
    done = activities.filter(activities.performed_on >= ibis.literal(facts.parameters.period.start_on))
    return done.select(*KEYS, "quantity", "minutes", cost=done.cost_amount)


def _refuse_recorded(facts: Facts, activities: Sequence[str]) -> None:
    recorded = facts.service_activities.filter(facts.service_activities.activity.isin(activities))
    found = facts.engine.to_arrow(recorded.select("activity").distinct())["activity"].to_pylist()
    if found:
        raise OpenKamError(
            f"The ledger records the activity {min(found)}, so it cannot be derived from the transactions too: it would count twice. "
            "Give the derived one another name, or derive none."
        )


def _documents(facts: Facts, activities: Sequence[str]) -> list[Rows]:
    start_on = ibis.literal(facts.parameters.period.start_on)
    lines = facts.transactions.filter(facts.transactions.transacted_on >= start_on, facts.transactions.line_type.isin(NET_TYPES))
    is_sale = lines.line_type == SALE
    documents = lines.group_by("source", "customer_key", "transaction_key").agg(
        performed_on=lines.transacted_on.min(),
        lines=is_sale.sum(),
        return_lines=(~is_sale).sum(),
        units=lines.quantity.sum(where=is_sale),
        net_amount=lines.net_amount.sum(),
    )
    once = documents.mutate(quantity=ibis.literal(1.0)).drop("transaction_key")
    return [once.mutate(activity=ibis.literal(activity)) for activity in activities]
