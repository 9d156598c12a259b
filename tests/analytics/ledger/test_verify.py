from pathlib import Path

import pytest
from deltalake import DeltaTable
from tests.factories.ledger import NOW, product_rows, reject_rows

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.log import commit_files
from openkam.analytics.ledger.rejects import rejects_file


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = Ledger.open(tmp_path / "le dger")
    for key in "abc":
        ledger.append("products", product_rows(key), source="erp", imported_at=NOW, rejects=reject_rows(2))
    return ledger


def whats(ledger: Ledger) -> list[str]:
    return [problem.what for problem in Ledger.open(ledger.path).verify()]


def test_a_missing_or_shortened_file_is_told_even_when_undone(ledger: Ledger) -> None:
    first, second, _ = (Path(uri) for uri in ledger.at().uris("products"))
    batch = ledger.batches()[0]
    ledger.undo(batch.batch_id, NOW)
    first.unlink()
    second.write_bytes(b"")
    rejects_file(ledger.path, batch.batch_id).unlink()
    problems = ledger.verify()
    assert [Path(problem.where).name for problem in problems] == [first.name, f"{batch.batch_id}.parquet", second.name]
    assert problems[0].what == f"the file of batch {batch.batch_id} is missing"
    assert problems[1].what == f"the rejects of batch {batch.batch_id} are missing"
    assert "has 0 bytes instead of" in problems[2].what


def test_gaps_in_the_log_are_told(ledger: Ledger) -> None:
    commit_files(ledger.path / "products")[2][1].unlink()
    assert whats(ledger)[:2] == ["Delta commit 2 of products is missing from the log", "ledger version 2 is missing from the log"]


def test_a_damaged_log_is_told(ledger: Ledger) -> None:
    path = commit_files(ledger.path / "products")[2][1]
    path.write_text("{")
    (what,) = whats(ledger)
    assert f"{path} is damaged" in what


def test_what_another_program_did_is_told(ledger: Ledger) -> None:
    DeltaTable(ledger.path / "products").delete("product_key = 'a'")
    assert whats(ledger) == [
        "Delta commit 4 was made by another program and is not part of the ledger",
        "Delta reads 2 files where the ledger has 3",
    ]


def test_a_table_delta_cannot_read_is_told(ledger: Ledger) -> None:
    DeltaTable(ledger.path / "products").create_checkpoint()
    (checkpoint,) = (ledger.path / "products" / "_delta_log").glob("*.checkpoint.parquet")
    checkpoint.write_bytes(b"PAR1")
    (what,) = whats(ledger)
    assert what.startswith("Delta cannot read the table: ")
