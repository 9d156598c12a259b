"""Whether everything the site stands on is well: doctor."""

import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import typer
from django.conf import settings

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.terms import OpenKamError
from openkam.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from openkam.cli.site import site
from openkam.cli.streams import answer, print_json
from openkam.cli.workspace import LEDGER_FOLDER
from openkam.config.health import database_problem, migrations_problem, workspace_problem
from openkam.config.prepare import COLLECTED, static_sources_digest

subcommands = typer.Typer()
OLDEST_PYTHON = (3, 11)
FREE_BYTES = 2 * 1024**3
GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: its name, what is wrong with it (empty when nothing is) and what to do."""

    check: str
    problem: str = ""
    remedy: str = ""


@subcommands.command()
def doctor(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Check the workspace, the database, the ledger and this machine; say what to do about each problem."""
    findings = list(examine(home.absolute()))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            answer.print(f"{'problem' if finding.problem else 'ok     '}  {finding.check}", markup=False)
            if finding.problem:
                answer.print(f"         {finding.problem}\n         {finding.remedy}", markup=False)
    problems = sum(bool(finding.problem) for finding in findings)
    if problems:
        raise OpenKamError(f"{problems} of {len(findings)} checks found a problem.")


def examine(home: Path) -> Iterator[Finding]:
    """Look at one thing after the other; what needs a workspace is left out where there is none."""
    yield Finding("Python", python_problem(), "Install a newer Python and set OpenKAM up with it.")
    if not home.is_dir():
        yield Finding(
            "Workspace", f"There is no workspace at {home}.", "Run `openkam serve` to make one, or name another with --home."
        )
        return
    yield Finding("Workspace", workspace_problem(home), "Give its owner the right to write there.")
    yield Finding("Free disk", disk_problem(home), "Free some space, or move the workspace.")
    try:
        with site(home):
            yield from examine_site(home)
    except OpenKamError as error:
        yield Finding("Environment", str(error), "Correct the variable and run this again.")
    yield Finding("Ledger", ledger_problem(home), "Restore it from a backup.")


def examine_site(home: Path) -> Iterator[Finding]:
    """What Django is needed for."""
    yield Finding("Environment")
    yield Finding("Secret key", secret_problem(home), f"Run `chmod 600 {home / 'secret.key'}`.")
    database = database_problem()
    yield Finding("Database", database, "Start it, or correct DATABASE_URL.")
    if not database:
        yield Finding("Migrations", migrations_problem(), "Run `openkam serve`, which makes them.")
    yield Finding("Static files", static_problem(), "Run `openkam serve`, which collects them.")


def python_problem() -> str:
    """Empty unless the interpreter is too old."""
    if sys.version_info >= OLDEST_PYTHON:
        return ""
    return f"This is Python {sys.version.split()[0]}; OpenKAM needs {'.'.join(map(str, OLDEST_PYTHON))} or newer."


def disk_problem(home: Path) -> str:
    """Empty unless space runs short."""
    free = shutil.disk_usage(home).free
    return "" if free >= FREE_BYTES else f"{free / GIB:.1f} GiB are free; an import needs up to {FREE_BYTES / GIB:.0f}."


def secret_problem(home: Path) -> str:
    """Empty unless others can read the key that signs sessions."""
    kept = home / "secret.key"
    is_open = kept.is_file() and bool(stat.S_IMODE(kept.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO))
    return f"Others than its owner can read {kept}." if is_open else ""


def static_problem() -> str:
    """Empty when the static files are those of this version."""
    noted = Path(settings.STATIC_ROOT) / COLLECTED
    if not noted.is_file():
        return "The static files are not collected."
    return "" if noted.read_text(encoding="ascii") == static_sources_digest() else "The static files are of another version."


def ledger_problem(home: Path) -> str:
    """Empty when there is no ledger yet or it is whole."""
    folder = home / LEDGER_FOLDER
    if not folder.exists():
        return ""
    try:
        problems = Ledger.open(folder).verify()
    except OpenKamError as error:
        return str(error)
    return "; ".join(f"{problem.where}: {problem.what}" for problem in problems)
