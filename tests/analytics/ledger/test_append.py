import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from tests.factories.ledger import NOW, product_rows, read, reject_rows, source_file, transaction_rows

from openkam.analytics.ledger.append import SameFileError
from openkam.analytics.ledger.conform import UnfitRowsError
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.versions import Snapshot
from openkam.analytics.terms import OpenKamError


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(tmp_path / "ledger")


def test_rows_come_back_with_their_provenance_and_types(ledger: Ledger) -> None:
    rows = product_rows("a", "b", unit_cost=pa.array([1, None]), source_row=pa.array([2, 3], pa.int32()))
    batch = ledger.append(
        "products", rows, source="erp", imported_at=NOW, files=(source_file("p.csv"),), rejects=reject_rows(4, 4, 5)
    )
    stored = read(ledger.at(), "products")
    assert stored["source"].to_pylist() == ["erp"] * 2
    assert stored["batch_id"].to_pylist() == [batch.batch_id] * 2
    assert stored["source_row"].to_pylist() == [2, 3]
    assert [str(v) for v in stored["unit_cost"].to_pylist()] == ["1.0000", "None"]
    assert (batch.rows_accepted, batch.rows_rejected, batch.ledger_version) == (2, 2, 1)
    assert batch.files == (source_file("p.csv"),)
    assert batch.imported_at == NOW
    assert ledger.batch(batch.batch_id) == batch == ledger.batches()[0]


@pytest.mark.parametrize(
    "shape",
    [
        lambda t: t,
        lambda t: t.to_reader(),
        lambda t: t.to_batches(),
        lambda t: iter(t.to_batches(max_chunksize=2)),
        lambda t: t.combine_chunks().to_batches()[0],
    ],
    ids=["table", "reader", "list", "iterator", "one batch"],
)
def test_rows_may_come_in_any_arrow_shape(ledger: Ledger, shape: object) -> None:
    batch = ledger.append("transactions", shape(transaction_rows(7)), source="erp", imported_at=NOW)  # type: ignore[operator]
    assert batch.rows_accepted == ledger.at().row_count("transactions") == 7
    assert read(ledger.at(), "transactions").select(transaction_rows(1).column_names) == transaction_rows(7)


def test_staged_files_are_taken_as_they_are(ledger: Ledger) -> None:
    with ledger.stage("transactions") as staging:
        batch_id = ledger.new_batch_id(NOW)
        first = ledger.append("transactions", transaction_rows(10), source="shop", imported_at=NOW)
        copy = f"""COPY (SELECT * REPLACE ('erp' AS source, '{batch_id}' AS batch_id)
            FROM read_parquet({ledger.at().uris("transactions")}) WHERE net_amount {{}} 1)
            TO '{staging.path}/{{}}.parquet' (FORMAT parquet, COMPRESSION zstd)"""
        for condition, name in ((">", "part-0"), ("<=", "part-1"), ("= -", "without-rows")):
            duckdb.sql(copy.format(condition, name))
        inodes = {path.stat().st_ino for path in staging.files}
        batch = ledger.append("transactions", staging, source="erp", imported_at=NOW, batch_id=batch_id)
        assert staging.files == (staging.path / "without-rows.parquet",)
    snapshot = ledger.at()
    moved = [Path(uri) for uri in snapshot.uris("transactions") if batch_id in uri]
    assert len(moved) == 2
    assert {path.stat().st_ino for path in moved} <= inodes
    assert batch.rows_accepted == first.rows_accepted == 10
    assert snapshot.sources("transactions") == ("shop", "erp")
    assert ledger.verify() == []


def test_files_staged_for_another_table_are_refused(ledger: Ledger) -> None:
    with ledger.stage("products") as staging, pytest.raises(OpenKamError, match="staged for products, not for customers"):
        ledger.append("customers", staging, source="erp", imported_at=NOW, batch_id="b1")


def test_the_same_file_is_not_counted_twice_unless_asked(ledger: Ledger) -> None:
    before = ledger.append("products", product_rows("a"), source="erp", imported_at=NOW, files=(source_file("p.csv", b"1"),))
    renamed = (source_file("new.csv", b"1"),)
    with pytest.raises(
        SameFileError, match=rf"new\.csv was imported before, as p\.csv in batch {before.batch_id}.*count once more"
    ):
        ledger.append("products", product_rows("a"), source="erp", imported_at=NOW, files=renamed)
    assert ledger.latest_version == 1
    ledger.append("products", product_rows("a"), source="other unit", imported_at=NOW, files=renamed)
    ledger.append(
        "customers", product_rows("a").rename_columns(["customer_key", "name"]), source="erp", imported_at=NOW, files=renamed
    )
    ledger.append("products", product_rows("a"), source="erp", imported_at=NOW, files=renamed, again=True)
    assert ledger.at().row_count("products") == 3


