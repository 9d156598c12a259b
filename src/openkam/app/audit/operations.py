"""Writes to the audit: every operation of every room reports here, in the same transaction as its own write."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

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


@dataclass(frozen=True, slots=True)
class Write:
    """What one of many writes changed in one record."""

    record: models.Model
    before: dict[str, object]
    after: dict[str, object]


def record_writes(*, actor: User | None, verb: str, writes: Iterable[Write], reason: str = "") -> int:
    """Append one entry for each of the many writes of one act; returns how many.

    Runs in the transaction of the act, so that either all of it is done and recorded or nothing.
    """
    actor_key, actor_name = (actor.pk, actor.name) if actor else (None, "System")
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    now = timezone.now()
    rows = [
        (
            now,
            actor_key,
            actor_name,
            verb,
            write.record._meta.label_lower,
            str(write.record.pk),
            str(write.record)[:300],
            write.before,
            write.after,
            reason,
            request_id,
        )
        for write in writes
    ]
    insert_rows(
        Entry,
        (
            "at",
            "actor",
            "actor_name",
            "verb",
            "record_type",
            "record_key",
            "record_name",
            "before",
            "after",
            "reason",
            "request_id",
        ),
        rows,
    )
    return len(rows)


def insert_rows(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Insert rows of the named fields' values, ten times as fast as a model each: for acts that write tens of thousands.

    A foreign key is given as the other's key; every column without a default in the database must be named.
    """
    if not rows:
        return
    columns = [cast("models.Field[Any, Any]", model._meta.get_field(name)) for name in fields]
    names = ", ".join(connection.ops.quote_name(column.column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    prepared = zip(
        *(_prepared(column, values) for column, values in zip(columns, zip(*rows, strict=True), strict=True)), strict=True
    )
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in prepared:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", prepared)


def new_keys(model: type[models.Model], count: int) -> list[int]:
    """So many primary keys that nothing else will take, for rows of `insert_rows` that others point to.

    On SQLite the transaction must write already: it then holds the only right to.
    """
    with connection.cursor() as cursor:
        table, key = model._meta.db_table, model._meta.pk.column
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, key, count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = int(cursor.fetchone()[0])
        return list(range(last + 1, last + 1 + count))


def _prepared(column: "models.Field[Any, Any]", values: Sequence[object]) -> Sequence[object]:
    """A column's values as the database stores them. Words and numbers are stored as they are."""
    match column:
        case models.JSONField():
            encode = DjangoJSONEncoder(ensure_ascii=False).encode
            return [None if value is None else encode(value) for value in values]
        case models.DateField() | models.DecimalField():
            known = {value: column.get_db_prep_save(value, connection) for value in set(values)}
            return [known[value] for value in values]
        case _:
            return values


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
