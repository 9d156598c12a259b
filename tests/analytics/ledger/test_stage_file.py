"""What becomes of a file's rows: accepted in the ledger's columns, rejected with the row as it stood."""

import json
from pathlib import Path

from tests.factories.imports import HEADER, Importing, row

from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.ledger.stage_file import unique_names


def test_names_are_made_unique() -> None:
    assert unique_names(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]


def test_rejects_keep_the_row_as_it_stood(tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    header = HEADER.strip() + ",Note,Note\n"
    bad = row("Ä1", net_amount="?", quantity="x").strip() + ',"say ""hi""", two\n'
    result = importing.run(importing.file(header + bad))
    assert result.batch is not None
    rejects = importing.ledger.rejects(result.batch.batch_id).to_pylist()
    assert [(r["column"], r["value"], r["reason"]) for r in rejects] == [
        ("quantity", "x", "not a number"),
        ("net_amount", "?", "not a number"),
    ]
    kept = json.loads(rejects[0]["row"])
    assert list(kept) == [*HEADER.strip().split(","), "Note", "Note (2)"]
    assert (kept["transaction_key"], kept["Note"], kept["Note (2)"]) == ("Ä1", 'say "hi"', " two")


def test_staged_rows_have_every_column_of_the_table(tmp_path: Path) -> None:
    importing = Importing(tmp_path)
    importing.run(importing.file(HEADER + row()))
    columns = TABLES["transactions"].arrow.names
    assert dict(zip(columns, importing.rows(*columns)[0], strict=True))["site_key"] is None
