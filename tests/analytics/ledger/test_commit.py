import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from deltalake import DeltaTable
from tests.factories.ledger import NOW, product_rows, read, reject_rows, transaction_rows

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.lock import UnwritableLedgerError
from openkam.analytics.terms import OpenKamError


@contextmanager
def files_limited_to(length_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = Ledger.open(tmp_path / "ledger")
    ledger.append("products", product_rows("a"), source="erp", imported_at=NOW)
    return ledger


def test_a_log_never_expires(ledger: Ledger) -> None:
    properties = DeltaTable(ledger.path / "products").metadata().configuration
    assert properties["delta.enableExpiredLogCleanup"] == "false"


def test_delta_reads_the_same_rows_at_the_same_version(ledger: Ledger) -> None:
    ledger.append("products", product_rows("b", "c"), source="erp", imported_at=NOW)
    for version in ledger.versions():
        delta = DeltaTable(ledger.path / "products", version=version.delta_version)
        assert sum(delta.get_add_actions()["num_records"].to_pylist()) == ledger.at(version.ledger_version).row_count("products")


def test_a_place_that_is_taken_is_a_clear_error_and_nothing_is_left(ledger: Ledger) -> None:
    (ledger.path / "products" / "b1-00000.parquet").mkdir()
    with pytest.raises(UnwritableLedgerError, match=r"Is a directory\. Nothing was changed"):
        ledger.append("products", product_rows("b"), source="erp", imported_at=NOW, batch_id="b1", rejects=reject_rows(1))
    assert ledger.latest_version == 1
    assert not (ledger.path / "rejects").exists()


def test_a_table_delta_cannot_read_takes_no_commit(ledger: Ledger) -> None:
    DeltaTable(ledger.path / "products").create_checkpoint()
    (checkpoint,) = (ledger.path / "products" / "_delta_log").glob("*.checkpoint.parquet")
    checkpoint.write_bytes(b"PAR1")
    with pytest.raises(OpenKamError, match=r"The table products of the ledger at .* refused the commit"):
        ledger.append("products", product_rows("b"), source="erp", imported_at=NOW)
    assert ledger.latest_version == 1
    assert len(list((ledger.path / "products").glob("*.parquet"))) == 1


def test_a_disk_that_fills_up_leaves_the_version_before(ledger: Ledger) -> None:
    with files_limited_to(1_500), pytest.raises(UnwritableLedgerError, match="File too large"):
        ledger.append("transactions", transaction_rows(200_000), source="erp", imported_at=NOW)
    assert ledger.at().tables == ("products",)


def test_a_checkpoint_that_fails_does_not_fail_the_import(ledger: Ledger) -> None:
    DeltaTable(ledger.path / "products").alter.set_table_properties({"delta.checkpointInterval": "1"})
    with files_limited_to(4_000):
        batch = ledger.append("products", product_rows("b"), source="erp", imported_at=NOW)
    newest = ledger.versions()[-1].delta_version
    log_files = {path.name for path in (ledger.path / "products" / "_delta_log").iterdir()}
    assert f"{newest:020d}.json" in log_files
    assert f"{newest:020d}.checkpoint.parquet" not in log_files
    assert ledger.batches()[-1] == batch
    assert read(ledger.at(), "products")["product_key"].to_pylist() == ["a", "b"]
    assert ledger.verify() == []


@pytest.mark.parametrize("is_committed", [True, False])
def test_an_interrupt_is_passed_on_and_the_ledger_stands_before_or_after(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, is_committed: bool
) -> None:
    commit = DeltaTable.create_write_transaction

    def interrupted(*given: object, **named: object) -> None:
        if is_committed:
            commit(*given, **named)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(DeltaTable, "create_write_transaction", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ledger.append("products", product_rows("b"), source="erp", imported_at=NOW)
    monkeypatch.undo()
    assert read(ledger.at(), "products")["product_key"].to_pylist() == (["a", "b"] if is_committed else ["a"])
    assert len(list((ledger.path / "products").glob("*.parquet"))) == 1 + is_committed
    ledger.append("products", product_rows("c"), source="erp", imported_at=NOW)
    assert ledger.verify() == []


def test_files_of_other_programs_are_never_swept(ledger: Ledger) -> None:
    mine = ledger.path / "products" / "export.parquet"
    mine.write_text("mine")
    killed = [ledger.path / "products" / "b9-00000.parquet", ledger.path / "rejects" / "b9.parquet"]
    for path in killed:
        path.parent.mkdir(exist_ok=True)
        path.write_text("an import that was killed")
    ledger.append("products", product_rows("b"), source="erp", imported_at=NOW)
    assert mine.exists()
    assert [path for path in killed if path.exists()] == []
