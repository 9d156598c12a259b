"""`reapply_erasures`: an older copy of the database came back; whoever was erased since is erased again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from openkam.app.relationships.operations.erasure import reapply_erasures
from openkam.app.relationships.operations.erasure_list import erasures_file


class Command(BaseCommand):
    """Erases again; a restore runs it, and `openkam reapply-erasures` is its face."""

    help = "Erase again whoever a file of erasures names, after a restore."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="", help="The file; that of the workspace unless given.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"]) if options["file"] else erasures_file()
        if options["file"] and not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            count = reapply_erasures(path)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} erased again.")
