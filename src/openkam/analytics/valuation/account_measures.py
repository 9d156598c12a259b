"""The measures of all accounts that every review has, as one table. What costs more stands in `review.wanted_measures`."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import ibis
import numpy as np
import pyarrow as pa

from openkam.analytics.behaviour import credit_risk, growth, loyalty, price_sensitivity, purchase_history, regularity
from openkam.analytics.behaviour.account_columns import Columns, Vector, spread
from openkam.analytics.behaviour.facts import Facts, MeasureParameters, Snapshot
from openkam.analytics.behaviour.orders import HistoryRows, read_history
from openkam.analytics.behaviour.product_sales import product_sales
from openkam.analytics.engine import Engine
from openkam.analytics.terms import Measure, Unit
from openkam.analytics.valuation import contribution_margin, cost_to_serve
from openkam.analytics.valuation.group_facts import group_facts

ATTRIBUTE_NAMES = (
    *("account", "name", "region", "country", "industry", "category", "group_name", "current_manager", "parent_account"),
    *("is_prospect", "customer_count", "sources"),
)


@dataclass(frozen=True, slots=True)
class AccountMeasures:
    """One row per account, sorted by account: the attributes of `ATTRIBUTE_NAMES`, then one column per measure of `catalogue`.

    `unassigned_net_sales` are sales of the period that carry no customer (currency), None where the ledger has no transactions.
    """

    table: pa.Table
    catalogue: tuple[Measure, ...]
    notes: tuple[str, ...]
    unassigned_net_sales: float | None


def measure_catalogue(parameters: MeasureParameters) -> tuple[Measure, ...]:
    """The measures that every review has, in the order of the columns."""
    families = (purchase_history, regularity, growth, loyalty, price_sensitivity, credit_risk, cost_to_serve, contribution_margin)
    return tuple(measure for family in families for measure in family.catalogue(parameters))


def account_measures(
    engine: Engine, tables: Mapping[str, ibis.Table] | Snapshot, parameters: MeasureParameters
) -> AccountMeasures:
    """Measure every account of a ledger snapshot (or of tables by name, a missing one being empty), the firm taken as one.

    Raises `OpenKamError` where an amount cannot be converted to the reporting currency, or units sell round in a circle.
    """
    firm = group_facts(engine, tables, parameters)
    found = measured_facts(firm.facts)
    return replace(found, notes=(*firm.told, *found.notes))


def measured_facts(facts: Facts) -> AccountMeasures:
    """Measure every account of facts that are loaded."""
    rows = read_history(facts)
    with ThreadPoolExecutor(max_workers=1) as beside:
        # The rhythm asks nothing more of the engine: its arithmetic runs on the processor that the engine leaves idle.
        found = beside.submit(_rhythm, facts, rows)
        products = product_sales(facts)
        rhythm = found.result()
    service = cost_to_serve.cost_to_serve(facts)
    purchases = purchase_history.purchases(facts, products)
    contribution = contribution_margin.contribution_margin(products, service, facts.has_transactions)
    columns: Columns = {
        **rhythm.columns,
        **purchases,
        **loyalty.loyalty(facts, rhythm.history, products),
        **price_sensitivity.price_sensitivity(products),
        **credit_risk.credit_risk(facts, purchases["net_sales"]),
        **service.columns,
        "cost_to_serve_share": cost_to_serve.share_of_sales(service.columns["cost_to_serve"], purchases["net_sales"]),
        **contribution.columns,
    }
    catalogue = measure_catalogue(facts.parameters)
    arrays = {
        measure.name: contribution.basis if measure.unit is Unit.TEXT else typed(columns[measure.name], measure.unit)
        for measure in catalogue
    }
    return AccountMeasures(
        table=pa.table({**_attributes(facts, rhythm.history.orders.count()), **arrays}),
        catalogue=catalogue,
        notes=(*facts.notes, *rhythm.notes, *service.notes),
        unassigned_net_sales=facts.unassigned_net_sales,
    )


@dataclass(frozen=True, slots=True)
class _Rhythm:
    history: purchase_history.PurchaseHistory
    columns: Columns
    notes: tuple[str, ...]


def _rhythm(facts: Facts, rows: HistoryRows) -> _Rhythm:
    history = purchase_history.purchase_history(facts, rows)
    shapes, notes = regularity.regularity(history.orders)
    growing = growth.growth(history.quarters, history.orders.count() > 0)
    sums = spread(rows.by_account, facts.account_count)
    first_on = history.columns["first_order_on"]
    growing["sales_change_year_on_year"] = growth.year_on_year(sums["now"], sums["before"], first_on, facts.parameters)
    return _Rhythm(history, {**history.columns, **shapes, **growing}, notes)


def _attributes(facts: Facts, order_count: Vector) -> dict[str, pa.Array]:
    table = facts.directory.attributes.append_column("is_prospect", pa.array(order_count == 0))
    return {name: table[name] for name in ATTRIBUTE_NAMES}


def typed(values: Vector, unit: Unit) -> pa.Array:
    """Doubles with NaN for null as a column of the unit's own type."""
    missing = np.isnan(values)
    whole = np.where(missing, 0, values)
    match unit:
        case Unit.COUNT:
            return pa.array(whole.astype(np.int64), mask=missing)
        case Unit.DAY:
            return pa.array(whole.astype(np.int32), mask=missing).cast(pa.date32())
        case Unit.FLAG:
            return pa.array(whole.astype(np.bool_), mask=missing)
        case _:
            return pa.array(values, mask=missing)
