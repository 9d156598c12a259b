"""Facts in and out: import, undo, batches, rejects, verify."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from openkam.analytics.ledger.batch import Batch
from openkam.analytics.ledger.dates import DateOrder
from openkam.analytics.ledger.import_files import import_files
from openkam.analytics.ledger.import_result import ImportResult
from openkam.analytics.ledger.import_result import Progress as ImportProgress
from openkam.analytics.ledger.mapping import load_mapping
from openkam.analytics.ledger.reject_file import write_reject_csv
from openkam.analytics.ledger.rejects import rejects_file
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.ledger.suggest import suggest_mapping
from openkam.analytics.terms import OpenKamError
from openkam.cli.import_summary import print_import
from openkam.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from openkam.cli.streams import answer, aside, print_json, print_text, working
from openkam.cli.workspace import ledger_of, now

subcommands = typer.Typer()


@subcommands.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="CSV, TSV, XLSX or Parquet files, also .gz and .zip, or folders of them.")],
    table: Annotated[str, typer.Option("--table", help=f"Where the rows go: {', '.join(TABLES)}.")] = "",
    source: Annotated[str, typer.Option("--source", help="Business unit and system the files come from.")] = "",
    mapping: Annotated[Path | None, typer.Option("--mapping", help="How columns become fields (TOML).")] = None,
    suggest: Annotated[bool, typer.Option("--suggest-mapping", help="Print a drafted mapping and import nothing.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything but the commit.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Count a file that was imported before once more.")] = False,
    date_order: Annotated[
        DateOrder | None, typer.Option("--date-order", help="How 03/04/2026 is to be read where the file does not tell.")
    ] = None,
    rejects: Annotated[Path | None, typer.Option("--rejects", help="Write the rejected rows to this CSV file.")] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Import files as one batch: every row ends as accepted or rejected, with its reason."""
    mapped = load_mapping(mapping) if mapping else None
    into = table or (mapped.table if mapped else "")
    if not into:
        raise typer.BadParameter(f"name the table the rows go to: one of {', '.join(TABLES)}.", param_hint="--table")
    if suggest and as_json:
        raise typer.BadParameter("a mapping is TOML: leave out --json.", param_hint="--suggest-mapping")
    if suggest:
        print_text(suggest_mapping(files, into))
        return
    named = source or (mapped.source if mapped else None) or ""
    if not named:
        raise typer.BadParameter("name the business unit and system the files come from.", param_hint="--source")
    if rejects:
        refuse_unusable_reject_file(rejects, files)
    acting_at = now()
    with shown_progress() as progress, working():
        result = import_files(
            ledger_of(home, create=True),
            files,
            table=into,
            source=named,
            imported_at=acting_at,
            mapping=mapped,
            dry_run=dry_run,
            again=again,
            date_order=date_order,
            latest_day=acting_at.date(),
            progress=progress,
        )
    if rejects and result.rows_rejected:
        write_rejects(result, rejects)
    if as_json:
        print_json(result.document())
    else:
        print_import(answer, result, rejects)


def refuse_unusable_reject_file(rejects: Path, files: list[Path]) -> None:
    """Raise before the import where its rejects could not be written, or would take the place of what is imported."""
    if rejects.is_dir() or not rejects.absolute().parent.is_dir():
        raise OpenKamError(f"{rejects} cannot be written: name a CSV file in a folder that exists with --rejects.")
    if any(file.exists() and rejects.exists() and file.samefile(rejects) for file in files):
        raise OpenKamError(f"{rejects} is imported by this very command: name another file with --rejects.")


def write_rejects(result: ImportResult, rejects: Path) -> None:
    """Write the rejects of an import that is committed by now, so a refusal must not sound as if it were not."""
    try:
        result.reject_csv(rejects)
    except OSError as error:
        if result.batch is None:
            raise
        raise OpenKamError(
            f"Batch {result.batch.batch_id} is imported, but its rejected rows could not be written to {rejects} "
            f"({error.strerror}): run `openkam rejects {result.batch.batch_id} --out FILE`."
        ) from error


@contextmanager
def shown_progress() -> Generator[Callable[[ImportProgress], None]]:
    """A progress bar on stderr that an import reports to."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    # Into a file a bar would write nothing but an empty line.
    with Progress(*columns, console=aside, transient=True, disable=not aside.is_terminal) as bar:
        task = bar.add_task("Opening", total=None)

        def show(progress: ImportProgress) -> None:
            words = f"{progress.step.capitalize()} {progress.file}".strip()
            bar.update(task, description=words, completed=progress.bytes_done, total=progress.bytes_total)

        yield show


@subcommands.command()
def undo(
    batch: Annotated[str, typer.Argument(help="The batch to take back; `openkam batches` lists them.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Take a whole import back. The ledger version before stays readable."""
    version = ledger_of(home).undo(batch, now())
    if as_json:
        print_json({"batch": batch, "ledger_version": version.ledger_version})
    else:
        answer.print(f"Batch {batch} is undone; the ledger is at version {version.ledger_version}.")


@subcommands.command()
def batches(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """List every import, the undone ones too."""
    found = ledger_of(home).batches()
    if as_json:
        print_json([batch_document(batch) for batch in found])
        return
    if not found:
        answer.print("Nothing was imported yet: run `openkam import FILE --table transactions --source NAME`.")
    for batch in found:
        undone = f", undone in version {batch.undone_in_version}" if batch.undone_in_version else ""
        answer.print(
            f"{batch.batch_id}  version {batch.ledger_version}  {batch.table} from {batch.source}: "
            f"{batch.rows_accepted:,} rows, {batch.rows_rejected:,} rejected{undone}",
            markup=False,
            soft_wrap=True,  # one batch, one line: a script reads it so
        )


def batch_document(batch: Batch) -> dict[str, object]:
    """A batch as JSON."""
    return {
        "batch": batch.batch_id,
        "ledger_version": batch.ledger_version,
        "table": batch.table,
        "source": batch.source,
        "files": [file.name for file in batch.files],
        "rows_accepted": batch.rows_accepted,
        "rows_rejected": batch.rows_rejected,
        "imported_at": batch.imported_at.isoformat(),
        "undone_in_version": batch.undone_in_version,
    }


@subcommands.command()
def rejects(
    batch: Annotated[str, typer.Argument(help="The batch whose rejected rows are wanted.")],
    out: Annotated[Path, typer.Option("--out", help="CSV file to write, with the original columns.")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Write the rejected rows of an import to be mended and imported again."""
    ledger = ledger_of(home)
    found = ledger.batch(batch)
    if not found.rows_rejected:
        raise OpenKamError(f"Batch {batch} has no rejected rows.")
    rows = write_reject_csv(rejects_file(ledger.path, found.batch_id), out)
    answer.print(f"Wrote {rows:,} rows to {out}: mend them and import that file.")


@subcommands.command()
def verify(home: HomeOption = DEFAULT_HOME) -> None:
    """Check that every file of the ledger is there and its log has no gap."""
    ledger = ledger_of(home)
    problems = ledger.verify()
    if problems:
        lines = "\n".join(f"  {problem.where}: {problem.what}" for problem in problems)
        raise OpenKamError(f"The ledger has {len(problems)} problems; restore it from a backup.\n{lines}")
    answer.print(f"The ledger is whole: {ledger.latest_version} versions, {len(ledger.batches())} batches.")
