"""Rows that come twice: in a file, in an import, or in the ledger already."""

from decimal import Decimal
from pathlib import Path

import pytest
from tests.factories.imports import HEADER, Importing, row

from openkam.analytics.ledger.import_result import Progress
from openkam.analytics.terms import OpenKamError


@pytest.fixture
def importing(tmp_path: Path) -> Importing:
    return Importing(tmp_path)


def test_keys_already_in_the_ledger_are_rejected_or_skipped(importing: Importing, tmp_path: Path) -> None:
    importing.run(importing.file(HEADER + row("A1") + row("A2")))
    more = importing.file(HEADER + row("A2") + row("A3"), "more.csv")
    result = importing.run(more, dry_run=True)
    assert result.duplicates.keys_in_ledger == 1
    assert list(result.reject_counts) == [
        ("duplicate key: already in the ledger for this source", "transaction_key, line_number")
    ]
    columns = "[columns]\n" + "\n".join(f'{c} = "{c}"' for c in HEADER.strip().split(","))
    skipping = importing.run(more, mapping=columns + '\n[keys]\nexisting = "skip"')
    assert (skipping.rows_accepted, skipping.rows_rejected) == (1, 1)
    assert skipping.reject_csv(tmp_path / "skipped.csv") == 0
    assert importing.run(more, source="other shop", again=False).rows_accepted == 2


def test_a_key_twice_in_an_import_is_rejected_the_second_time(importing: Importing) -> None:
    first = importing.file(HEADER + row("A1") + row("A1", net_amount="11"), "a.csv")
    second = importing.file(HEADER + row("A1", net_amount="12") + row("A2"), "b.csv")
    result = importing.run(first, second)
    assert result.duplicates.keys_in_import == 2
    assert [(r.file, r.row_number, r.reason) for r in result.first_rejects] == [
        ("a.csv", 3, "duplicate key: also in row 2"),
        ("b.csv", 2, "duplicate key: also in row 2 of an earlier file"),
    ]
    assert importing.rows("transaction_key", "net_amount") == [("A1", Decimal("10.5000")), ("A2", Decimal("10.5000"))]


def test_rows_alike_are_counted_and_kept_unless_the_mapping_rejects_them(importing: Importing) -> None:
    text = "Invoice,Customer,Date,Amount,Currency,Text\n" + "A1,C,2025-01-05,1,EUR,x\n" * 3 + "A1,C,2025-01-05,1,EUR,y\n"
    kept = importing.run(importing.file(text), dry_run=True)
    assert (kept.duplicates.whole_rows, kept.rows_accepted) == (2, 4)
    assert any("repeat an earlier row" in note for note in kept.notes)
    mapping = """
    [columns]
    transaction_key = "Invoice"
    customer_key = "Customer"
    transacted_on = "Date"
    net_amount = "Amount"
    currency = "Currency"
    [duplicates]
    rows = "reject"
    """
    rejected = importing.run(importing.file(text), importing.file(text + "A2,C,2025-01-05,1,EUR,x\n", "b.csv"), mapping=mapping)
    assert (rejected.duplicates.whole_rows, rejected.rows_accepted, rejected.rows_rejected) == (6, 3, 6)
    assert {r.reason for r in rejected.first_rejects} == {
        "same row as row 2",
        "same row as row 2 of an earlier file",
        "same row as row 5 of an earlier file",
    }


def test_keys_that_another_import_brought_meanwhile_stop_the_commit(importing: Importing) -> None:
    other = importing.file(HEADER + row("A1", net_amount="7"), "other.csv")

    def overtake(progress: Progress) -> None:
        if progress.step == "committing":
            Importing(importing.root).run(other)

    with pytest.raises(OpenKamError, match="brought 1 of the same keys"):
        importing.run(importing.file(HEADER + row("A1")), progress=overtake)
    assert importing.rows("net_amount") == [(Decimal("7.0000"),)]


MANY = "\n".join(f'{c} = "{c}"' for c in HEADER.strip().split(","))


def test_a_key_of_other_fields_can_be_named(importing: Importing) -> None:
    text = HEADER.replace("line_number,", "") + row("A1").replace(",1,", ",", 1) * 2
    columns = "[columns]\n" + MANY.replace('line_number = "line_number"\n', "")
    result = importing.run(importing.file(text), mapping=columns + '\n[duplicates]\nkey = ["transaction_key", "product_key"]')
    assert (result.rows_accepted, result.duplicates.keys_in_import) == (1, 1)
    assert result.duplicates.key == ("transaction_key", "product_key")
    none = importing.run(importing.file(text, "b.csv"), mapping=columns + "\n[duplicates]\nkey = []", again=True)
    assert (none.rows_accepted, none.duplicates.key) == (2, ())


def test_a_key_with_a_gap_names_no_row(importing: Importing) -> None:
    gaps = importing.file(HEADER + row("A1", line_number="") + row("A1", line_number="", product_key="P2"))
    result = importing.run(gaps)
    assert (result.rows_accepted, result.duplicates.keys_in_import, result.duplicates.whole_rows) == (2, 0, 0)
    assert importing.run(importing.file(HEADER + row("A1", line_number=""), "b.csv")).rows_accepted == 1


def test_files_of_rejects_only_have_no_keys(importing: Importing) -> None:
    bad = importing.file(HEADER + row("A1", net_amount="?") * 2)
    result = importing.run(bad, importing.file(HEADER + row("A1"), "b.csv"))
    assert (result.rows_accepted, result.rows_rejected, result.duplicates.whole_rows) == (1, 2, 1)


def test_an_empty_file_among_others_is_no_fault(importing: Importing) -> None:
    result = importing.run(importing.file(HEADER), importing.file(HEADER + row("A1") + row("A1"), "b.csv"))
    assert (result.rows_read, result.rows_accepted, result.duplicates.whole_rows) == (2, 1, 1)


def test_malformed_lines_do_not_hide_duplicates(importing: Importing) -> None:
    result = importing.run(importing.file(HEADER + row("A1") + "x\n" + row("A1")))
    assert (result.rows_accepted, result.rows_rejected) == (1, 2)
    assert [r.row_number for r in result.first_rejects] == [3, 4]
