"""Let the database itself refuse to change or delete valuations, the rates and assumptions they were made with, and findings about alerts.

A finding's note and the reason for taking it back may become the mark `[erased]` right behind an erasure in the audit, and nothing else
(see the audit's guards for why that is the only time).
"""

from functools import partial

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from openkam.app.people.migrations._append_only import allow_changes, drop_function, refuse_changes, refuse_function

REFUSE = "valuation_refuse"
REFUSAL = "Valuations and rates are append-only"
TABLES = (
    "valuation_ratebook",
    "valuation_poolrate",
    "valuation_timeequation",
    "valuation_valuation",
    "valuation_accountworth",
    "valuation_accountbridge",
    "valuation_assumptions",
    "valuation_rebateturnover",
    "valuation_accountdetail",
    "valuation_valuationdetail",
)
FOUND_REFUSAL = "What was found about alerts is append-only"
MARK = "[erased]"
WARRANT = "(SELECT verb FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)) = 'erased by request'"
TOLD = ("last_order_on", "expected_on", "overdue_on", "silence_probability", "gap_count", "is_thin", "at_stake")
FOUND = ("found", "order_expected_on", "silent_until_on")
MADE = ("id", "made_at", "made_by_id")
KEPT = {
    "valuation_alertverdict": (*MADE, "account_id", "valuation_id", *TOLD, *FOUND),
    "valuation_verdictwithdrawal": (*MADE, "verdict_id"),
}
WORDS = {"valuation_alertverdict": "note", "valuation_verdictwithdrawal": "reason"}


def lawful(table: str, vendor: str) -> str:
    same, word = "IS" if vendor == "sqlite" else "IS NOT DISTINCT FROM", WORDS[table]
    kept = (f"NEW.{column} {same} OLD.{column}" for column in KEPT[table])
    return " AND ".join([*kept, f"(NEW.{word} = OLD.{word} OR NEW.{word} = '{MARK}')", WARRANT])


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    refuse_function(schema_editor, REFUSE, REFUSAL)
    for table in TABLES:
        refuse_changes(schema_editor, table, REFUSAL, function=REFUSE)
    for table in KEPT:
        refuse_changes(schema_editor, table, FOUND_REFUSAL, function=REFUSE, lawful=partial(lawful, table), update="no_update")


def backward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in KEPT:
        allow_changes(schema_editor, table, with_lawful=True, update="no_update")
    for table in TABLES:
        allow_changes(schema_editor, table)
    drop_function(schema_editor, REFUSE)
