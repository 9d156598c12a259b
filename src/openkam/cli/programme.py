"""The programme and its review: init, review."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_template import programme_template
from openkam.analytics.terms import OpenKamError
from openkam.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from openkam.cli.streams import answer, aside, print_json, working
from openkam.cli.summary import print_review
from openkam.cli.workspace import PROGRAMME_FILE, ledger_of, refuse_unusable_folder

if TYPE_CHECKING:
    from openkam.analytics.review.review import Review

subcommands = typer.Typer()


class EngineName(StrEnum):
    """Where a review is computed."""

    DUCKDB = "duckdb"
    SPARK = "spark"


@subcommands.command()
def init(
    home: HomeOption = DEFAULT_HOME,
    currency: Annotated[str, typer.Option("--currency", help="Currency to report in, where the ledger holds several.")] = "",
) -> None:
    """Make a workspace: an empty ledger and a commented programme file to edit.

    Where the ledger holds transactions already, the programme's value functions are drafted from the firm's own accounts.
    """
    target = home / PROGRAMME_FILE
    if target.exists():
        raise OpenKamError(f"{target} exists already and was left as it is: edit it, or move it away to get a fresh one.")
    ledger = ledger_of(home, create=True)
    is_drafted = ledger.at().row_count("transactions") > 0
    if is_drafted:
        from openkam.analytics.review.conduct import drafted_programme  # noqa: PLC0415 - `init` must not wait for the engine

        with aside.status("Measuring your accounts"), working():
            text = drafted_programme(ledger, currency or None)
    else:
        text = programme_template()
    home.mkdir(parents=True, exist_ok=True)
    with target.open("x", encoding="utf-8") as file:
        file.write(text)
    answer.print(f"Workspace {home} is ready. Next:")
    if is_drafted:
        answer.print(f"  edit {target}: its value functions are drafted from your own accounts, and yours to fix")
    else:
        answer.print("  openkam import FILE --table transactions --source NAME")
        answer.print(f"  edit {target}")
    answer.print("  openkam review --out review")


@subcommands.command()
def review(
    home: HomeOption = DEFAULT_HOME,
    as_of: Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Last day whose facts count.")] = None,
    programme: Annotated[Path | None, typer.Option("--programme", help="Programme file (TOML).")] = None,
    engine: Annotated[
        EngineName, typer.Option("--engine", help="spark is for more rows than one machine holds.")
    ] = EngineName.DUCKDB,
    version: Annotated[int | None, typer.Option("--ledger-version", help="Review an earlier version of the ledger.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for review.html, review.xlsx and accounts.parquet.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Search the ledger for key accounts and explain every decision."""
    if out:
        refuse_unusable_folder(out)
    conducted = conduct(
        ledger_of(home),
        programme_of(home, programme),
        as_of=as_of,
        engine=engine.value,
        version=version,
    )
    show(conducted, out, as_json=as_json)


def programme_of(home: Path, asked: Path | None) -> Programme:
    """The programme asked for, else the workspace's own, else the default one, which is said."""
    if asked is not None:
        return Programme.load(asked)
    own = home / PROGRAMME_FILE
    if own.is_file():
        return Programme.load(own)
    aside.print(f"No {own}: the default programme is used. `openkam init` writes one to edit.")
    return Programme.default()


def conduct(
    ledger: Ledger,
    programme: Programme,
    *,
    as_of: datetime | None,
    engine: str,
    version: int | None,
    with_every_measure: bool = False,
) -> "Review":
    """Conduct a review with its steps shown on stderr."""
    with aside.status("Opening the ledger") as status, working():
        from openkam.analytics.review.conduct import conduct_review  # noqa: PLC0415 - `init` must not wait for the engine

        return conduct_review(
            ledger,
            programme,
            as_of=as_of.date() if as_of else None,
            engine=engine,
            version=version,
            with_every_measure=with_every_measure,
            progress=status.update,
        )


def show(conducted: "Review", out: Path | None, *, as_json: bool) -> tuple[Path, ...]:
    """Write the documents where asked and print the answer; gives the paths written."""
    from openkam.analytics.report.document import review_json, write_review  # noqa: PLC0415 - nor for what draws the charts

    written: tuple[Path, ...] = ()
    if out:
        with aside.status("Writing the report"), working():
            written = write_review(conducted, out)
    document = review_json(conducted)
    if as_json:
        print_json(document)
    else:
        print_review(answer, document)
        if not out:
            aside.print("\nWith --out FOLDER the review is written as a page, a workbook and a table.")
    for path in written:
        aside.print(f"Wrote {path}")
    return written
