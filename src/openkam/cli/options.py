"""Options that several subcommands share."""

from pathlib import Path
from typing import Annotated

import typer

HomeOption = Annotated[
    Path,
    typer.Option("--home", envvar="OPENKAM_HOME", help="The workspace: one folder that holds everything.", file_okay=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else there.")]

DEFAULT_HOME = Path("openkam-data")
