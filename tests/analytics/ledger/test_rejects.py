from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.factories.ledger import NOW, product_rows, reject_rows

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.lock import UnwritableLedgerError
from openkam.analytics.ledger.rejects import REJECTS, UnfitRejectsError, rejects_file, stage_rejects


def test_rejects_come_back_by_file_and_row(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    rejects = pa.concat_tables([reject_rows(9, 3, 9), reject_rows(1, file="a.csv")])
    batch = ledger.append("products", product_rows("a"), source="erp", imported_at=NOW, rejects=rejects)
    stored = ledger.rejects(batch.batch_id)
    assert stored.schema.equals(REJECTS)
    assert stored.select(["file", "row_number"]).to_pylist() == [
        {"file": file, "row_number": number}
        for file, number in [("a.csv", 1), ("orders.csv", 3), ("orders.csv", 9), ("orders.csv", 9)]
    ]
    assert batch.rows_rejected == 3
    ledger.undo(batch.batch_id, NOW)
    assert ledger.rejects(batch.batch_id) == stored


def test_a_batch_without_rejects_has_an_empty_table(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    batch = ledger.append("products", product_rows("a"), source="erp", imported_at=NOW)
    assert ledger.rejects(batch.batch_id) == REJECTS.empty_table()
    assert not rejects_file(ledger.path, batch.batch_id).exists()


def test_a_staged_file_of_rejects_is_moved(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    with ledger.stage("products") as staging:
        pq.write_table(reject_rows(2, 3), staging.rejects_path)
        batch = ledger.append("products", product_rows("a"), source="erp", imported_at=NOW, rejects=staging.rejects_path)
        assert not staging.rejects_path.exists()
    assert ledger.rejects(batch.batch_id) == reject_rows(2, 3)


def test_a_file_on_another_file_system_is_copied(tmp_path: Path) -> None:
    shared_memory = Path("/dev/shm") / f"{tmp_path.name}-rejects.parquet"
    pq.write_table(reject_rows(2), shared_memory)
    try:
        assert shared_memory.stat().st_dev != tmp_path.stat().st_dev
        assert stage_rejects(shared_memory, tmp_path / "kept.parquet") == 1
        assert shared_memory.exists()
    finally:
        shared_memory.unlink()


def test_rows_without_a_number_count_one_by_one(tmp_path: Path) -> None:
    rejects = reject_rows(1, 1, 2).set_column(1, "row_number", pa.array([None, None, 2], pa.int64()))
    assert stage_rejects(rejects, tmp_path / "kept.parquet") == 3


def test_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnfitRejectsError, match=r"Rejects have the columns file, row_number.*the table given has file, why"):
        stage_rejects(pa.table({"file": ["a"], "why": ["b"]}), tmp_path / "kept.parquet")
    with pytest.raises(UnfitRejectsError, match="do not fit their columns"):
        stage_rejects(reject_rows(1).set_column(1, "row_number", pa.array(["first"])), tmp_path / "kept.parquet")
    (tmp_path / "x.parquet").write_text("no parquet")
    with pytest.raises(UnfitRejectsError, match=r"x\.parquet are no Parquet file"):
        stage_rejects(tmp_path / "x.parquet", tmp_path / "kept.parquet")
    with pytest.raises(UnfitRejectsError, match="are no Parquet file"):
        stage_rejects(tmp_path / "gone.parquet", tmp_path / "kept.parquet")


def test_rejects_that_cannot_be_kept_are_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UnwritableLedgerError, match="Cannot write to the ledger at"):
        stage_rejects(reject_rows(1), tmp_path / "gone" / "kept.parquet")
    pq.write_table(reject_rows(1), tmp_path / "given.parquet")
    with pytest.raises(UnwritableLedgerError, match="No such file or directory"):
        stage_rejects(tmp_path / "given.parquet", tmp_path / "gone" / "kept.parquet")
