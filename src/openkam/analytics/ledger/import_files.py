"""The whole import: files in, one batch out. Every row ends as accepted or rejected with its reason, and nothing is left
behind."""

import contextlib
import errno
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import duckdb

from openkam.analytics.ledger.append import Import, refuse_same_file
from openkam.analytics.ledger.batch import Batch, SourceFile, as_utc
from openkam.analytics.ledger.check import FilePlan
from openkam.analytics.ledger.clean_file import stage_clean
from openkam.analytics.ledger.dates import DateOrder
from openkam.analytics.ledger.duplicates import Duplicates, checkable_key, find_duplicates, keys_meanwhile
from openkam.analytics.ledger.expression import text_literal
from openkam.analytics.ledger.import_report import file_report, line_types, notes, summarise_rejects
from openkam.analytics.ledger.import_result import ImportResult, Progress, RejectsFolder
from openkam.analytics.ledger.input_files import (
    PlainFile,
    UnreadableFileError,
    fingerprint,
    list_files,
    refuse_full_disk,
    unpack,
)
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.lock import unwritable
from openkam.analytics.ledger.mapping import ImportMapping, MappingError
from openkam.analytics.ledger.plan import checked_constants, decide_formats, plan_file
from openkam.analytics.ledger.read import Cells, OpenedText, open_file
from openkam.analytics.ledger.rejects import rejects_file
from openkam.analytics.ledger.schema import TABLES, TableSchema
from openkam.analytics.ledger.stage_file import Destination, StagedFile, drop_rows, stage_file
from openkam.analytics.ledger.staging import Staging
from openkam.analytics.ledger.versions import Snapshot, known_table
from openkam.analytics.terms import OpenKamError

MEMORY_LIMIT = "2GB"
Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class _Job:
    """What the caller asked for, checked."""

    table: TableSchema
    source: str
    batch_id: str
    mapping: ImportMapping
    is_matched: bool
    date_order: DateOrder | None
    latest_day: date | None
    again: bool
    progress: Report


def import_files(
    ledger: Ledger,
    paths: Iterable[str | os.PathLike[str]],
    *,
    table: str,
    source: str,
    imported_at: datetime,
    mapping: ImportMapping | None = None,
    dry_run: bool = False,
    again: bool = False,
    date_order: DateOrder | None = None,
    latest_day: date | None,
    progress: Report | None = None,
) -> ImportResult:
    """Import files (CSV, TSV, XLSX, Parquet, also in .gz, .zip and folders) into `table` as one batch.

    Without a mapping, columns are matched by the fields' names. `latest_day` is the last day that facts may carry, today as a
    rule; null checks nothing. `again` takes files and keys that were imported before. A dry run does everything but the commit.
    Nothing is changed when an error is raised: `UnreadableFileError`, `MappingError`, `UnmappedFieldError`, `AmbiguousDateError`,
    `AmbiguousNumberError`, `SameFileError`, `ExpressionError`, or another `OpenKamError`; each says what to do.
    """
    started = time.perf_counter()
    schema = TABLES[known_table(table)]
    if mapping is not None and mapping.table != table:
        raise MappingError(f"The mapping is for {mapping.table}, the import for {table}: give the one that fits.")
    if not source.strip():
        raise OpenKamError("An import needs the name of its source, for example the business unit and the system.")
    listed = list_files(paths)
    total = sum(path.stat().st_size for _, path in listed)
    tell = progress or _say_nothing
    files = _fingerprints(listed, total, tell)
    instant = as_utc(imported_at, "The time of the import")
    wanted = Import(table, source, ledger.new_batch_id(instant), files, instant, again)
    refuse_same_file(ledger.place.history(), wanted)
    job = _Job(
        schema, source, wanted.batch_id, mapping or ImportMapping(table), mapping is None, date_order, latest_day, again, tell
    )
    with _staging(ledger, table, dry_run) as staging, _connection(staging.scratch) as connection:
        snapshot = ledger.at()
        staged = _stage_all(connection, job, listed, total, staging)
        staged, duplicates = _without_duplicates(connection, job, staged, staging, snapshot)
        tell(Progress("committing", "", total, total, sum(s.accepted for s in staged)))
        rejects = _all_rejects(connection, staged, staging)
        rejected, counts, first = summarise_rejects(connection, rejects)
        files_read = tuple(file_report(connection, s) for s in staged)
        result = ImportResult(
            batch=None,
            table=table,
            source=source,
            files=files_read,
            rows_read=sum(s.rows_read for s in staged),
            rows_accepted=sum(s.accepted for s in staged),
            rows_rejected=rejected,
            duplicates=duplicates,
            reject_counts=counts,
            first_rejects=first,
            line_types=line_types(connection, staged),
            notes=notes(staged, files_read, duplicates),
            seconds=0.0,
            rejects_path=None,
        )
        if result.rows_accepted + result.rows_rejected != result.rows_read:
            raise AssertionError(
                f"{result.rows_accepted} accepted and {result.rows_rejected} rejected of {result.rows_read} read"
            )
        if dry_run:
            kept = _keep(rejects)
            path = kept.path / rejects.name if kept and rejects else None
            return replace(result, rejects_path=path, kept=kept, seconds=time.perf_counter() - started)
        batch = _commit(
            connection, ledger, job, wanted=wanted, staged=staged, staging=staging, rejects=rejects, snapshot=snapshot
        )
    path = rejects_file(ledger.path, batch.batch_id) if batch.rows_rejected else None
    return replace(result, batch=batch, rejects_path=path, seconds=time.perf_counter() - started)


