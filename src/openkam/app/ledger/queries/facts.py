"""The ledger itself and its tables, for whoever may import facts or conduct reviews."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.terms import OpenKamError
from openkam.app.ledger.terms import RefusedError
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require

LEDGER_FOLDER = "ledger"


@dataclass(frozen=True, slots=True)
class FactField:
    """A field of a table: `is_needed` when a row without it is held back, `is_day` when its cells are days or instants."""

    name: str
    label: str
    meaning: str
    unit: str
    is_needed: bool

    @property
    def is_day(self) -> bool:
        """Whether its cells are read as days."""
        return self.unit in ("day", "UTC")

    @property
    def is_currency_code(self) -> bool:
        """Whether it holds a currency's code."""
        return self.unit == "ISO 4217"


@dataclass(frozen=True, slots=True)
class FactTable:
    """A table of the ledger."""

    name: str
    label: str
    meaning: str
    fields: tuple[FactField, ...]

    def field(self, name: str) -> FactField | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)


def label_of(name: str) -> str:
    """A name of the ledger in a page's words: `service_activities` is "Service activities"."""
    return name.replace("_", " ").capitalize()


def _table(name: str) -> FactTable:
    schema = TABLES[name]
    return FactTable(
        name,
        label_of(name),
        schema.meaning,
        tuple(
            FactField(
                field.name,
                label_of(field.name),
                field.meaning,
                field.unit,
                (field.required and field.name != "line_type") or (name == "transactions" and field.name == "customer_key"),
            )
            for field in schema.fields
        ),
    )


FACT_TABLES = {name: _table(name) for name in TABLES}
"""The tables of the ledger by name, in their order."""


@contextmanager
def in_words() -> Generator[None]:
    """What the engine refuses, as the room's own refusal with the engine's words."""
    try:
        yield
    except OpenKamError as error:
        raise RefusedError(str(error)) from error


@lru_cache(maxsize=4)
def _opened(folder: Path) -> Ledger:
    # One object for the process: it remembers the log it has read.
    return Ledger.open(folder)


def open_ledger(user: User) -> Ledger:
    """The workspace's ledger; raises `PermissionDenied` for who may not import facts, `RefusedError` when it is none."""
    require(user, Permission.IMPORT_FACTS)
    with in_words():
        return _opened(Path(settings.OPENKAM_HOME) / LEDGER_FOLDER)


def workspace_ledger(user: User) -> Ledger:
    """The ledger that reviews and valuations are conducted over; raises `PermissionDenied` for who may conduct none."""
    require(user, Permission.CONDUCT_REVIEW)
    return Ledger.open(Path(settings.OPENKAM_HOME) / LEDGER_FOLDER)


def files_folder() -> Path:
    """Where the workspace keeps files that were sent to it."""
    return Path(settings.OPENKAM_HOME) / "files"


def facts_naming(redact: Callable[[str], str]) -> list[dict[str, object]]:
    """The rows of the ledger's interactions that name a person; `redact` returns a text without them.

    For the room that answers for a person's rights, which has asked for permission and scope.
    """
    folder = Path(settings.OPENKAM_HOME) / LEDGER_FOLDER
    if not folder.is_dir():
        return []
    with in_words():
        return _opened(folder).rows_naming(redact)
