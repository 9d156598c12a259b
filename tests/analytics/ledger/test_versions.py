import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.factories.ledger import NOW, product_rows, read, source_file

from openkam.analytics.ledger.append import SameFileError
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.log import Commit, DamagedLedgerError, DataFile, LogCache, Logs, commit_files
from openkam.analytics.ledger.undo import UndoneBatchError
from openkam.analytics.ledger.versions import VersionKind, read_history, replay
from openkam.analytics.terms import OpenKamError

COLUMNS = {"products": ["product_key", "name"], "customers": ["customer_key", "name"]}
tables = st.sampled_from(sorted(COLUMNS))
sources = st.sampled_from(["erp", "shop"])
keys = st.lists(st.sampled_from("abcdef"), max_size=4)

Rows = Counter[tuple[str, str, str]]
"""Rows of one table as the model keeps them: key, source, batch."""


class LedgerMachine(RuleBasedStateMachine):
    """Appends and undoes at random beside a model that keeps every version's rows in plain dictionaries."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.ledger = Ledger.open(Path(self.folder.name) / "ledger")
        self.model: list[dict[str, Rows]] = [{table: Counter() for table in COLUMNS}]
        self.live: dict[str, tuple[str, str, str, int]] = {}
        self.undone: list[str] = []
        self.at = NOW

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(table=tables, source=sources, given=keys, content=st.sampled_from(["one", "two", "three"]), again=st.booleans())
    def append(self, table: str, source: str, given: list[str], content: str, again: bool) -> None:
        self.at += timedelta(seconds=1)
        rows = product_rows(*given).rename_columns(COLUMNS[table]).cast(product_rows("a").rename_columns(COLUMNS[table]).schema)
        files = (source_file(content),)
        is_known = any(known[:3] == (table, source, content) and known[3] for known in self.live.values())
        if is_known and not again:
            with pytest.raises(SameFileError):
                self.ledger.append(table, rows, source=source, imported_at=self.at, files=files)
            return
        batch = self.ledger.append(table, rows, source=source, imported_at=self.at, files=files, again=again)
        self.live[batch.batch_id] = (table, source, content, len(given))
        after = {name: rows_before.copy() for name, rows_before in self.model[-1].items()}
        after[table].update((key, source, batch.batch_id) for key in given)
        self.model.append(after)

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        self.at += timedelta(seconds=1)
        batch_id = data.draw(st.sampled_from(sorted(self.live)))
        version = self.ledger.undo(batch_id, self.at)
        table = self.live.pop(batch_id)[0]
        self.undone.append(batch_id)
        after = {name: rows_before.copy() for name, rows_before in self.model[-1].items()}
        after[table] = Counter({row: count for row, count in after[table].items() if row[2] != batch_id})
        self.model.append(after)
        assert (version.ledger_version, version.kind, version.batch) == (len(self.model) - 1, VersionKind.UNDO, batch_id)

    @precondition(lambda self: self.undone)
    @rule(data=st.data())
    def undo_twice(self, data: st.DataObject) -> None:
        with pytest.raises(UndoneBatchError):
            self.ledger.undo(data.draw(st.sampled_from(self.undone)), self.at)

    @rule()
    def open_again(self) -> None:
        self.ledger = Ledger.open(self.ledger.path)

    @rule(data=st.data())
    def read_a_version(self, data: st.DataObject) -> None:
        version = data.draw(st.integers(0, len(self.model) - 1))
        snapshot = self.ledger.at(version)
        for table, expected in self.model[version].items():
            stored = read(snapshot, table)
            found = Counter(zip(*(stored[name].to_pylist() for name in (COLUMNS[table][0], "source", "batch_id")), strict=True))
            assert found == expected
            assert snapshot.row_count(table) == expected.total()
            assert set(snapshot.sources(table)) == {source for _, source, _ in expected}
        assert set(snapshot.tables) == {table for table, rows in self.model[version].items() if rows}
        assert snapshot.is_empty == (not snapshot.tables)

    @invariant()
    def versions_are_gapless_and_the_files_agree(self) -> None:
        versions = self.ledger.versions()
        assert [version.ledger_version for version in versions] == list(range(1, len(self.model)))
        assert self.ledger.latest_version == len(self.model) - 1
        assert {batch.batch_id for batch in self.ledger.batches() if batch.is_live} == set(self.live)
        assert self.ledger.verify() == []


LedgerMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
test_a_snapshot_always_equals_the_model = LedgerMachine.TestCase


def test_a_snapshot_does_not_change_with_what_comes_after(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    batch = ledger.append("products", product_rows("a"), source="erp", imported_at=NOW)
    before = ledger.at()
    ledger.undo(batch.batch_id, NOW)
    ledger.append("products", product_rows("b"), source="erp", imported_at=NOW)
    assert ledger.at(1) == before
    assert ledger.at(1).batches == (batch,)
    assert ledger.at(2).is_empty
    assert ledger.batch(batch.batch_id).undone_in_version == 2
    assert read(before, "products")["product_key"].to_pylist() == ["a"]


@pytest.mark.parametrize("version", [-1, 2, 99])
def test_a_version_that_is_not_there_is_refused(tmp_path: Path, version: int) -> None:
    ledger = Ledger.open(tmp_path)
    ledger.append("products", product_rows("a"), source="erp", imported_at=NOW)
    with pytest.raises(OpenKamError, match=rf"has no version {version}: give one from 0 \(empty\) to 1"):
        ledger.at(version)


def test_an_unknown_batch_is_named_with_the_newest_known(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    with pytest.raises(OpenKamError, match=r"no batch 'x' .*the ledger has none yet"):
        ledger.batch("x")
    for n in range(7):
        ledger.append("products", product_rows("a"), source="erp", imported_at=NOW, batch_id=f"b{n}")
    with pytest.raises(OpenKamError, match="the newest are b6, b5, b4, b3, b2"):
        ledger.batch("x")


def commit(number: int, table: str = "products", kind: str = "import", batch: str | None = None, **changes: object) -> Commit:
    metadata = {
        "kind": kind, "ledger_version": number, "batch_id": batch or f"b{number}", "source": "erp", "files": [],
        "rows_accepted": 1, "rows_rejected": 0, "at": NOW.isoformat(),
    }  # fmt: skip
    metadata |= changes
    return Commit(
        table, number, NOW, {k: v for k, v in metadata.items() if v is not None}, (DataFile(f"{number}.parquet", 1, 1),), ()
    )


def test_history_ends_before_the_first_gap_and_tells_what_is_missing() -> None:
    logs = Logs((commit(1), commit(4, "customers"), commit(2)), frozenset({("products", 0)}))
    history, missing = replay(Path("/ledger"), logs)
    assert history.latest_version == 2
    assert missing == {"ledger version 3", "Delta commit 0 of products"}


@pytest.mark.parametrize(
    "commits",
    [
        (commit(1), commit(1, "customers", batch="other")),
        (commit(1), commit(2, batch="b1")),
        (commit(1), commit(2, kind="undo")),
        (commit(1, kind="merge"),),
        (commit(1, ledger_version=None),),
        (commit(1, source=None),),
        (commit(1, files=[{"nme": "x"}]),),
        (commit(1, at="yesterday"),),
    ],
    ids=["version twice", "batch twice", "undo of nothing", "unknown kind", "no version", "no source", "odd file", "odd time"],
)
def test_a_history_that_makes_no_sense_is_refused(commits: tuple[Commit, ...]) -> None:
    with pytest.raises(DamagedLedgerError, match="in the ledger at /ledger makes no sense"):
        replay(Path("/ledger"), Logs(commits, frozenset()))


@pytest.fixture
def three_versions(tmp_path: Path) -> Ledger:
    ledger = Ledger.open(tmp_path / "ledger")
    ledger.append("products", product_rows("a"), source="erp", imported_at=NOW)
    ledger.append("customers", product_rows("b").rename_columns(COLUMNS["customers"]), source="erp", imported_at=NOW)
    ledger.append("products", product_rows("c"), source="erp", imported_at=NOW)
    return ledger


def test_a_lost_commit_is_named_and_stops_reading_and_writing(three_versions: Ledger) -> None:
    commit_files(three_versions.path / "customers")[1][1].unlink()
    with pytest.raises(DamagedLedgerError, match=r"lacks ledger version 2: restore the missing log files from a backup"):
        three_versions.at()
    with pytest.raises(DamagedLedgerError):
        three_versions.append("products", product_rows("d"), source="erp", imported_at=NOW)


def test_a_commit_that_appears_while_the_logs_are_listed_is_no_gap(three_versions: Ledger) -> None:
    log_file = commit_files(three_versions.path / "customers")[1][1]
    content = log_file.read_bytes()
    log_file.unlink()

    class Commits(dict[tuple[str, int, int, int], Commit]):
        """Puts the missing commit in its place once the first listing has gone past it."""

        def __setitem__(self, key: tuple[str, int, int, int], value: Commit) -> None:
            super().__setitem__(key, value)
            if value.delta_version == 2:
                log_file.write_bytes(content)

    assert read_history(three_versions.path, LogCache(Commits())).latest_version == 3
