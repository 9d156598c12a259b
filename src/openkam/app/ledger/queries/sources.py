"""Sources and their mapping templates."""

from dataclasses import dataclass

from django.db.models import QuerySet

from openkam.app.ledger.models import MappingTemplate, Source
from openkam.app.ledger.queries.history import SourceTable, brought_by
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source and what it has brought; `source` is None for one that only the ledger knows (imported by the command)."""

    name: str
    source: Source | None
    tables: tuple[SourceTable, ...]


def sources(user: User) -> QuerySet[Source]:
    """All sources; they are the whole workspace's, not a person's."""
    require(user, Permission.IMPORT_FACTS)
    return Source.objects.all()


def source_lines(user: User) -> tuple[SourceLine, ...]:
    """All sources with what they brought, those that only the ledger knows among them."""
    brought = brought_by(user)
    known = {source.name: source for source in sources(user)}
    names = sorted({*known, *brought}, key=str.casefold)
    return tuple(SourceLine(name, known.get(name), brought.get(name, ())) for name in names)


def templates(user: User) -> QuerySet[MappingTemplate]:
    """All mapping templates with their sources."""
    require(user, Permission.IMPORT_FACTS)
    return MappingTemplate.objects.select_related("source")


def templates_for(user: User, source: Source, table: str) -> QuerySet[MappingTemplate]:
    """The templates that fit an import of this source into this table."""
    return templates(user).filter(source=source, table=table)
