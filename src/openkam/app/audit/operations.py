"""Writes to the audit: every operation of every room reports here, in the same transaction as its own write."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import models, transaction

from openkam.app.audit.models import Entry
from openkam.app.people.models import User

NEVER_RECORDED = frozenset({"password", "last_login"})


def field_values(record: models.Model) -> dict[str, object]:
    """The stored values of a record by field name, secrets left out."""
    return {
        field.attname: field.value_from_object(record)
        for field in record._meta.concrete_fields
        if field.name not in NEVER_RECORDED
    }


def record_write(
    *,
    actor: User | None,
    verb: str,
    record: models.Model,
    before: dict[str, object],
    after: dict[str, object],
    reason: str = "",
) -> Entry:
    """Append one entry. `actor` is None when the system itself acts (a schedule, a migration)."""
    return Entry.objects.create(
        actor=actor,
        actor_name=actor.name if actor else "System",
        verb=verb,
        record_type=record._meta.label_lower,
        record_key=str(record.pk),
        record_name=str(record)[:300],
        before=before,
        after=after,
        reason=reason,
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )


@contextmanager
def recorded(*, actor: User | None, verb: str, record: models.Model, reason: str = "") -> Iterator[None]:
    """Run a write to one record in a transaction and append what it changed; nothing is appended when nothing changed.

    A record without a key yet counts as made, one without a key afterwards as removed.
    """
    with transaction.atomic():
        made = record.pk is None
        before = {} if made else field_values(type(record)._base_manager.select_for_update().get(pk=record.pk))
        key = record.pk
        yield
        removed = not made and not type(record)._base_manager.filter(pk=key).exists()
        if removed:
            record.pk = key
        after = {} if removed else field_values(type(record)._base_manager.get(pk=record.pk))
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name) or made or removed}
        if changed:
            record_write(
                actor=actor,
                verb=verb,
                record=record,
                before={name: before[name] for name in before if name in changed},
                after={name: after[name] for name in after if name in changed},
                reason=reason,
            )
