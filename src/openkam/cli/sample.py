"""The sample company: demo."""

from pathlib import Path
from typing import Annotated

import typer

from openkam.analytics.sample.company import load_sample, sample_programme_text
from openkam.analytics.selection.programme import Programme
from openkam.analytics.terms import OpenKamError
from openkam.cli.command import DEFAULT_HOME, HomeOption, JsonOption, app, aside, ledger_of, now
from openkam.cli.programme import PROGRAMME_FILE, conduct, show


@app.command()
def demo(
    home: HomeOption = DEFAULT_HOME,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the report (default: review in the workspace).")] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the site afterwards.")] = True,
    as_json: JsonOption = False,
) -> None:
    """A workspace with the sample company, its first review and the report."""
    target = home / PROGRAMME_FILE
    ledger = ledger_of(home, create=True)
    if ledger.latest_version == 0:
        with aside.status("Loading Wide World Importers, the sample company"):
            load_sample(ledger, now())
        target.write_text(sample_programme_text(), encoding="utf-8")
    elif not target.is_file():
        raise OpenKamError(f"{home} holds a ledger that is not the demo's: name an empty folder with --home.")
    conducted = conduct(ledger, Programme.load(target), as_of=None, engine="duckdb", version=None)
    written = show(conducted, out or home / "review", as_json=as_json)
    page = next(path for path in written if path.suffix == ".html")
    aside.print(f"\nOpen the report: {page.resolve().as_uri()}", markup=False)
    if serve:
        aside.print("The site is not part of this version yet: the report above is the whole review.", markup=False)
