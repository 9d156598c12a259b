"""Let the database itself refuse to change or delete a decision about a stage, but for a person's words.

A decision's reason, and the source of a piece of its evidence, may become the mark `[erased]` right behind an erasure in the audit
(see the audit's guards for why that is the only time).
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from openkam.app.people.migrations._append_only import allow_changes, drop_function, refuse_changes, refuse_function

TABLE = "relationships_stagechange"
REFUSE = "relationships_stagechange_refuse"
REFUSAL = "Decisions about stages are append-only"
MARK = "[erased]"
KEPT = ("id", "account_id", "kind", "from_stage", "to_stage", "decided_by_id", "decided_on", "recorded_at")
WARRANT = "(SELECT verb FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)) = 'erased by request'"
REASON = f"(NEW.reason = OLD.reason OR NEW.reason = '{MARK}')"
EVIDENCE = {
    "sqlite": (
        "json_valid(NEW.evidence) AND json_array_length(NEW.evidence) = json_array_length(OLD.evidence) AND NOT EXISTS ("
        "SELECT 1 FROM json_each(OLD.evidence) AS o LEFT JOIN json_each(NEW.evidence) AS n ON n.key = o.key WHERE NOT coalesce("
        "json_remove(n.value, '$.source') = json_remove(o.value, '$.source') AND (json_extract(n.value, '$.source') = json_extract(o.value, '$.source') "
        f"OR json_extract(n.value, '$.source') = '{MARK}'), 0))"
    ),
    "postgresql": (
        "jsonb_array_length(NEW.evidence) = jsonb_array_length(OLD.evidence) AND NOT EXISTS ("
        "SELECT 1 FROM jsonb_array_elements(OLD.evidence) WITH ORDINALITY AS o(value, place) "
        "LEFT JOIN jsonb_array_elements(NEW.evidence) WITH ORDINALITY AS n(value, place) USING (place) WHERE NOT coalesce("
        "n.value - 'source' = o.value - 'source' AND (n.value -> 'source' = o.value -> 'source' "
        f"OR n.value ->> 'source' = '{MARK}'), false))"
    ),
}


def lawful(vendor: str) -> str:
    same = "IS" if vendor == "sqlite" else "IS NOT DISTINCT FROM"
    return " AND ".join([*(f"NEW.{column} {same} OLD.{column}" for column in KEPT), REASON, EVIDENCE[vendor], WARRANT])


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    refuse_function(schema_editor, REFUSE, REFUSAL)
    refuse_changes(schema_editor, TABLE, REFUSAL, function=REFUSE, lawful=lawful)


def backward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    allow_changes(schema_editor, TABLE, with_lawful=True)
    drop_function(schema_editor, REFUSE)
