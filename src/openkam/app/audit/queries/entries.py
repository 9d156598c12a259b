"""Which entries a person may read: all of them, or the history of the records they may open."""

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from openkam.app.audit.models import Entry
from openkam.app.audit.permissions import RecordHistory, history_of_type, known_types, reads_everything
from openkam.app.people.models import User
from openkam.app.people.queries.compiled import compiled_once


def entries(user: User) -> QuerySet[Entry]:
    """What the user may read of the audit, newest first."""
    if reads_everything(user):
        return Entry.objects.select_related("erased_by")
    seen = Q(pk__in=())
    for history in known_types():
        seen |= Q(record_type=history.model._meta.label_lower, record_key__in=_visible_keys(user, history))
    return Entry.objects.filter(seen).select_related("erased_by")


def entry_of(user: User, entry_id: int) -> Entry:
    """One entry; raises `Entry.DoesNotExist` when the user may not read it."""
    entry = Entry.objects.get(pk=entry_id)
    if not _may_open(user, entry.record_type, entry.record_key):
        raise Entry.DoesNotExist
    return entry


def record_history(user: User, record_type: str, record_key: str) -> QuerySet[Entry]:
    """What happened to one record, newest first; empty when the user may not open the record."""
    return _of_record(record_type, record_key) if _may_open(user, record_type, record_key) else Entry.objects.none()


def history_of(user: User, record: Model, limit: int | None = None) -> list[Entry]:
    """What happened to a record, newest first, at most so many entries; nothing when the user may not open it."""
    record_type, record_key = record._meta.label_lower, str(record.pk)
    return _newest_of_record(record_type, record_key, limit=limit) if _may_open(user, record_type, record_key) else []


def newest_entries(user: User, limit: int) -> list[Entry]:
    """The first of `entries`."""
    return _newest_of_all(limit=limit) if reads_everything(user) else list(entries(user)[:limit])


def latest_entries(records: Sequence[Model], verb: str) -> dict[tuple[str, str], Entry]:
    """The last entry with that verb of each record, by type and key: for records that the user may open, as a room's query found them."""
    keys: dict[str, list[str]] = {}
    for record in records:
        keys.setdefault(record._meta.label_lower, []).append(str(record.pk))
    wanted = Q(pk__in=())
    for record_type, named in keys.items():
        wanted |= Q(record_type=record_type, record_key__in=named)
    found = Entry.objects.filter(wanted, verb=verb).order_by("id")
    return {(entry.record_type, entry.record_key): entry for entry in found}


def people_in_audit() -> QuerySet[User]:
    """Everybody who has ever written, also those who have left."""
    return User.objects.filter(Exists(Entry.objects.filter(actor=OuterRef("pk")))).only("name", "email")


def _of_record(record_type: str, record_key: str) -> QuerySet[Entry]:
    return Entry.objects.filter(record_type=record_type, record_key=record_key).select_related("erased_by")


@compiled_once
def _newest_of_record(record_type: str, record_key: str, *, limit: int | None) -> QuerySet[Entry]:
    return _of_record(record_type, record_key)[:limit]


@compiled_once
def _newest_of_all(*, limit: int) -> QuerySet[Entry]:
    return Entry.objects.select_related("erased_by")[:limit]


def _may_open(user: User, record_type: str, record_key: str) -> bool:
    if reads_everything(user):
        return True
    history = history_of_type(record_type)
    try:
        return history is not None and history.visible_to(user).filter(pk=record_key).exists()
    except ValueError:  # no such key can be
        return False


def _visible_keys(user: User, history: RecordHistory) -> QuerySet[Any, Any]:
    """The keys of the records a user may open, as the audit writes them."""
    return history.visible_to(user).order_by().values(written_key=Cast("pk", CharField()))
