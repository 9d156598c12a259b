"""The workspace's programme file and the files of its rounds."""

from pathlib import Path

from django.conf import settings

from openkam.analytics.review.conduct import drafted_programme
from openkam.analytics.selection.programme import Programme
from openkam.analytics.terms import OpenKamError
from openkam.app.ledger.queries.facts import workspace_ledger
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.selection.terms import RefusedError

PROGRAMME_FILE = "programme.toml"
ROUNDS_FOLDER = "rounds"


def programme_path() -> Path:
    """Where the workspace's programme is, or will be."""
    return Path(settings.OPENKAM_HOME) / PROGRAMME_FILE


def measures_path(name: str) -> Path:
    """Where a round keeps what was measured."""
    return Path(settings.OPENKAM_HOME) / "files" / ROUNDS_FOLDER / name


def programme_text(user: User) -> str:
    """The workspace's programme, or without one the programme drafted from the ledger's own accounts.

    Raises `OpenKamError` where it cannot be read, or drafted.
    """
    require(user, Permission.CONDUCT_REVIEW)
    path = programme_path()
    if path.is_file():
        return "\n".join(Programme.load(path).document.lines)
    return drafted_programme(workspace_ledger(user))


def workspace_programme(user: User) -> tuple[str, Programme]:
    """The workspace's programme as text and as read, drafted when there is no file; raises `RefusedError` in the engine's words."""
    try:
        text = programme_text(user)
        return text, Programme.parse(text, name=PROGRAMME_FILE)
    except OpenKamError as error:
        raise RefusedError(str(error)) from error


def programme_text_or_fault(user: User) -> tuple[str, str]:
    """The file's text as it stands, faulty or not, and the fault in the engine's words; without a file the drafted one."""
    require(user, Permission.CONDUCT_REVIEW)
    path = programme_path()
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    try:
        text = text if path.is_file() else programme_text(user)
        Programme.parse(text, name=PROGRAMME_FILE)
    except OpenKamError as error:
        return text, str(error)
    return text, ""