def _say_nothing(_: Progress) -> None:
    pass


def _fingerprints(listed: Sequence[tuple[str, Path]], total: int, tell: Report) -> tuple[SourceFile, ...]:
    done = 0
    files: list[SourceFile] = []
    for name, path in listed:

        def advance(count: int, name: str = name) -> None:
            nonlocal done
            done += count
            tell(Progress("reading", name, done, total, 0))

        files.append(fingerprint(name, path, advance))
    return tuple(files)


@contextlib.contextmanager
def _staging(ledger: Ledger, table: str, dry_run: bool) -> Generator[Staging, None, None]:
    """The ledger's staging folder, or a temporary one for a dry run, which must not even create a ledger."""
    if not dry_run:
        with ledger.stage(table) as staging:
            yield staging
        return
    with tempfile.TemporaryDirectory(prefix="openkam-dry-run-") as folder:
        staging = Staging(table, Path(folder) / "data", Path(folder) / "scratch")
        staging.path.mkdir()
        staging.scratch.mkdir()
        yield staging


@contextlib.contextmanager
def _connection(scratch: Path) -> Generator[duckdb.DuckDBPyConnection, None, None]:
    """An own DuckDB in memory, bounded, spilling into the staging folder, that never loads anything from elsewhere."""
    spill = scratch / "spill"
    spill.mkdir()
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(spill),
        "preserve_insertion_order": "true",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(config=config) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        try:
            yield connection
        except duckdb.IOException as error:
            raise _told_by_the_disk(error, scratch) from error


def _told_by_the_disk(error: duckdb.IOException, folder: Path) -> OpenKamError:
    """What a failure that DuckDB met while staging in `folder` means: no room to write in most cases."""
    message = str(error)
    number = re.search(r'"errno":\s*"(\d+)"', message)
    reason = OSError(int(number[1]), os.strerror(int(number[1]))) if number else OSError(message.splitlines()[0])
    if "write" in message.lower() or reason.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return unwritable(folder, reason)
    return UnreadableFileError(f"A file could not be read: {reason.strerror or reason}; nothing was imported.")


