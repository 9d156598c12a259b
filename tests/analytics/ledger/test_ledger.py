from datetime import datetime
from pathlib import Path

import pytest
from tests.factories.ledger import NOW, product_rows, read

from openkam.analytics.ledger.ledger import Ledger, NotALedgerError
from openkam.analytics.ledger.lock import UnwritableLedgerError
from openkam.analytics.terms import OpenKamError


def test_a_path_that_does_not_exist_is_an_empty_ledger_and_opening_it_creates_nothing(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger")
    assert ledger.latest_version == 0
    assert ledger.versions() == ledger.batches() == ()
    assert ledger.at().is_empty
    assert ledger.at().uris("customers") == []
    assert ledger.verify() == []
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_becomes_a_ledger_by_the_first_write(tmp_path: Path) -> None:
    Ledger.open(str(tmp_path)).append("products", product_rows("a"), source="erp", imported_at=NOW)
    assert Ledger.open(tmp_path).at().row_count("products") == 1


def test_a_relative_path_gives_absolute_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ledger = Ledger.open("my ledger/für alle")
    ledger.append("products", product_rows("a"), source="erp", imported_at=NOW)
    monkeypatch.chdir("/")
    assert ledger.path == tmp_path / "my ledger" / "für alle"
    assert read(ledger.at(), "products")["product_key"].to_pylist() == ["a"]
    assert ledger.verify() == []


def test_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text("a,b")
    with pytest.raises(NotALedgerError, match=r"sales\.csv is a file, not a ledger: give the folder"):
        Ledger.open(path)


def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(NotALedgerError, match="is not empty and not a ledger"):
        Ledger.open(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_ledger_of_a_later_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "openkam-ledger.json").write_text('{"format": "openkam-ledger", "format_version": 2}')
    with pytest.raises(NotALedgerError, match="has format 2, this OpenKAM reads 1"):
        Ledger.open(tmp_path)


def test_a_marker_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "openkam-ledger.json").write_text("half a wo")
    with pytest.raises(NotALedgerError, match="cannot be read"):
        Ledger.open(tmp_path)


def test_a_marker_being_written_by_another_process_is_no_foreign_folder(tmp_path: Path) -> None:
    (tmp_path / "openkam-ledger.json.4711").write_text("")
    assert Ledger.open(tmp_path).latest_version == 0


def test_an_unknown_table_is_named_with_those_there_are(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger")
    with pytest.raises(OpenKamError, match=r"no table 'sales'.*customers, products, transactions"):
        ledger.append("sales", product_rows("a"), source="erp", imported_at=NOW)
    with pytest.raises(OpenKamError, match="no table 'sales'"):
        ledger.stage("sales")
    with pytest.raises(OpenKamError, match="no table 'sales'"):
        ledger.at().uris("sales")
    assert not ledger.path.exists()


def test_an_import_needs_a_source(tmp_path: Path) -> None:
    with pytest.raises(OpenKamError, match="name of its source"):
        Ledger.open(tmp_path).append("products", product_rows("a"), source=" ", imported_at=NOW)


def test_an_import_needs_an_instant(tmp_path: Path) -> None:
    local = datetime(2024, 3, 1)  # noqa: DTZ001
    with pytest.raises(OpenKamError, match="time of the import is 2024-03-01T00:00:00 without a time zone"):
        Ledger.open(tmp_path).append("products", product_rows("a"), source="erp", imported_at=local)


def test_a_batch_id_that_is_no_file_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OpenKamError, match="becomes part of file names"):
        Ledger.open(tmp_path).append("products", product_rows("a"), source="erp", imported_at=NOW, batch_id="../../etc")


def test_a_staging_without_its_batch_id_is_refused(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    with ledger.stage("products") as staging, pytest.raises(OpenKamError, match="give the same one as batch_id"):
        ledger.append("products", staging, source="erp", imported_at=NOW)


def test_a_place_where_no_folder_can_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotALedgerError, match="file/ledger cannot be read: Not a directory"):
        Ledger.open(tmp_path / "file" / "ledger")


def test_a_file_that_takes_the_place_of_the_folder_after_opening_is_a_clear_error(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "later" / "ledger")
    (tmp_path / "later").touch()
    with pytest.raises(UnwritableLedgerError, match="later/ledger: Not a directory"):
        ledger.append("products", product_rows("a"), source="erp", imported_at=NOW)


def test_an_address_is_not_taken_for_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotALedgerError, match="s3://bucket/ledger is an address, and a ledger lies in a folder"):
        Ledger.open("s3://bucket/ledger")


def test_a_link_to_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    with pytest.raises(NotALedgerError, match="is a file, not a ledger"):
        Ledger.open(tmp_path / "link")
