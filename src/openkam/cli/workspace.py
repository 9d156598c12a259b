"""The workspace: one folder that holds the ledger and the programme."""

import os
from datetime import UTC, datetime
from pathlib import Path

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.terms import OpenKamError

PROGRAMME_FILE = "programme.toml"
LEDGER_FOLDER = "ledger"


def ledger_of(home: Path, *, create: bool = False) -> Ledger:
    """The ledger of a workspace; raises when there is no workspace yet, unless it is to be created."""
    if not create and not (home / LEDGER_FOLDER).is_dir() and not (home / PROGRAMME_FILE).is_file():
        raise OpenKamError(
            f"There is no workspace at {home}: run `openkam init` to make one, `openkam import` to bring facts in, "
            "or name another with --home."
        )
    return Ledger.open(home / LEDGER_FOLDER)


def now() -> datetime:
    """The instant a command acts at; the engine itself never reads the clock."""
    return datetime.now(UTC)


def refuse_unusable_folder(folder: Path) -> None:
    """Raise before long work where its result could not be written to the folder."""
    nearest = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not nearest.is_dir():
        raise OpenKamError(f"{nearest} is a file: name a folder with --out.")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise OpenKamError(f"No permission to write to {nearest}: name another folder with --out.")
