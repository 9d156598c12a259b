"""Files of the workspace in which somebody erased still stands: letters that wait, mail that was never taken in, freed pages on disk."""

import re
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from openkam.app.ledger.queries.facts import files_folder
from openkam.app.relationships.models import CorrespondenceImport
from openkam.app.relationships.operations.correspondence import forget_file
from openkam.app.relationships.operations.survey_letters import OUTBOX
from openkam.app.relationships.queries.person_traces import Person

BETWEEN_LETTERS = b"\n" + b"-" * 79 + b"\n"
"""What Django writes behind each letter of a file."""
SEARCH = "relationships_contact_search"
"""The search of contacts on SQLite, kept by triggers (`migrations/0011_contact_search.py`)."""
logger = structlog.get_logger("openkam.relationships")


def remove_letters(person: Person) -> int:
    """Take letters to the person out of the outbox, in which letters lie while no mail server is set; returns how many."""
    folder = Path(settings.OPENKAM_HOME) / OUTBOX
    count = 0
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        letters = path.read_bytes().split(BETWEEN_LETTERS)
        kept = [letter for letter in letters if not _names(person, letter)]
        if len(kept) == len(letters):
            continue
        count += len(letters) - len(kept)
        if any(letter.strip() for letter in kept):
            half = path.with_suffix(".half")  # so that a full disk loses no letter of others
            half.write_bytes(BETWEEN_LETTERS.join(kept))
            half.replace(path)
        else:
            path.unlink()
    return count


def remove_waiting_mail(person: Person) -> int:
    """Remove files of mail that wait for their import and name the person; returns how many. They are to be sent again."""
    count = 0
    for made in CorrespondenceImport.objects.exclude(stored=""):
        path = files_folder() / made.stored
        if person.is_in(Path(made.stored).name) or (path.is_file() and _names_anywhere(person, path)):
            forget_file(made)
            count += 1
    return count


def wipe_freed_space() -> bool:
    """Have the database give back what its file still holds of removed rows; False where somebody reads it at this moment.

    Only the embedded database lies in the workspace. A PostgreSQL server's files are its administrator's, who runs VACUUM FULL there.
    """
    if connection.vendor != "sqlite":
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
            # An index of pieces of names keeps those of a row that is gone until it is merged, or written anew.
            cursor.execute(f"INSERT INTO {SEARCH}({SEARCH}) VALUES ('rebuild')")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy = bool((cursor.fetchone() or (0,))[0])
    except DatabaseError as error:
        logger.warning("freed space was not wiped", error=str(error))
        return False
    if is_busy:
        logger.warning("freed space was not wiped", error="the database is being read")
    return not is_busy


def _names(person: Person, content: bytes) -> bool:
    text = re.sub(r"=\r?\n", "", content.decode("utf-8", errors="replace"))
    return person.is_in(text)


def _names_anywhere(person: Person, path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as lines:
        return any(person.is_in(line) for line in lines)
