"""Transfer prices of decentralised units, eliminated: what the group earns on a customer, whatever its units charge each other.

A sale to one of our own units is no sale: its lines, receivables and service fall out, and the unit leaves the accounts. Goods a
unit bought inside the group cost what they cost where they entered it, averaged by quantity over its internal suppliers and all
lines up to the as-of day, through as many units as they passed. So the level of transfer prices moves no margin of the group.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import ibis
import numpy as np
import polars as pl
import pyarrow as pa

from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.product_sales import unit_costs
from openkam.analytics.behaviour.sales import NET_TYPES, sales_by_customer_day
from openkam.analytics.engine import Rows
from openkam.analytics.resolution.accounts import AccountDirectory
from openkam.analytics.terms import OpenKamError

UnitProduct = tuple[str, str]
"""A unit, named by the source of its ledger, and a product under the key that all units share."""


@dataclass(frozen=True, slots=True)
class InternalCustomer:
    """The customer `customer_key` of the ledger `source` is our own unit, whose ledger has the source `unit`."""

    source: str
    customer_key: str
    unit: str


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """The facts of the group as one firm.

    `unit_cost` is what a unit's internally bought products cost the group (currency per unit), None where the unit they came from
    does not know. `internal_sales` is the net amount that fell out, up to the as-of day (currency).
    """

    facts: Facts
    unit_cost: Mapping[UnitProduct, float | None]
    internal_sales: float
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Flow:
    """Goods that one unit sold to another: units, and what they cost the seller (currency per unit) by its own books."""

    seller: str
    quantity: float
    own_unit_cost: float | None


def internal_customers(customers: pa.Table) -> tuple[InternalCustomer, ...]:
    """Our own units among the rows of the ledger's `customers`: those whose newest record names an `own_unit`."""
    newest = (
        pl.DataFrame(customers.select(["source", "customer_key", "own_unit", "batch_id", "source_row"]))
        .sort("batch_id", "source_row")
        .unique(["source", "customer_key"], keep="last", maintain_order=True)
        .filter(pl.col("own_unit").is_not_null())
        .sort("source", "customer_key")
    )
    return tuple(InternalCustomer(row["source"], row["customer_key"], row["own_unit"]) for row in newest.iter_rows(named=True))


def eliminate_transfer_prices(facts: Facts, internal: Sequence[InternalCustomer]) -> GroupFacts:
    """The facts without internal sales, and with the group's cost on every line of a product that its unit bought inside.

    Raises `OpenKamError` where an internal customer stands in no ledger, and where units sell a product round in a circle.
    """
    customers = _internal_customers(facts, internal)
    table = facts.engine.table(customers)
    flows = _flows(facts, table)
    unit_cost = {key: _group_unit_cost(key, flows, ()) for key in sorted(flows)}
    keys = ["source", "customer_key"]
    transactions = _at_group_cost(facts, facts.transactions.anti_join(table, keys), unit_cost)
    sold_inside = facts.transactions.inner_join(table, keys)
    removed = facts.engine.to_arrow(sold_inside.agg(net=sold_inside.net_amount.sum(where=sold_inside.line_type.isin(NET_TYPES))))
    directory = _without(facts.directory, customers)
    account_of = facts.engine.table(directory.customers)
    days = sales_by_customer_day(transactions).inner_join(account_of, keys)
    group = replace(
        facts,
        transactions=transactions,
        products=_products_at_group_cost(facts, unit_cost),
        receivables=facts.receivables.anti_join(table, keys),
        service_activities=facts.service_activities.anti_join(table, keys),
        account_days=facts.engine.cache(days.select("account_id", "transacted_on", "has_sale", "net")),
        account_of=account_of,
        directory=directory,
    )
    unknown = sorted(f"{product} at {unit}" for (unit, product), cost in unit_cost.items() if cost is None)
    notes = (
        (f"The unit that these goods came from does not know their cost, so nor does the group: {', '.join(unknown)}.",)
        if unknown
        else ()
    )
    return GroupFacts(group, unit_cost, float(removed["net"][0].as_py() or 0), notes)


def _internal_customers(facts: Facts, internal: Sequence[InternalCustomer]) -> pa.Table:
    rows = pl.DataFrame(
        [(one.source, one.customer_key, one.unit) for one in internal], ["source", "customer_key", "unit"], orient="row"
    )
    known = pl.DataFrame(facts.directory.customers)
    strangers = rows.cast(pl.String).join(known, on=["source", "customer_key"], how="anti")
    if len(strangers):
        source, key, _ = strangers.row(0)
        raise OpenKamError(
            f"The ledger {source} has no customer {key}, named as one of our own units: correct its source or key."
        )
    return rows.cast(pl.String).to_arrow()


