"""`create_user`: a person, made by whoever owns the workspace."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from openkam.app.people.operations.users import create_user
from openkam.app.people.terms import Role


class Command(BaseCommand):
    """Makes a person; `openkam createuser` is its face."""

    help = "Make a person who may sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True)
        parser.add_argument("--password", default="", help="Without one the person comes in by a sign-in link.")

    def handle(self, *args: Any, **options: Any) -> None:
        email, name, role, password = (options[key] for key in ("email", "name", "role", "password"))
        if role not in Role.values:
            raise CommandError(f"{role!r} is no role: use one of {', '.join(Role.values)}.")
        try:
            create_user(actor=None, email=email, name=name, role=Role(role), password=password, reason="openkam createuser")
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
