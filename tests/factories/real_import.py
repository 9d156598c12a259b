"""Importing a file through a mapping of the documentation, and asking the ledger what it holds then."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from openkam.analytics.ledger.import_files import import_files
from openkam.analytics.ledger.import_result import ImportResult
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.mapping import load_mapping

MAPPINGS = Path(__file__).parents[2] / "docs" / "how-to" / "mappings"

Row = tuple[Decimal | int | str | None, ...]


def import_by(mapping_name: str, ledger: Ledger, *files: Path) -> ImportResult:
    """Import the files through `docs/how-to/mappings/<mapping_name>.toml`, into the table and source it names."""
    mapping = load_mapping(MAPPINGS / f"{mapping_name}.toml")
    assert mapping.source
    return import_files(
        ledger,
        files,
        table=mapping.table,
        source=mapping.source,
        imported_at=datetime(2026, 1, 1, tzinfo=UTC),
        mapping=mapping,
        latest_day=None,
    )


def ledger_rows(ledger: Ledger, table: str, query: str) -> list[Row]:
    """The rows of a query over the table, named `ledger` in it."""
    with duckdb.connect() as db:
        db.read_parquet(ledger.at().uris(table)).create_view("ledger")
        return db.execute(query).fetchall()


def file_rows(query: str, **texts: Path) -> list[Row]:
    """The rows of a query over CSV files read as text, each under its given name."""
    with duckdb.connect() as db:
        for name, path in texts.items():
            db.execute(
                f"CREATE TABLE {name} AS "
                f"SELECT * FROM read_csv('{path}', all_varchar = true, header = true, nullstr = ['', 'NULL'])"
            )
        return db.execute(query).fetchall()
