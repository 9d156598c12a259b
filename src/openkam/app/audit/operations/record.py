"""Every operation of every room reports its write here, in the same transaction as the write itself."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import models, transaction

from openkam.app.audit.models import Entry
from openkam.app.people.models import User

NEVER_RECORDED = frozenset({"password", "last_login"})
ROWS_PER_BATCH = 500

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Write:
    """What was written to one record: the values of the changed fields before and after, by stored name."""

    record: models.Model
    before: Values
    after: Values


def field_values(record: models.Model) -> Values:
    """The stored values of a record by field name, secrets left out."""
    return {
        field.attname: field.get_prep_value(field.value_from_object(record))
        for field in record._meta.concrete_fields
        if field.name not in NEVER_RECORDED
    }


def record_write(
    *, actor: User | None, verb: str, record: models.Model, before: Values, after: Values, reason: str = ""
) -> Entry:
    """Append one entry. `actor` is None when the system itself acts (a schedule, a migration)."""
    entry = _entry(actor, verb, Write(record, before, after), reason)
    entry.save(force_insert=True)
    return entry


def record_writes(*, actor: User | None, verb: str, writes: Iterable[Write], reason: str = "") -> int:
    """Append an entry for each write and return their number: one query for a batch of them, not one for each."""
    entries = [_entry(actor, verb, write, reason) for write in writes]
    Entry.objects.bulk_create(entries, batch_size=ROWS_PER_BATCH)
    return len(entries)


@contextmanager
def recorded(*, actor: User | None, verb: str, record: models.Model, reason: str = "") -> Iterator[None]:
    """Run a write to one record in a transaction and append what it changed; nothing is appended when nothing changed.

    A record not saved yet counts as made, one that is gone afterwards as removed.
    """
    stored = type(record)._base_manager
    with transaction.atomic():
        key = None if record._state.adding else record.pk
        before = {} if key is None else field_values(stored.select_for_update().get(pk=key))
        yield
        kept = stored.filter(pk=record.pk if key is None else key).first()
        if kept is None:
            record.pk = key  # Django takes it away on delete; the entry still needs it
        write = _difference(record, before, field_values(kept) if kept else {})
        if write:
            record_write(actor=actor, verb=verb, record=record, before=write.before, after=write.after, reason=reason)


@contextmanager
def recorded_many(*, actor: User | None, verb: str, records: models.QuerySet[Any], reason: str = "") -> Iterator[None]:
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
            after = {record.pk: record for record in stored.filter(pk__in=[record.pk for record in batch])}
            writes = (
                _difference(
                    after.get(record.pk, record), before[record.pk], field_values(after[record.pk]) if record.pk in after else {}
                )
                for record in batch
            )
            record_writes(actor=actor, verb=verb, writes=filter(None, writes), reason=reason)


def _difference(record: models.Model, before: Values, after: Values) -> Write | None:
    """The fields that changed; all of them when the record was made or removed."""
    whole = not before or not after
    changed = {name for name in before.keys() | after.keys() if whole or before[name] != after[name]}
    if not changed:
        return None
    return Write(
        record,
        {name: value for name, value in before.items() if name in changed},
        {name: value for name, value in after.items() if name in changed},
    )


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
