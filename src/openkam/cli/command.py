"""The command itself: which subcommands there are, exit codes and how refusals are said.

Exit codes: 0 done, 1 refused with the reason, 2 wrong use, 130 stopped by Ctrl-C.
"""

import errno
import signal
import sys
import warnings
from importlib.metadata import version as installed_version
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_group

from openkam.analytics.terms import OpenKamError
from openkam.cli.streams import ReaderLeft, aside, keep_stdout_for_the_answer, leave_quietly

SUMMARIES = {
    "demo": "A workspace with the sample company, its first review and the report.",
    "serve": "Serve the site; makes and updates the workspace first.",
    "worker": "Do the background work of the site.",
    "createuser": "Make a person who may sign in.",
    "reapply-erasures": "After a restore: erase again whoever was erased since.",
    "doctor": "Check the workspace, the database and this machine.",
    "init": "Make a workspace: an empty ledger and a programme to edit.",
    "import": "Import files as one batch; every row is accepted or rejected.",
    "batches": "List every import, the undone ones too.",
    "rejects": "Write the rejected rows of an import, to be mended.",
    "undo": "Take a whole import back.",
    "verify": "Check that the ledger is whole.",
    "review": "Search the ledger for key accounts and explain every decision.",
}
"""The subcommands in the order of use. Their modules are loaded when one is called: the engine takes seconds to load."""

STOPPED = 130


class CommandGroup(TyperGroup):
    """The subcommands, each loaded with its part of the engine when it is called."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # pyright: ignore[reportIncompatibleMethodOverride]
        return list(SUMMARIES)

    def get_command(self, ctx: typer.Context, cmd_name: str):  # pyright: ignore[reportIncompatibleMethodOverride]
        loaded = _subcommands(cmd_name)
        return get_group(loaded).commands[cmd_name] if loaded else None

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        with formatter.section("Commands"):
            formatter.write_dl(list(SUMMARIES.items()))


def _subcommands(name: str) -> typer.Typer | None:
    match name:
        case "import" | "batches" | "rejects" | "undo" | "verify":
            from openkam.cli import facts as part  # noqa: PLC0415 - `openkam --help` must not wait for the engine
        case "init" | "review":
            from openkam.cli import programme as part  # noqa: PLC0415 - see above
        case "demo":
            from openkam.cli import sample as part  # noqa: PLC0415 - see above
        case "serve" | "worker":
            from openkam.cli import serve as part  # noqa: PLC0415 - nor for the site
        case "createuser":
            from openkam.cli import people as part  # noqa: PLC0415 - see above
        case "reapply-erasures":
            from openkam.cli import rights as part  # noqa: PLC0415 - see above
        case "doctor":
            from openkam.cli import doctor as part  # noqa: PLC0415 - see above
        case _:
            return None
    return part.subcommands


app = typer.Typer(
    name="openkam",
    cls=CommandGroup,
    help="Key Account Management from the ledgers you already have.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


def say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"openkam {installed_version('openkam')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=say_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Key Account Management from the ledgers you already have."""


def refuse(reason: str) -> int:
    """Say on stderr why nothing was done."""
    aside.print(f"openkam: {reason}")
    return 1


def reason_of(error: OSError) -> str:
    """What an operating-system error means to the user."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"The disk is full{where}: nothing was changed. Free some space and run the command again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"No permission to write or read{where}: check the owner and the rights."
    return f"{error.strerror or error}{where}"


class Interrupt:
    """Ctrl-C, remembered: libraries turn the exception into others on its way up."""

    is_asked = False

    def __call__(self, number: int, frame: FrameType | None) -> NoReturn:
        self.is_asked = True
        raise KeyboardInterrupt


def run() -> int:
    """Run the command line and give its exit code."""
    try:
        app()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except ReaderLeft:
        leave_quietly()
    except OpenKamError as error:
        return refuse(f"{error} {error.by_command}".rstrip())
    except OSError as error:
        return refuse(reason_of(error))
    return 0


def main() -> None:
    """Entry point: turn refusals into one line and an exit code."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # they are for who develops OpenKAM, who runs Python with -W
    keep_stdout_for_the_answer()
    interrupt = Interrupt()
    signal.signal(signal.SIGINT, interrupt)
    try:
        code = run()
    except BaseException:
        if not interrupt.is_asked:
            raise
        code = STOPPED
    if interrupt.is_asked:
        aside.print("openkam: stopped. An import or a report under way was not kept; what was finished before stays.")
        code = STOPPED
    sys.exit(code)
