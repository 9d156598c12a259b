"""The facts of the firm as one: where units sell to each other, their transfer prices are eliminated before anything is valued."""

from dataclasses import dataclass

from openkam.analytics.behaviour.facts import Facts, MeasureParameters, load_facts
from openkam.analytics.engine import Engine
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.ledger.versions import Snapshot
from openkam.analytics.valuation.transfer_prices import InternalCustomer, eliminate_transfer_prices, internal_customers


@dataclass(frozen=True, slots=True)
class FirmFacts:
    """The facts without internal sales; `units` are the customers that are our own units, `internal_sales` (currency) what fell out.

    Without such customers `internal_sales` is None: there was nothing to eliminate.
    """

    facts: Facts
    units: tuple[InternalCustomer, ...]
    internal_sales: float | None
    notes: tuple[str, ...]


def group_facts(engine: Engine, snapshot: Snapshot, parameters: MeasureParameters) -> FirmFacts:
    """Load the facts and take out what the firm sold to itself, as `customers.own_unit` says.

    Raises `OpenKamError` as `eliminate_transfer_prices` does, and where an amount has no exchange rate.
    """
    facts = load_facts(engine, snapshot, parameters)
    customers = engine.to_arrow(engine.read(snapshot.uris("customers"), TABLES["customers"].arrow))
    units = internal_customers(customers)
    if not units:
        return FirmFacts(facts, (), None, ())
    found = eliminate_transfer_prices(facts, units)
    return FirmFacts(found.facts, units, found.internal_sales, found.notes)
