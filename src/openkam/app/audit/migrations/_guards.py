"""Let the database itself refuse to change or delete an audit entry, but for one lawful way to take a person's words out of it.

A value may become the mark `[erased]`, and nothing else. Who acted, when, with what verb on which record of what type stay, and so
do the names of the fields. Every entry that is touched names the newest entry of the audit, which must be that of an erasure and
which can itself never be removed: with the next entry the way is closed. So whoever walks it can blank a value and can
neither put another in its place nor hide that they did.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from openkam.app.people.migrations._append_only import allow_changes, drop_function, refuse_changes, refuse_function

TABLE = "audit_entry"
REFUSE = "audit_entry_refuse"
REFUSAL = "The audit is append-only"
MARK = "[erased]"
VERB = "erased by request"
KEPT = ("id", "at", "actor_id", "actor_name", "verb", "record_type", "record_key", "request_id")
TEXTS = ("record_name", "reason")
VALUES = ("before", "after")

SAME = " AND ".join(f"NEW.{column} {{same}} OLD.{column}" for column in KEPT)
TEXTS_LAWFUL = " AND ".join(f"(NEW.{column} = OLD.{column} OR NEW.{column} = '{MARK}')" for column in TEXTS)
WARRANT = (
    f"NEW.erased_by_id = (SELECT max(id) FROM audit_entry) AND NEW.erased_by_id > OLD.id "
    f"AND EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.erased_by_id AND verb = '{VERB}')"
)


def values_lawful_sqlite(column: str) -> str:
    return (
        f"json_valid(NEW.{column}) AND json_type(NEW.{column}) = 'object' "
        f"AND (SELECT count(*) FROM json_each(NEW.{column})) = (SELECT count(*) FROM json_each(OLD.{column})) "
        f"AND NOT EXISTS (SELECT 1 FROM json_each(OLD.{column}) AS o LEFT JOIN json_each(NEW.{column}) AS n ON n.key = o.key "
        f"WHERE n.key IS NULL OR NOT ((n.type = o.type AND n.value IS o.value) OR (n.type = 'text' AND n.value = '{MARK}')))"
    )


def values_lawful_postgresql(column: str) -> str:
    return (
        f"jsonb_typeof(NEW.{column}) = 'object' "
        f"AND (SELECT count(*) FROM jsonb_each(NEW.{column})) = (SELECT count(*) FROM jsonb_each(OLD.{column})) "
        f"AND NOT EXISTS (SELECT 1 FROM jsonb_each(OLD.{column}) AS o LEFT JOIN jsonb_each(NEW.{column}) AS n ON n.key = o.key "
        f"WHERE n.key IS NULL OR NOT (n.value = o.value OR n.value = '\"{MARK}\"'::jsonb))"
    )


def lawful(vendor: str) -> str:
    """The one change that is let through, as a condition on OLD and NEW. Null where anything in it is unknown: refused as well."""
    same = SAME.format(same="IS" if vendor == "sqlite" else "IS NOT DISTINCT FROM")
    values = values_lawful_sqlite if vendor == "sqlite" else values_lawful_postgresql
    return " AND ".join([same, TEXTS_LAWFUL, *map(values, VALUES), WARRANT])


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    refuse_function(schema_editor, REFUSE, REFUSAL)
    refuse_changes(schema_editor, TABLE, REFUSAL, function=REFUSE, lawful=lawful)


def backward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    allow_changes(schema_editor, TABLE, with_lawful=True)
    drop_function(schema_editor, REFUSE)
