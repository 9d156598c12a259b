"""People from the shell, for whoever owns the workspace: createuser."""

import getpass
import sys
from typing import Annotated

import typer
from django.core.management import CommandError, call_command

from openkam.analytics.terms import OpenKamError
from openkam.cli.options import DEFAULT_HOME, HomeOption
from openkam.cli.site import site
from openkam.cli.streams import answer
from openkam.config.prepare import prepare_tables

subcommands = typer.Typer()


@subcommands.command()
def createuser(
    email: Annotated[str, typer.Argument(help="The e-mail address to sign in with.")],
    name: Annotated[str, typer.Option("--name", help="How the person is named.")],
    role: Annotated[
        str, typer.Option("--role", help="administrator, head, manager, analyst, team_member or read_only.")
    ] = "administrator",
    home: HomeOption = DEFAULT_HOME,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from stdin; without it, it is asked for.")
    ] = False,
) -> None:
    """Make a person who may sign in."""
    password = read_password(from_stdin=password_stdin)
    with site(home) as environment:
        prepare_tables(environment.home)
        try:
            call_command("create_user", email, name=name, role=role, password=password)
        except CommandError as error:
            raise OpenKamError(str(error)) from error
    answer.print(f"{name} may sign in with {email}.", markup=False)


def read_password(*, from_stdin: bool) -> str:
    """A password from a pipe or, twice and unseen, from the terminal."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise OpenKamError("A password is needed: there was none on stdin.")
        return password
    if not sys.stdin.isatty():
        raise OpenKamError("There is no terminal to ask for a password: pipe it in with --password-stdin.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise OpenKamError("The two passwords differ: run the command again.")
    if not password:
        raise OpenKamError("A password is needed: run the command again.")
    return password