def _stage_all(
    connection: duckdb.DuckDBPyConnection, job: _Job, listed: Sequence[tuple[str, Path]], total: int, staging: Staging
) -> list[StagedFile]:
    constants = checked_constants(connection, job.table, job.mapping)
    job = replace(job, mapping=replace(job.mapping, constants=constants))
    staged: list[StagedFile] = []
    refuse_full_disk(", ".join(name for name, _ in listed[:3]), total // 2, staging.scratch)
    done = 0
    for name, path in listed:
        unpacked = staging.scratch / "unpacked"
        unpacked.mkdir(exist_ok=True)
        for file in unpack(name, path, unpacked):
            job.progress(Progress("checking", file.name, done, total, sum(s.accepted for s in staged)))
            staged.append(_stage_one(connection, job, file, staging, len(staged)))
        done += path.stat().st_size
    empty = [s.plan.cells.name for s in staged if not s.rows_read]
    if len(empty) == len(staged):
        raise UnreadableFileError(f"{', '.join(empty)}: has the names of the columns but no row; nothing was imported.")
    return staged


def _stage_one(connection: duckdb.DuckDBPyConnection, job: _Job, file: PlainFile, staging: Staging, index: int) -> StagedFile:
    scratch = staging.scratch / f"file-{index:05d}"
    scratch.mkdir()
    if file.path.parent == staging.scratch / "unpacked":
        # The cells must outlast the next member of the archive; a rename within the folder costs nothing.
        file = PlainFile(file.name, file.path.replace(scratch / file.path.name))
    to = Destination(staging.path / f"part-{index:05d}.parquet", scratch, f"cells_{index}", job.source, job.batch_id)
    opened = open_file(connection, file, scratch, job.mapping.format)
    if isinstance(opened, OpenedText):
        plan = _plan(job, opened.unread())
        if opened.may_be_clean and (
            clean := stage_clean(connection, opened, plan, mapping=job.mapping, date_order=job.date_order, to=to)
        ):
            return clean
        opened = opened.read(connection, scratch, to.table)
    plan = decide_formats(connection, _plan(job, opened), job.mapping, job.date_order)
    return stage_file(connection, plan, to)


def _plan(job: _Job, cells: Cells) -> FilePlan:
    return plan_file(cells, job.table, job.mapping, job.is_matched, job.latest_day)


def _without_duplicates(
    connection: duckdb.DuckDBPyConnection, job: _Job, staged: list[StagedFile], staging: Staging, snapshot: Snapshot
) -> tuple[list[StagedFile], Duplicates]:
    known = [] if job.again else snapshot.uris(job.table.name)
    duplicates = find_duplicates(connection, staged, job.mapping, job.source, known)
    dropped = {index for (index,) in connection.execute("SELECT DISTINCT file_index FROM drops").fetchall()}
    return [
        drop_rows(connection, s, index, staging.scratch / f"file-{index:05d}") if index in dropped else s
        for index, s in enumerate(staged)
    ], duplicates


def _all_rejects(connection: duckdb.DuckDBPyConnection, staged: Sequence[StagedFile], staging: Staging) -> Path | None:
    """All rejects in one file, in the order of the files and rows; None when there are none."""
    pieces = [path for s in staged for path in s.rejects]
    if not pieces:
        return None
    rows = " UNION ALL ".join(
        f"SELECT {index} AS place, * FROM read_parquet({text_literal(str(path))})"
        for index, s in enumerate(staged)
        for path in s.rejects
    )
    connection.execute(
        f"COPY (SELECT * EXCLUDE (place) FROM ({rows}) ORDER BY place, row_number) TO {text_literal(str(staging.rejects_path))} "
        "(FORMAT parquet, COMPRESSION zstd)"
    )
    return staging.rejects_path


def _keep(rejects: Path | None) -> RejectsFolder | None:
    if rejects is None:
        return None
    kept = RejectsFolder(Path(tempfile.mkdtemp(prefix="openkam-rejects-")))
    shutil.move(rejects, kept.path / rejects.name)
    return kept


def _commit(
    connection: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    job: _Job,
    *,
    wanted: Import,
    staged: Sequence[StagedFile],
    staging: Staging,
    rejects: Path | None,
    snapshot: Snapshot,
) -> Batch:
    key = checkable_key(staged, job.mapping)

    def refuse_keys_meanwhile(newest: Snapshot) -> None:
        new_files = [] if job.again else sorted(set(newest.uris(job.table.name)) - set(snapshot.uris(job.table.name)))
        if count := keys_meanwhile(connection, staged, key, job.source, new_files):
            raise OpenKamError(
                f"Another import brought {count:,} of the same keys into {job.table.name} of {job.source} in the meantime; "
                "nothing was "
                "imported. Run the import again."
            )

    return ledger.append(
        wanted.table,
        staging,
        source=wanted.source,
        imported_at=wanted.imported_at,
        batch_id=wanted.batch_id,
        files=wanted.files,
        rejects=rejects,
        again=wanted.again,
        precommit=refuse_keys_meanwhile,
    )
