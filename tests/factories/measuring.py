"""Compute and compare tables of measures."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from tests.factories.facts import facts_table

from openkam.analytics.behaviour.facts import MeasureParameters
from openkam.analytics.engine import Engine
from openkam.analytics.valuation.account_measures import AccountMeasures, account_measures

AS_OF = date(2024, 6, 30)
SERVICE_RATES = {"order": (8.0, 0.8), "delivery": (30.0, 0.5)}


def parameters(**changes: Any) -> MeasureParameters:
    """Twelve months to 30 June 2024 in euros, unless told otherwise."""
    return MeasureParameters(**{"as_of": AS_OF, "reporting_currency": "EUR", **changes})


def measure(engine: Engine, tables: Mapping[str, pa.Table], **changes: Any) -> AccountMeasures:
    """Measures of tables that exist in memory only."""
    return account_measures(engine, {name: engine.table(table) for name, table in tables.items()}, parameters(**changes))


def measure_rows(
    engine: Engine, changes: Mapping[str, Any] | None = None, **tables: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Measures by account of a few rows given as dictionaries."""
    arrow = {name: facts_table(name, *rows) for name, rows in tables.items()}
    return by_account(measure(engine, arrow, **(changes or {})).table)


def by_account(table: pa.Table) -> dict[str, dict[str, Any]]:
    """Rows of a table of measures by account."""
    return {row["account"]: row for row in table.to_pylist()}


def assert_same(found: Mapping[str, Any], expected: Mapping[str, Any], where: str, tolerance: float = 1e-9) -> None:
    """Every expected value is found: null for null, numbers within a relative tolerance."""
    for name, value in expected.items():
        got = found[name]
        if isinstance(value, float) and got is not None:
            assert got == pytest.approx(value, rel=tolerance, abs=1e-9), f"{where}: {name}"
        else:
            assert got == value, f"{where}: {name}"
