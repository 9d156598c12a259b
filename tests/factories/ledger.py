"""Rows and files for a ledger."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from openkam.analytics.ledger.batch import SourceFile
from openkam.analytics.ledger.rejects import REJECTS
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.ledger.versions import Snapshot

NOW = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)


def product_rows(*keys: str, **columns: object) -> pa.Table:
    """Products of those keys, with further columns where given."""
    return pa.table({"product_key": list(keys), "name": [f"Product {key}" for key in keys], **columns})


def transaction_rows(count: int, first: int = 0) -> pa.Table:
    """That many transaction lines, all required columns filled."""
    numbers = range(first, first + count)
    columns: dict[str, list[object]] = {
        "transaction_key": [f"INV{n}" for n in numbers],
        "transacted_on": [date(2023, 1, 1) + timedelta(days=n % 365) for n in numbers],
        "line_type": ["sale"] * count,
        "net_amount": [Decimal(n) / 4 for n in numbers],
        "currency": ["EUR"] * count,
    }
    schema = TABLES["transactions"].arrow
    return pa.table(columns, schema=pa.schema([schema.field(name) for name in columns]))


def source_file(name: str, content: bytes = b"") -> SourceFile:
    """The file of that name; files with the same content have the same digest."""
    data = content or name.encode()
    return SourceFile(name, hashlib.sha256(data).hexdigest(), len(data))


def reject_rows(*row_numbers: int, file: str = "orders.csv") -> pa.Table:
    """One reject for each row number given."""
    return pa.Table.from_pylist(
        [
            {
                "file": file,
                "row_number": n,
                "column": "net_amount",
                "value": "x",
                "reason": "is no number",
                "row": '{"Amount": "x"}',
            }
            for n in row_numbers
        ],
        schema=REJECTS,
    )


def read(snapshot: Snapshot, table: str) -> pa.Table:
    """The table's rows as they lie in the snapshot's files, with every column."""
    parts = [pq.read_table(uri) for uri in snapshot.uris(table)]
    return pa.concat_tables(part.cast(TABLES[table].arrow) for part in parts) if parts else TABLES[table].arrow.empty_table()
