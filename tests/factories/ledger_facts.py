"""Facts of a few rows, as a snapshot of a ledger would give them."""

from typing import Any

from tests.factories.facts import facts_table
from tests.factories.measuring import parameters

from openkam.analytics.behaviour.facts import Facts, load_facts
from openkam.analytics.engine import Engine


def facts_of(engine: Engine, changes: dict[str, Any] | None = None, **tables: list[dict[str, Any]]) -> Facts:
    """Facts of rows given as dictionaries, in euros over the twelve months to 30 June 2024 unless told otherwise."""
    arrow = {name: engine.table(facts_table(name, *rows)) for name, rows in tables.items()}
    return load_facts(engine, arrow, parameters(**(changes or {})))
