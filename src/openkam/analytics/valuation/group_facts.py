"""The facts of the firm as one: where units sell to each other, their transfer prices are eliminated before anything is measured."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from openkam.analytics.behaviour.facts import Facts, MeasureParameters, Snapshot, load_facts
from openkam.analytics.engine import Engine, Rows
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.valuation.transfer_prices import InternalCustomer, eliminate_transfer_prices, internal_customers

KEYS = ("source", "customer_key")


@dataclass(frozen=True, slots=True)
class FirmFacts:
    """The facts without internal sales; `units` are the customers that are our own units, `internal_sales` (currency) what fell out.

    Without such customers `internal_sales` is None: there was nothing to eliminate. `notes` say what the group does not know.
    """

    facts: Facts
    units: tuple[InternalCustomer, ...]
    internal_sales: float | None
    notes: tuple[str, ...]

    @property
    def told(self) -> tuple[str, ...]:
        """What a reader must know: that sales fell out, and `notes`."""
        if not self.units:
            return self.notes
        count = len(self.units)
        words = "customer is a unit of ours, whose" if count == 1 else "customers are units of ours, whose"
        day, currency = self.facts.parameters.as_of, self.facts.parameters.reporting_currency
        eliminated = (
            f"Transfer prices are eliminated: {count:,} {words} purchases of {self.internal_sales:,.0f} {currency} up to {day} "
            "are no sales, and goods cost what they cost where they entered the firm."
        )
        return (eliminated, *self.notes)


def group_facts(engine: Engine, tables: Mapping[str, Rows] | Snapshot, parameters: MeasureParameters) -> FirmFacts:
    """Load the facts and take out what the firm sold to itself, as `customers.own_unit` says.

    Raises `OpenKamError` as `eliminate_transfer_prices` does, and where an amount has no exchange rate.
    """
    facts = load_facts(engine, tables, parameters)
    units = internal_customers(_records_of_units(engine, tables))
    if not units:
        return FirmFacts(facts, (), None, ())
    found = eliminate_transfer_prices(facts, units)
    return FirmFacts(found.facts, units, found.internal_sales, found.notes)


def _records_of_units(engine: Engine, tables: Mapping[str, Rows] | Snapshot) -> pa.Table:
    """All records of the customers that were ever called a unit of ours: the newest decides, and no other customer is read."""
    schema = TABLES["customers"].arrow
    if isinstance(tables, Mapping):
        customers = tables["customers"] if "customers" in tables else engine.table(schema.empty_table())
    else:
        customers = engine.read(tables.uris("customers"), schema)
    named = customers.filter(customers.own_unit.notnull()).select(*KEYS).distinct()
    return engine.to_arrow(customers.semi_join(named, list(KEYS)))
