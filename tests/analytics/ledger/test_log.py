import json
from pathlib import Path

import pytest
from deltalake import DeltaTable
from tests.factories.ledger import NOW, product_rows

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.log import DamagedLedgerError, DataFile, LogCache, commit_files, parse_commit, read_logs


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = Ledger.open(tmp_path / "ledger")
    for key in "abc":
        ledger.append("products", product_rows(key), source="erp", imported_at=NOW)
    return ledger


def test_the_log_tells_of_every_commit_in_order(ledger: Ledger) -> None:
    logs = read_logs(ledger.path, LogCache())
    assert [commit.delta_version for commit in logs.commits] == [0, 1, 2, 3]
    assert [commit.metadata and commit.metadata["ledger_version"] for commit in logs.commits] == [None, 1, 2, 3]
    assert [sum(file.rows or 0 for file in commit.added) for commit in logs.commits] == [0, 1, 1, 1]
    assert logs.missing == frozenset()


def test_commits_read_before_are_not_parsed_again(ledger: Ledger) -> None:
    cache = LogCache()
    first, second = (read_logs(ledger.path, cache).commits for _ in range(2))
    assert all(one is two for one, two in zip(first, second, strict=True))


def test_a_gap_is_told(ledger: Ledger) -> None:
    commit_files(ledger.path / "products")[1][1].unlink()
    assert read_logs(ledger.path, LogCache()).missing == {("products", 1)}


def test_other_files_in_the_log_are_left_alone(ledger: Ledger) -> None:
    DeltaTable(ledger.path / "products").create_checkpoint()
    (ledger.path / "products" / "_delta_log" / "_commit_123.json.tmp").write_text("half")
    assert [version for version, _ in commit_files(ledger.path / "products")] == [0, 1, 2, 3]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"add": {}}', b'{"commitInfo": {}}', b'{"protocol": {}}'])
def test_a_damaged_log_is_named(ledger: Ledger, content: bytes) -> None:
    path = commit_files(ledger.path / "products")[2][1]
    path.write_bytes(content)
    with pytest.raises(DamagedLedgerError, match=rf"{path.name} is damaged .*Restore this file from a backup"):
        Ledger.open(ledger.path).versions()
    with pytest.raises(DamagedLedgerError):
        ledger.append("products", product_rows("d"), source="erp", imported_at=NOW)
    assert path.read_bytes() == content


def test_a_log_that_is_no_folder_or_no_file_is_named(ledger: Ledger) -> None:
    path = commit_files(ledger.path / "products")[3][1]
    path.unlink()
    path.mkdir()
    with pytest.raises(DamagedLedgerError, match=r"Cannot read the ledger's log .*03.json: Is a directory"):
        ledger.versions()
    (ledger.path / "customers").mkdir()
    (ledger.path / "customers" / "_delta_log").touch()
    with pytest.raises(DamagedLedgerError, match=r"Cannot read the ledger's log .*customers/_delta_log: Not a directory"):
        ledger.versions()


def test_paths_are_decoded() -> None:
    actions = [
        {"commitInfo": {"timestamp": 0}},
        {"add": {"path": "a%20b.parquet", "size": 1, "stats": None}},
        {"remove": {"path": "%C3%A9.parquet"}},
        {"txn": {}},
    ]
    commit = parse_commit("\n".join(map(json.dumps, actions)).encode(), "products", 4)
    assert commit.added == (DataFile("a b.parquet", 1, None),)
    assert commit.removed == ("é.parquet",)
    assert commit.metadata is None