def _flows(facts: Facts, internal: Rows) -> dict[UnitProduct, list[_Flow]]:
    """What each unit bought inside, by product."""
    lines = facts.transactions.filter(facts.transactions.line_type.isin(NET_TYPES), facts.transactions.product_key.notnull())
    sold = lines.inner_join(internal, ["source", "customer_key"]).left_join(
        facts.engine.table(unit_costs(facts)), ["source", "product_key"]
    )
    standard: Rows = (sold.quantity.cast("float64") * sold.unit_cost).cast("decimal(38, 12)")
    cost = ibis.coalesce(sold.cost_amount.cast("decimal(38, 12)"), standard)
    costed = sold.mutate(cost=cost)
    sums = costed.group_by("unit", "product_key", "source").agg(
        quantity=costed.quantity.sum(),
        cost=costed.cost.sum(),
        costed=costed.quantity.sum(where=costed.cost.notnull()),
    )
    flows: dict[UnitProduct, list[_Flow]] = defaultdict(list)
    for row in facts.engine.to_arrow(sums.order_by("unit", "product_key", "source")).to_pylist():
        quantity, costed_quantity = float(row["quantity"] or 0), float(row["costed"] or 0)
        own = float(row["cost"]) / costed_quantity if costed_quantity > 0 else None
        if quantity > 0:
            flows[row["unit"], row["product_key"]].append(_Flow(row["source"], quantity, own))
    return dict(flows)


def _group_unit_cost(key: UnitProduct, flows: Mapping[UnitProduct, Sequence[_Flow]], passed: tuple[str, ...]) -> float | None:
    unit, product = key
    if unit in passed:
        circle = " → ".join((*passed[passed.index(unit) :], unit))
        raise OpenKamError(f"Units sell {product} to each other round in a circle, {circle}: none of them is where it entered.")
    costs: list[float] = []
    for flow in flows[key]:
        origin = (flow.seller, product)
        cost = _group_unit_cost(origin, flows, (*passed, unit)) if origin in flows else flow.own_unit_cost
        if cost is None:
            return None
        costs.append(cost)
    return float(np.average(costs, weights=[flow.quantity for flow in flows[key]]))


def _cost_table(facts: Facts, unit_cost: Mapping[UnitProduct, float | None]) -> Rows:
    columns = {
        "source": pa.array([unit for unit, _ in unit_cost], pa.string()),
        "product_key": pa.array([product for _, product in unit_cost], pa.string()),
        "group_cost": pa.array(list(unit_cost.values()), pa.float64()),
        "is_internal": pa.array([True] * len(unit_cost), pa.bool_()),
    }
    return facts.engine.table(pa.table(columns))


def _at_group_cost(facts: Facts, lines: Rows, unit_cost: Mapping[UnitProduct, float | None]) -> Rows:
    joined = lines.left_join(_cost_table(facts, unit_cost), ["source", "product_key"])
    cost: Rows = (joined.quantity.cast("float64") * joined.group_cost).cast(lines.cost_amount.type())
    own = ibis.ifelse(joined.is_internal.notnull(), cost, joined.cost_amount)
    return joined.mutate(cost_amount=own).select(*lines.columns)


def _products_at_group_cost(facts: Facts, unit_cost: Mapping[UnitProduct, float | None]) -> Rows:
    """A product's standard cost at a unit that bought it inside is a transfer price too."""
    joined = facts.products.left_join(_cost_table(facts, unit_cost), ["source", "product_key"])
    own = ibis.ifelse(joined.is_internal.notnull(), joined.group_cost.cast(facts.products.unit_cost.type()), joined.unit_cost)
    return joined.mutate(unit_cost=own).select(*facts.products.columns)


def _without(directory: AccountDirectory, internal: pa.Table) -> AccountDirectory:
    """The directory without customers that are our own units, and without accounts that had no others."""
    customers = pl.DataFrame(directory.customers).join(pl.DataFrame(internal), on=["source", "customer_key"], how="anti")
    kept = sorted(customers["account_id"].unique().to_list())
    place = {old: new for new, old in enumerate(kept)}
    renumbered = customers.with_columns(account_id=pl.col("account_id").replace_strict(place, return_dtype=pl.Int32))
    return AccountDirectory(
        names=tuple(directory.names[old] for old in kept),
        customers=renumbered.to_arrow(),
        attributes=directory.attributes.take(pa.array(kept, pa.int64())),
    )
