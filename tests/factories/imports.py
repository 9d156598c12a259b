"""Small imports for tests: files written as bytes, imported into a ledger of their own, read back as rows."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from openkam.analytics.ledger.import_files import import_files
from openkam.analytics.ledger.import_result import ImportResult
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.mapping import ImportMapping

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
TODAY = date(2026, 1, 15)
HEADER = "transaction_key,line_number,customer_key,transacted_on,product_key,quantity,net_amount,currency\n"


@dataclass
class Importing:
    """A folder with a ledger and files to import into it."""

    root: Path
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger.open(self.root / "ledger")

    def file(self, content: str | bytes, name: str = "sales.csv") -> Path:
        """A file with that content."""
        path = self.root / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(self, *paths: Path, table: str = "transactions", mapping: str | None = None, **options: Any) -> ImportResult:
        """Import the files; the mapping is TOML without its first line."""
        return import_files(
            self.ledger,
            paths,
            **{
                "table": table,
                "source": "shop",
                "imported_at": AT,
                "latest_day": TODAY,
                "mapping": ImportMapping.parse(f'table = "{table}"\n{mapping}') if mapping is not None else None,
                **options,
            },
        )

    def rows(self, *columns: str, table: str = "transactions") -> list[tuple[Any, ...]]:
        """These columns of the ledger's rows, in the order of import and row."""
        uris = self.ledger.at().uris(table)
        if not uris:
            return []
        with duckdb.connect() as connection:
            found = connection.sql(f"SELECT {', '.join(columns)} FROM read_parquet({uris}) ORDER BY batch_id, source_row")
            return [tuple(row.values()) for row in found.to_arrow_table().to_pylist()]

    def leftovers(self) -> list[str]:
        """What staging still holds, which should be nothing."""
        staging = self.root / "ledger" / "staging"
        return [p.name for p in staging.iterdir() if p.is_dir()] if staging.exists() else []


def reasons(result: ImportResult) -> dict[tuple[str | None, str | None], str]:
    """(column, value) of the first rejects → reason."""
    return {(r.column, r.value): r.reason for r in result.first_rejects}


def row(key: str = "A1", **cells: str) -> str:
    """One line under `HEADER`, sound but for the cells given."""
    values = {
        "line_number": "1", "customer_key": "C1", "transacted_on": "2025-03-31", "product_key": "P1", "quantity": "2",
        "net_amount": "10.50", "currency": "EUR", **cells,
    }  # fmt: skip
    return ",".join([key, *values.values()]) + "\n"
