"""Every operation of every room reports its write here, in the same transaction as the write itself."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import models, transaction
from django.utils import timezone

from openkam.app.audit.models import Entry
from openkam.app.audit.operations.rows import insert_rows
from openkam.app.people.models import User
from openkam.app.people.operations.written import difference, field_values, watched

ROWS_PER_BATCH = 500
WORDS = ("actor_name", "verb", "record_type", "record_key", "record_name", "before", "after", "reason", "request_id")
FIELDS = ("at", "actor", *WORDS)
STORED = ("actor_id", *WORDS)
"""What an entry holds in the order of `FIELDS`, the time left out."""

Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Write:
    """What was written to one record: the values of the changed fields before and after, by stored name."""

    record: models.Model
    before: Values
    after: Values


def record_write(
    *, actor: User | None, verb: str, record: models.Model, before: Values, after: Values, reason: str = ""
) -> Entry:
    """Append one entry. `actor` is None when the system itself acts (a schedule, a migration)."""
    entry = _entry(actor, verb, Write(record, before, after), reason)
    entry.save(force_insert=True)
    return entry


def record_writes(*, actor: User | None, verb: str, writes: Iterable[Write], reason: str = "") -> int:
    """Append an entry for each write and return their number: a query or two for all of them, not one for each.

    Runs in the transaction of the act, so that either all of it is done and recorded or nothing.
    """
    entries = [_entry(actor, verb, write, reason) for write in writes]
    now = timezone.now()
    insert_rows(Entry, FIELDS, [(now, *(getattr(entry, name) for name in STORED)) for entry in entries])
    return len(entries)


@contextmanager
def recorded(*, actor: User | None, verb: str, record: models.Model, reason: str = "") -> Generator[None]:
    """Run a write to one record in a transaction and append what it changed; nothing is appended when nothing changed.

    A record not saved yet counts as made, one that is gone afterwards as removed.
    """
    with transaction.atomic():
        with watched(record) as written:
            yield
        if written.is_change:
            record_write(actor=actor, verb=verb, record=record, before=written.before, after=written.after, reason=reason)


@contextmanager
def recorded_many(*, actor: User | None, verb: str, records: models.QuerySet[Any], reason: str = "") -> Generator[None]:
    """As `recorded` for a bulk edit: locks the records of a query, runs the write, appends an entry for each one it changed.

    Reads and writes in batches, whatever the number of records. Entries name a record by `str(record)`, which must not query.
    """
    stored = records.model._base_manager
    with transaction.atomic():
        locked = list(stored.filter(pk__in=records.order_by().values("pk")).order_by("pk").select_for_update())
        before = {record.pk: field_values(record) for record in locked}
        yield
        for start in range(0, len(locked), ROWS_PER_BATCH):
            batch = locked[start : start + ROWS_PER_BATCH]
            kept = stored.in_bulk([record.pk for record in batch])
            record_writes(actor=actor, verb=verb, writes=_changes(batch, before, kept), reason=reason)


def _changes(batch: Iterable[models.Model], before: dict[Any, Values], kept: dict[Any, models.Model]) -> Iterator[Write]:
    for record in batch:
        now = kept.get(record.pk)
        written = difference(before[record.pk], field_values(now) if now else {})
        if written.is_change:
            yield Write(now or record, written.before, written.after)


def _entry(actor: User | None, verb: str, write: Write, reason: str) -> Entry:
    return Entry(
        actor=actor,
        actor_name=actor.name if actor else "System",
        verb=verb,
        record_type=write.record._meta.label_lower,
        record_key=str(write.record.pk),
        record_name=str(write.record)[:300],
        before=write.before,
        after=write.after,
        reason=reason,
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )
