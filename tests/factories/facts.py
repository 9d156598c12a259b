"""Tables of facts for tests: rows with the required columns filled in, and Parquet files as a ledger would hold them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openkam.analytics.ledger.schema import TABLES

DEFAULTS: dict[str, dict[str, Any]] = {
    "customers": {"name": "Firm"},
    "products": {"name": "Product"},
    "transactions": {"transaction_key": "T1", "line_type": "sale", "currency": "EUR", "transacted_on": date(2024, 3, 1)},
    "receivables": {"invoice_key": "I1", "currency": "EUR", "invoiced_on": date(2024, 3, 1), "due_on": date(2024, 3, 31)},
    "service_activities": {"quantity": 1, "performed_on": date(2024, 3, 1), "activity": "order"},
    "interactions": {"kind": "call", "direction": "out"},
    "market_volumes": {},
    "exchange_rates": {},
}
PROVENANCE: dict[str, Any] = {"source": "north", "batch_id": "20240101", "source_row": None}


def facts_table(name: str, *rows: Mapping[str, Any]) -> pa.Table:
    """Rows of the table `name` with the ledger's schema; what a row leaves out is its default, else null."""
    schema = TABLES[name].arrow
    filled = [{**PROVENANCE, **DEFAULTS[name], **row} for row in rows]
    columns = [pa.array([row.get(field.name) for row in filled], field.type) for field in schema]
    return pa.table(columns, schema=schema)


@dataclass(frozen=True)
class ParquetSnapshot:
    """Tables as Parquet files below a folder, as one version of a ledger gives them."""

    files: Mapping[str, Sequence[str]]

    def uris(self, table: str, /) -> list[str]:
        """Files of the table."""
        return list(self.files.get(table, ()))


def write_snapshot(folder: Path, tables: Mapping[str, pa.Table], files_per_table: int = 1) -> ParquetSnapshot:
    """Write each table to so many files, rows dealt out in turn."""
    files: dict[str, list[str]] = {}
    for name, table in tables.items():
        files[name] = []
        for part in range(files_per_table):
            rows = table.take(pa.array(range(part, len(table), files_per_table), pa.int64()))
            path = folder / f"{name}-{part}.parquet"
            pq.write_table(rows, path)
            files[name].append(str(path))
    return ParquetSnapshot(files)
