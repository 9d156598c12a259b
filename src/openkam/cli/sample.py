"""The sample company: demo."""

import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated

import typer
from django.core.management import call_command

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.lock import exclusive
from openkam.analytics.review.review import Review
from openkam.analytics.sample.company import SOURCE, load_sample, sample_programme_text
from openkam.analytics.selection.programme import Programme
from openkam.analytics.terms import OpenKamError
from openkam.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from openkam.cli.programme import conduct, show
from openkam.cli.serve import WorkerBeside, address_to_open, serve_site, usable_port
from openkam.cli.site import site
from openkam.cli.streams import aside, working
from openkam.cli.workspace import LEDGER_FOLDER, PROGRAMME_FILE, ledger_of, now, refuse_unusable_folder
from openkam.config.prepare import prepare_site

subcommands = typer.Typer()
HOST = "127.0.0.1"
VALID_MINUTES = 15
HALF_MADE = ".demo-"
LOCK = ".demo.lock"


@subcommands.command()
def demo(
    home: HomeOption = DEFAULT_HOME,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the report (default: review in the workspace).")] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the site afterwards.")] = True,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The site's port; 0 for a free one.")] = 8000,
    as_json: JsonOption = False,
) -> None:
    """A workspace with the sample company, its first review and the report."""
    report = out or home / "review"
    refuse_unusable_folder(report)
    refuse_other_workspace(home)
    if serve:
        usable_port(HOST, port)  # before the work, because whoever mistyped it should not wait
    with prepared_aside(home) if serve else nullcontext():
        if not (home / LEDGER_FOLDER).exists():
            fill(home)
        programme = Programme.load(home / PROGRAMME_FILE)
        conducted = conduct(ledger_of(home), programme, as_of=None, engine="duckdb", version=None, with_every_measure=True)
        written = show(conducted, report, as_json=as_json)
    page = next(path for path in written if path.suffix == ".html")
    aside.print(f"\nOpen the report: {page.resolve().as_uri()}")
    if serve:
        serve_demo(home, conducted, programme, port)


@contextmanager
def prepared_aside(home: Path) -> Generator[None]:
    """Have a process of its own make the site's tables and files while the review computes: each takes one processor.

    What goes wrong there is not said: to serve prepares again, finds nothing left to do, or says what is wrong.
    """
    home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "openkam.config.prepare", str(home)]
    with subprocess.Popen(  # noqa: S603 - our own code
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield
        except BaseException:
            process.terminate()
            raise


def serve_demo(home: Path, conducted: Review, programme: Programme, port: int) -> None:
    """The sample company as a site: its people, accounts and first round, and a link that signs its administrator in once."""
    with site(home) as environment:
        port = usable_port(HOST, port)
        with aside.status("Preparing the site"):
            prepare_site(environment.home)
            path = io.StringIO()
            call_command("fill_demo", ledger=ledger_of(home), review=conducted, programme=programme, stdout=path)
        way_in = address_to_open("http", HOST, port).rstrip("/") + path.getvalue().strip()
        greeting = f"Sign in once, within {VALID_MINUTES} minutes: {way_in}\nCtrl-C ends the site."
        beside = WorkerBeside(environment.home)
        serve_site(environment, host=HOST, port=port, workers=1, beside=beside, has_computed=True, greeting=greeting)


def refuse_other_workspace(home: Path) -> None:
    """Raise where the folder holds facts or a programme of the user's own: the demo never mixes with them."""
    programme = home / PROGRAMME_FILE
    if not (home / LEDGER_FOLDER).exists():
        if programme.exists() and programme.read_text(encoding="utf-8", errors="replace") != sample_programme_text():
            raise OpenKamError(f"{programme} is a programme of your own: name an empty folder with --home.")
        return
    batches = Ledger.open(home / LEDGER_FOLDER).batches()
    if not programme.is_file() or not batches or batches[0].source != SOURCE:
        raise OpenKamError(f"{home} holds a ledger that is not the demo's: name an empty folder with --home.")


def fill(home: Path) -> None:
    """Load the sample company into a workspace, all or nothing: made beside the ledger's place, then moved there."""
    home.mkdir(parents=True, exist_ok=True)
    with exclusive(home / LOCK):
        # Another demo in the same folder may have been faster.
        if not (home / LEDGER_FOLDER).exists():
            _fill(home)


def _fill(home: Path) -> None:
    for left_by_a_killed_demo in home.glob(f"{HALF_MADE}*"):
        shutil.rmtree(left_by_a_killed_demo, ignore_errors=True)
    beside = Path(tempfile.mkdtemp(prefix=HALF_MADE, dir=home))
    try:
        with aside.status("Loading Wide World Importers, the sample company"), working():
            load_sample(Ledger.open(beside / LEDGER_FOLDER), now())
        made = beside / PROGRAMME_FILE
        made.write_text(sample_programme_text(), encoding="utf-8")
        made.replace(home / PROGRAMME_FILE)
        # Last: a workspace with a ledger is a whole one.
        (beside / LEDGER_FOLDER).rename(home / LEDGER_FOLDER)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
