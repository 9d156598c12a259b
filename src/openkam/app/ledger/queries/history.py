"""What the ledger tells of itself: batches, versions, what each source brought, and whether it is whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from openkam.analytics.ledger.batch import Batch
from openkam.analytics.ledger.versions import VersionKind
from openkam.app.ledger.queries.facts import in_words, label_of, open_ledger
from openkam.app.people.models import User

STEP_WORDS = {VersionKind.IMPORT: "Import", VersionKind.UNDO: "Undo", VersionKind.ERASE: "A person was erased"}
STEP_SIGNS = {VersionKind.IMPORT: 1, VersionKind.UNDO: -1, VersionKind.ERASE: 0}
"""How a step changes the number of rows: an erasure empties cells and keeps the rows."""


@dataclass(frozen=True, slots=True)
class BatchSearch:
    """Which batches are wanted; empty limits nothing. `state` is `live` or `undone`."""

    source: str = ""
    table: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch as a page shows it."""

    batch_id: str
    table: str
    table_label: str
    source: str
    file_names: tuple[str, ...]
    bytes: int
    rows_accepted: int
    rows_rejected: int
    imported_at: datetime
    ledger_version: int
    undone_in_version: int | None

    @property
    def rows_read(self) -> int:
        """All rows of its files."""
        return self.rows_accepted + self.rows_rejected

    @property
    def is_live(self) -> bool:
        """Whether its rows count today."""
        return self.undone_in_version is None

    @property
    def files_shown(self) -> str:
        """Its first file and how many more."""
        first, *rest = self.file_names or ("Made without a file",)
        return f"{first} and {len(rest)} more" if rest else first


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One step of the ledger, and the rows it held then."""

    ledger_version: int
    committed_at: datetime
    kind: str
    batch: BatchLine
    rows_change: int
    rows: int


@dataclass(frozen=True, slots=True)
class SourceTable:
    """What a source has brought into one table: rows that count today, rows held back, the last import."""

    table: str
    table_label: str
    batches: int
    rows: int
    rejected: int
    last_imported_at: datetime


@dataclass(frozen=True, slots=True)
class LedgerProblem:
    """Something wrong with the ledger's files."""

    where: str
    what: str


def _line(batch: Batch) -> BatchLine:
    return BatchLine(
        batch_id=batch.batch_id,
        table=batch.table,
        table_label=label_of(batch.table),
        source=batch.source,
        file_names=tuple(file.name for file in batch.files),
        bytes=sum(file.bytes for file in batch.files),
        rows_accepted=batch.rows_accepted,
        rows_rejected=batch.rows_rejected,
        imported_at=batch.imported_at,
        ledger_version=batch.ledger_version,
        undone_in_version=batch.undone_in_version,
    )


def latest_version(user: User) -> int:
    """Number of the ledger's newest version; 0 while it is empty."""
    ledger = open_ledger(user)
    with in_words():
        return ledger.latest_version


def batches(user: User, wanted: BatchSearch = BatchSearch()) -> tuple[BatchLine, ...]:
    """The batches, newest first."""
    ledger = open_ledger(user)
    with in_words():
        found = [_line(batch) for batch in reversed(ledger.batches())]
    return narrowed(found, wanted)


def narrowed(lines: Iterable[BatchLine], wanted: BatchSearch) -> tuple[BatchLine, ...]:
    """Those of the batches that are wanted."""
    return tuple(
        line
        for line in lines
        if (not wanted.source or line.source == wanted.source)
        and (not wanted.table or line.table == wanted.table)
        and (not wanted.state or line.is_live == (wanted.state == "live"))
    )


def batch(user: User, batch_id: str) -> BatchLine | None:
    """The batch of that id; None when the ledger has none."""
    return next((line for line in batches(user) if line.batch_id == batch_id), None)


def versions(user: User) -> tuple[VersionLine, ...]:
    """Every step of the ledger with the rows after it, newest first."""
    lines = {line.batch_id: line for line in batches(user)}
    ledger = open_ledger(user)
    steps: list[VersionLine] = []
    rows = 0
    with in_words():
        for version in ledger.versions():
            line = lines[version.batch]
            change = line.rows_accepted * STEP_SIGNS[version.kind]
            rows += change
            steps.append(VersionLine(version.ledger_version, version.committed_at, STEP_WORDS[version.kind], line, change, rows))
    return tuple(reversed(steps))


def problems(user: User) -> tuple[LedgerProblem, ...]:
    """What is wrong with the ledger's files; empty when all is well."""
    ledger = open_ledger(user)
    with in_words():
        return tuple(LedgerProblem(problem.where, problem.what) for problem in ledger.verify())


def brought_by(user: User) -> dict[str, tuple[SourceTable, ...]]:
    """What each source has brought, by the source's name in the ledger; undone batches left out."""
    by_key: dict[tuple[str, str], list[BatchLine]] = {}
    for line in batches(user, BatchSearch(state="live")):
        by_key.setdefault((line.source, line.table), []).append(line)
    brought: dict[str, list[SourceTable]] = {}
    for (source, _), lines in sorted(by_key.items()):
        brought.setdefault(source, []).append(_source_table(lines))
    return {source: tuple(tables) for source, tables in brought.items()}


def _source_table(lines: Sequence[BatchLine]) -> SourceTable:
    return SourceTable(
        lines[0].table,
        lines[0].table_label,
        len(lines),
        sum(line.rows_accepted for line in lines),
        sum(line.rows_rejected for line in lines),
        max(line.imported_at for line in lines),
    )
