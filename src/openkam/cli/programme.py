"""The programme and its review: init, review."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.report.document import review_json, write_review
from openkam.analytics.review.conduct import conduct_review, drafted_programme
from openkam.analytics.review.review import Review
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_template import programme_template
from openkam.analytics.terms import OpenKamError
from openkam.cli.command import DEFAULT_HOME, HomeOption, JsonOption, answer, app, aside, ledger_of
from openkam.cli.summary import print_review

PROGRAMME_FILE = "programme.toml"


@app.command()
def init(home: HomeOption = DEFAULT_HOME) -> None:
    """Make a workspace: an empty ledger and a commented programme file to edit."""
    target = home / PROGRAMME_FILE
    if target.exists():
        raise OpenKamError(f"{target} exists already and was left as it is: edit it, or move it away to get a fresh one.")
    ledger = ledger_of(home, create=True)
    home.mkdir(parents=True, exist_ok=True)
    if ledger.at().row_count("transactions"):
        text = drafted_programme(ledger)
        aside.print(
            "The value functions are drafted from your own accounts: look them over, they are yours to fix.", markup=False
        )
    else:
        text = programme_template()
    target.write_text(text, encoding="utf-8")
    answer.print(f"Workspace {home} is ready. Next:", markup=False)
    answer.print("  openkam import FILE --table transactions --source NAME", markup=False)
    answer.print(f"  edit {target}", markup=False)
    answer.print("  openkam review --out review", markup=False)


@app.command()
def review(
    home: HomeOption = DEFAULT_HOME,
    as_of: Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Last day whose facts count.")] = None,
    programme: Annotated[Path | None, typer.Option("--programme", help="Programme file (TOML).")] = None,
    engine: Annotated[str, typer.Option("--engine", help="duckdb, or spark for more than one machine holds.")] = "duckdb",
    version: Annotated[int | None, typer.Option("--ledger-version", help="Review an earlier version of the ledger.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for review.html, review.xlsx and accounts.parquet.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Search the ledger for key accounts and explain every decision."""
    conducted = conduct(
        ledger_of(home),
        programme_of(home, programme),
        as_of=as_of,
        engine=engine,
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
    aside.print(f"No {own}: the default programme is used. `openkam init` writes one to edit.", markup=False)
    return Programme.default()


def conduct(ledger: Ledger, programme: Programme, *, as_of: datetime | None, engine: str, version: int | None) -> Review:
    """Conduct a review with its steps shown on stderr."""
    with aside.status("Opening the ledger") as status:
        return conduct_review(
            ledger,
            programme,
            as_of=as_of.date() if as_of else None,
            engine=engine,
            version=version,
            progress=status.update,
        )


def show(conducted: Review, out: Path | None, *, as_json: bool) -> tuple[Path, ...]:
    """Write the documents where asked and print the answer; gives the paths written."""
    written = write_review(conducted, out) if out else ()
    document = review_json(conducted)
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print_review(answer, document)
        if not out:
            aside.print("\nWith --out FOLDER the review is written as a page, a workbook and a table.", markup=False)
    for path in written:
        aside.print(f"Wrote {path}", markup=False)
    return written
