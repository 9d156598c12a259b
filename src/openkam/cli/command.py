"""The command itself: options that every subcommand shares, exit codes and how refusals are said.

Exit codes: 0 done, 1 refused with the reason, 2 wrong use. stdout carries the answer alone; progress and reasons go to stderr.
"""

import errno
import os
import sys
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.terms import OpenKamError

WIDTH_OF_A_FILE = 110
"""Columns of what is printed where stdout is no terminal."""

answer = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE)
aside = Console(stderr=True, highlight=False, soft_wrap=True)

app = typer.Typer(
    name="openkam",
    help="Key Account Management from the ledgers you already have.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)

HomeOption = Annotated[
    Path,
    typer.Option("--home", envvar="OPENKAM_HOME", help="The workspace: one folder that holds everything.", file_okay=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else there.")]

DEFAULT_HOME = Path("openkam-data")


def say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"openkam {installed_version('openkam')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=say_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Key Account Management from the ledgers you already have."""


def ledger_of(home: Path, *, create: bool = False) -> Ledger:
    """The ledger of a workspace; raises when there is none yet, unless asked to create it."""
    folder = home / "ledger"
    if not create and not home.is_dir():
        raise OpenKamError(
            f"There is no workspace at {home}: run `openkam init` to make one, `openkam import` to bring facts in, "
            "or name another with --home."
        )
    return Ledger.open(folder)


def now() -> datetime:
    """The instant a command acts at; the engine itself never reads the clock."""
    return datetime.now(UTC)


def refuse(reason: str) -> int:
    """Say on stderr why nothing was done."""
    aside.print(f"openkam: {reason}", markup=False)
    return 1


def reason_of(error: OSError) -> str:
    """What an operating-system error means to the user."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"The disk is full{where}: nothing was changed. Free some space and run the command again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"No permission to write or read{where}: check the folder's owner and rights."
    return f"{error.strerror or error}{where}"


def main() -> None:
    """Entry point: run the command and turn refusals into one line and an exit code."""
    try:
        app()
    except OpenKamError as error:
        sys.exit(refuse(str(error)))
    except BrokenPipeError:
        # The reader left (`| head`): nothing more to say, and nothing to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        sys.exit(refuse(reason_of(error)))
    except KeyboardInterrupt:
        aside.print("openkam: stopped; nothing half-done was left behind.")
        sys.exit(130)