def test_a_file_may_come_again_after_its_batch_was_undone_or_brought_nothing(ledger: Ledger) -> None:
    file = (source_file("p.csv"),)
    empty = ledger.append(
        "products",
        product_rows().slice(0, 0).cast(pa.schema([("product_key", pa.string()), ("name", pa.string())])),
        source="erp",
        imported_at=NOW,
        files=file,
        rejects=reject_rows(2),
    )
    assert (empty.rows_accepted, empty.rows_rejected, ledger.at().is_empty) == (0, 1, True)
    batch = ledger.append("products", product_rows("a"), source="erp", imported_at=NOW, files=file)
    ledger.undo(batch.batch_id, NOW)
    ledger.append("products", product_rows("a"), source="erp", imported_at=NOW, files=file)
    assert ledger.at().row_count("products") == 1
    ledger.undo(empty.batch_id, NOW)
    assert ledger.verify() == []


def test_one_file_given_twice_in_one_import_is_refused(ledger: Ledger) -> None:
    files = (source_file("a.csv", b"1"), source_file("copy of a.csv", b"1"))
    with pytest.raises(SameFileError, match=r"copy of a\.csv has the same content as a\.csv"):
        ledger.append("products", product_rows("a"), source="erp", imported_at=NOW, files=files)
    assert ledger.append("products", product_rows("a"), source="erp", imported_at=NOW, files=files, again=True).files == files


def test_a_batch_id_is_taken_once(ledger: Ledger) -> None:
    ledger.append("products", product_rows("a"), source="erp", imported_at=NOW, batch_id="b1")
    with pytest.raises(OpenKamError, match="has a batch b1 already"):
        ledger.append("products", product_rows("b"), source="erp", imported_at=NOW, batch_id="b1")
    assert read(ledger.at(), "products")["product_key"].to_pylist() == ["a"]


def test_precommit_sees_the_newest_snapshot_and_may_refuse(ledger: Ledger) -> None:
    ledger.append("products", product_rows("a"), source="erp", imported_at=NOW)
    seen: list[int] = []

    def refuse(snapshot: Snapshot) -> None:
        seen.append(snapshot.version)
        raise OpenKamError("product a is there already")

    def rows() -> Iterator[pa.RecordBatch]:
        # Another import is committed while this one still reads its rows.
        Ledger.open(ledger.path).append("products", product_rows("b"), source="erp", imported_at=NOW)
        yield from product_rows("a").to_batches()

    with pytest.raises(OpenKamError, match="product a is there already"):
        ledger.append("products", rows(), source="erp", imported_at=NOW, precommit=refuse)
    assert seen == [2]
    assert ledger.latest_version == 2
    assert (
        ledger.append("products", product_rows("c"), source="erp", imported_at=NOW, precommit=lambda _: None).ledger_version == 3
    )


def test_the_same_file_committed_meanwhile_is_noticed(ledger: Ledger) -> None:
    file = (source_file("p.csv"),)

    def rows() -> Iterator[pa.RecordBatch]:
        Ledger.open(ledger.path).append("products", product_rows("a"), source="erp", imported_at=NOW, files=file)
        yield from product_rows("a").to_batches()

    with pytest.raises(SameFileError):
        ledger.append("products", rows(), source="erp", imported_at=NOW, files=file)
    assert ledger.at().row_count("products") == 1


def test_rows_that_cannot_be_read_leave_nothing_behind(ledger: Ledger) -> None:
    def rows() -> Iterator[pa.RecordBatch]:
        yield from transaction_rows(200_000).to_batches()
        raise FileNotFoundError("the share is gone")

    with pytest.raises(FileNotFoundError, match="the share is gone"):
        ledger.append("transactions", rows(), source="erp", imported_at=NOW)
    assert ledger.latest_version == 0
    assert [p for p in ledger.path.rglob("*") if p.suffix == ".parquet"] == []


def test_nothing_is_imported_when_one_row_is_wrong(ledger: Ledger) -> None:
    rows = pa.concat_tables([product_rows("a"), product_rows("b", unit_cost=pa.array([1]))], promote_options="default")
    broken = rows.append_column("category", pa.array(["x", "y"])).set_column(1, "name", pa.array(["A", None]))
    with pytest.raises(
        UnfitRowsError, match=r"products: name is required but missing in 1 row, first in row 2\. Nothing was imported"
    ):
        ledger.append("products", broken, source="erp", imported_at=NOW)
    assert ledger.latest_version == 0


def test_a_stream_is_never_held_in_memory(ledger: Ledger) -> None:
    part = transaction_rows(50_000).combine_chunks()
    before = pa.total_allocated_bytes()
    held: list[int] = []

    def rows() -> Iterator[pa.RecordBatch]:
        for _ in range(40):
            held.append(pa.total_allocated_bytes() - before)
            yield from part.to_batches()

    tracemalloc.start()
    batch = ledger.append("transactions", rows(), source="erp", imported_at=NOW)
    python_peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert batch.rows_accepted == 2_000_000
    assert max(held) < 8 * part.nbytes
    assert python_peak < 5_000_000
