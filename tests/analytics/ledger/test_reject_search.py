"""Rejected rows of all batches: counted, found, and written to be mended."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from tests.factories.imports import AT, HEADER, Importing, row

from openkam.analytics.ledger.reject_search import RejectSearch, count_rejects, find_rejects, write_rejects, written_mended


@pytest.fixture
def importing(tmp_path: Path) -> Importing:
    """Two batches with rejects, one without, one undone."""
    done = Importing(tmp_path)
    done.run(done.file(HEADER + row("A1") + row("A2", net_amount="x", currency="??") + row("A3", net_amount="y"), "one.csv"))
    done.run(done.file(HEADER + row("B1") + row("B2", net_amount="'z"), "two's.csv"), source="other")
    done.run(done.file(HEADER + row("C1"), "three.csv"))
    undone = done.run(done.file(HEADER + row("D1") + row("D2", net_amount="w"), "four.csv"))
    assert undone.batch is not None
    done.ledger.undo(undone.batch.batch_id, AT)
    return done


def test_counts_are_by_batch_file_column_and_reason(importing: Importing) -> None:
    counts = count_rejects(importing.ledger, RejectSearch())
    assert [(c.file, c.column, c.reason, c.rows) for c in counts] == [
        ("one.csv", "net_amount", "not a number", 2),
        ("two's.csv", "net_amount", "not a number", 1),
        ("one.csv", "currency", "not a currency code of ISO 4217", 1),
    ]
    assert len(count_rejects(importing.ledger, RejectSearch(with_undone=True))) == 4


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        (RejectSearch(), 3),
        (RejectSearch(source="other"), 1),
        (RejectSearch(table="customers"), 0),
        (RejectSearch(file="two's.csv"), 1),
        (RejectSearch(column="currency"), 1),
        (RejectSearch(reason="not a number"), 3),
        (RejectSearch(reason="'; DROP TABLE x; --"), 0),
        (RejectSearch(batch_id="none"), 0),
    ],
)
def test_a_search_finds_rows_and_writes_the_same(importing: Importing, tmp_path: Path, wanted: RejectSearch, rows: int) -> None:
    assert len(find_rejects(importing.ledger, wanted, most=10)) == rows
    assert write_rejects(importing.ledger, wanted, tmp_path / "out.csv") == rows


def test_a_row_comes_with_all_that_is_wrong_with_it(importing: Importing) -> None:
    found = find_rejects(importing.ledger, RejectSearch(column="currency"), most=10)[0]
    assert (found.file, found.row_number, found.row["transaction_key"]) == ("one.csv", 3, "A2")
    assert [(column, value) for column, value, _ in found.problems] == [("currency", "??"), ("net_amount", "x")]


def test_rows_come_in_pages(importing: Importing) -> None:
    pages = [find_rejects(importing.ledger, RejectSearch(), most=2, skipped=skipped) for skipped in (0, 2)]
    assert [len(page) for page in pages] == [2, 1]
    assert len({(row.batch_id, row.row_number) for page in pages for row in page}) == 3


def test_a_mended_file_is_imported_again(importing: Importing, tmp_path: Path) -> None:
    write_rejects(importing.ledger, RejectSearch(source="shop"), tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    for line in rows:
        line["net_amount"], line["currency"] = "1.00", "EUR"
    with (tmp_path / "mended.csv").open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert importing.run(tmp_path / "mended.csv").rows_accepted == 2


def test_rows_mended_in_place_are_imported_as_they_stand(importing: Importing, tmp_path: Path) -> None:
    rows = find_rejects(importing.ledger, RejectSearch(source="shop"), most=10)
    mended = [replace(line, row={**line.row, "net_amount": "-1.5", "currency": "EUR", "product_key": "=1+1"}) for line in rows]
    (tmp_path / "mended.csv").write_bytes(written_mended(mended))
    assert importing.run(tmp_path / "mended.csv").rows_accepted == 2
    assert ("=1+1",) in importing.rows("product_key")
