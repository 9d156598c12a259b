"""Writes to the audit: every operation of every room reports here, in the same transaction as its own write."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import models, transaction

from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.operations.written import watched


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
        with watched(record) as written:
            yield
        if written.is_change:
            record_write(actor=actor, verb=verb, record=record, before=written.before, after=written.after, reason=reason)
