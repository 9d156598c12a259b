"""What a write changed, and the announcement of it."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import models, transaction

from openkam.app.people.models import User
from openkam.app.people.signals import record_written

NEVER_RECORDED = frozenset({"password", "last_login", "last_contact_at", "last_open_contact_at"})
"""Secrets, and what follows from other records: the latter would tell the history's readers of entries that are not theirs to read."""


@dataclass(slots=True)
class Written:
    """The fields that a write changed, known when it is over; all fields when the record was made or removed."""

    before: dict[str, object] = field(default_factory=dict[str, object])
    after: dict[str, object] = field(default_factory=dict[str, object])

    @property
    def is_change(self) -> bool:
        """False when the write left every field as it was."""
        return bool(self.before or self.after)


def field_values(record: models.Model) -> dict[str, object]:
    """The stored values of a record by field name, what is never recorded left out."""
    return {
        field.attname: field.get_prep_value(field.value_from_object(record))
        for field in record._meta.concrete_fields
        if field.name not in NEVER_RECORDED
    }


def difference(before: dict[str, object], after: dict[str, object]) -> Written:
    """The fields that changed between two states of a record; all fields when it was made (no before) or removed (no after)."""
    whole = not before or not after
    changed = {name for name in before.keys() | after.keys() if whole or before[name] != after[name]}
    return Written(
        {name: value for name, value in before.items() if name in changed},
        {name: value for name, value in after.items() if name in changed},
    )


@contextmanager
def watched(record: models.Model) -> Generator[Written]:
    """Watch a write to one record, which stays locked until the end of the transaction that must be open.

    A record not saved yet counts as made, one that is gone afterwards as removed.
    """
    written = Written()
    key = None if record._state.adding else record.pk
    stored = type(record)._base_manager
    before = {} if key is None else field_values(stored.select_for_update().get(pk=key))
    yield written
    kept = stored.filter(pk=record.pk if key is None else key).first()
    if kept is None:
        record.pk = key  # Django takes it from a deleted record; the audit needs it
    changes = difference(before, field_values(kept) if kept else {})
    written.before, written.after = changes.before, changes.after


@contextmanager
def announced(*, actor: User | None, verb: str, record: models.Model, reason: str = "") -> Generator[None]:
    """Write one record in a transaction and announce what changed; nothing is announced when nothing changed."""
    with transaction.atomic():
        with watched(record) as written:
            yield
        if written.is_change:
            announce(actor=actor, verb=verb, record=record, before=written.before, after=written.after, reason=reason)


def announce(
    *,
    actor: User | None,
    verb: str,
    record: models.Model,
    before: dict[str, object],
    after: dict[str, object],
    reason: str = "",
) -> None:
    """Announce a write. A listener that fails takes the write back with it."""
    record_written.send(sender=type(record), actor=actor, verb=verb, record=record, before=before, after=after, reason=reason)
