"""People's rights from the shell, for whoever restores a workspace: reapply-erasures."""

import io
from pathlib import Path
from typing import Annotated

import typer
from django.core.management import CommandError, call_command

from openkam.analytics.terms import OpenKamError
from openkam.cli.options import DEFAULT_HOME, HomeOption
from openkam.cli.site import site
from openkam.cli.streams import answer
from openkam.config.prepare import prepare_tables

subcommands = typer.Typer()


@subcommands.command("reapply-erasures")
def reapply_erasures(
    file: Annotated[
        Path | None, typer.Argument(help="The list of erasures; erasures.jsonl in the workspace unless given.", dir_okay=False)
    ] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Erase again whoever was erased since the copy of the database that came back."""
    said = io.StringIO()
    with site(home) as environment:
        prepare_tables(environment.home)
        try:
            call_command("reapply_erasures", str(file or ""), stdout=said)
        except CommandError as error:
            raise OpenKamError(str(error)) from error
    answer.print(said.getvalue().strip(), markup=False)
