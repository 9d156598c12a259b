"""The sample company: demo."""

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from openkam.analytics.ledger.ledger import Ledger
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
    if not (home / "ledger").exists():
        fill(home)
    elif not target.is_file():
        raise OpenKamError(f"{home} holds a ledger that is not the demo's: name an empty folder with --home.")
    conducted = conduct(ledger_of(home), Programme.load(target), as_of=None, engine="duckdb", version=None)
    written = show(conducted, out or home / "review", as_json=as_json)
    page = next(path for path in written if path.suffix == ".html")
    aside.print(f"\nOpen the report: {page.resolve().as_uri()}", markup=False)
    if serve:
        aside.print("The site is not part of this version yet: the report above is the whole review.", markup=False)


def fill(home: Path) -> None:
    """Load the sample company into a workspace, all or nothing: made beside it, then put in its place."""
    home.mkdir(parents=True, exist_ok=True)
    aside_folder = Path(tempfile.mkdtemp(prefix=".demo-", dir=home))
    try:
        with aside.status("Loading Wide World Importers, the sample company"):
            load_sample(Ledger.open(aside_folder / "ledger"), now())
        (home / PROGRAMME_FILE).write_text(sample_programme_text(), encoding="utf-8")
        (aside_folder / "ledger").rename(home / "ledger")
    finally:
        shutil.rmtree(aside_folder, ignore_errors=True)
