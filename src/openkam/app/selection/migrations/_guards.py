"""Let the database itself refuse to change a closed round or anything in it, and a key status that no decision says.

What people wrote (reasons, names, notes, programmes) may lose words to the mark `[erased]`, right behind an erasure in the audit and
in no other way: the audit's guards say why that is the only time.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "The round is closed and cannot change"
UNDECIDED = "Nobody becomes key without a decision"

CLOSED = "EXISTS (SELECT 1 FROM selection_round r WHERE r.id = {row}.round_id AND r.status = 'closed')"
SCENARIO_CLOSED = (
    "EXISTS (SELECT 1 FROM selection_scenario s JOIN selection_round r ON r.id = s.round_id "
    "WHERE s.id = {row}.scenario_id AND r.status = 'closed')"
)
ENDER_CLOSED = (
    "EXISTS (SELECT 1 FROM selection_decision d JOIN selection_round r ON r.id = d.round_id "
    "WHERE d.id = {row}.ended_by_id AND r.status = 'closed')"
)
STATUS_MOVED = " OR ".join(
    f"NEW.{column} IS DISTINCT FROM OLD.{column}"
    for column in ("id", "account_id", "tier", "from_on", "until_on", "round_id", "decision_id")
)
STATUS_DECIDED = (
    "EXISTS (SELECT 1 FROM selection_decision d WHERE d.id = NEW.decision_id AND d.round_id = NEW.round_id "
    "AND d.account_id = NEW.account_id AND d.in_key)"
)
# A later round may end what a closed one began, and only while it is open itself.
STATUS_CHANGED = (
    f"({CLOSED.format(row='OLD')} AND ({STATUS_MOVED})) OR {ENDER_CLOSED.format(row='OLD')} OR {ENDER_CLOSED.format(row='NEW')}"
)

SHARE_CLOSED = (
    "EXISTS (SELECT 1 FROM selection_robustness b JOIN selection_scenario s ON s.id = b.scenario_id "
    "JOIN selection_round r ON r.id = s.round_id WHERE b.id = {row}.robustness_id AND r.status = 'closed')"
)
OF_TABLE = {
    "selection_scenario": CLOSED,
    "selection_decision": CLOSED,
    "selection_candidate": SCENARIO_CLOSED,
    "selection_robustness": SCENARIO_CLOSED,
    "selection_candidateshare": SHARE_CLOSED,
}
TABLES = ("selection_round", *OF_TABLE, "selection_keystatus")

MARK = "[erased]"
WARRANT = "(SELECT verb FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)) = 'erased by request'"
KEPT = {
    "selection_round": (
        *("id", "status", "as_of_on", "currency", "ledger_version", "programme_digest", "code_version", "measures_file"),
        *("account_count", "illustrative", "run_id", "opened_at", "opened_by_id", "closed_at", "closed_by_id"),
    ),
    "selection_scenario": (
        *("id", "round_id", "is_baseline", "objective", "gap", "solver_seconds", "candidate_count", "selected_count", "criteria"),
        *("limits", "is_explained", "explanation_run_id", "robustness_run_id", "made_at", "made_by_id"),
    ),
    "selection_decision": (
        *("id", "round_id", "account_id", "proposed", "choice", "in_key", "tier", "price_percent", "valid_from", "valid_until"),
        *("decided_by_id", "decided_at"),
    ),
}
TEXTS = {"selection_round": ("name", "programme"), "selection_scenario": ("name", "programme"), "selection_decision": ("reason",)}
LISTS = {"selection_round": ("notes",), "selection_scenario": ("notes",), "selection_decision": ()}


def lost_words(old: str, new: str, vendor: str) -> str:
    """Whether a text is another's with marks in the place of words. What is the same is compared first: SQLite takes no long patterns."""
    free = (
        f"instr({new}, char(1)) = 0 AND " if vendor == "sqlite" else ""
    )  # the sign that stands for a mark while a pattern is made
    return f"CASE WHEN {new} = {old} THEN true ELSE {free}{old} {pattern(new, vendor)} END"


def pattern(text: str, vendor: str) -> str:
    """A text as a pattern in which each mark stands for whatever was there."""
    if vendor == "sqlite":  # GLOB, since LIKE takes small for large letters
        for old, new in ((f"'{MARK}'", "char(1)"), ("'['", "'[[]'"), ("'*'", "'[*]'"), ("'?'", "'[?]'"), ("char(1)", "'*'")):
            text = f"replace({text}, {old}, {new})"
        return f"GLOB {text}"
    for old, new in ((r"'\'", r"'\\'"), ("'%'", r"'\%'"), ("'_'", r"'\_'"), (f"'{MARK}'", "'%'")):
        text = f"replace({text}, {old}, {new})"
    return f"LIKE {text}"


def lawful(table: str, vendor: str) -> str:
    """The one change of a closed row that is let through, as a condition on OLD and NEW; unknown counts as refused."""
    same, length = ("IS", "json_array_length") if vendor == "sqlite" else ("IS NOT DISTINCT FROM", "jsonb_array_length")
    kept = (f"NEW.{column} {same} OLD.{column}" for column in KEPT[table])
    texts = (lost_words(f"OLD.{column}", f"NEW.{column}", vendor) for column in TEXTS[table])
    written = "CAST({row}.{column} AS text)"
    lists = (
        f"{length}(NEW.{column}) = {length}(OLD.{column}) AND "
        + lost_words(written.format(row="OLD", column=column), written.format(row="NEW", column=column), vendor)
        for column in LISTS[table]
    )
    return f"coalesce({' AND '.join([*kept, *texts, *lists, WARRANT])}, {'0' if vendor == 'sqlite' else 'false'})"


def conditions(table: str, vendor: str) -> dict[str, tuple[str, str]]:
    """By act, when it is refused and with which words."""
    if table == "selection_round":
        changed = f"OLD.status = 'closed' AND NOT {lawful(table, vendor)}"
        return {"UPDATE": (changed, REFUSAL), "DELETE": ("OLD.status = 'closed'", REFUSAL)}
    if table == "selection_keystatus":
        return {
            "INSERT": (f"{CLOSED.format(row='NEW')} OR {ENDER_CLOSED.format(row='NEW')}", REFUSAL),
            "UPDATE": (f"{STATUS_CHANGED} OR (NEW.round_id <> OLD.round_id AND {CLOSED.format(row='NEW')})", REFUSAL),
            "DELETE": (f"{CLOSED.format(row='OLD')} OR {ENDER_CLOSED.format(row='OLD')}", REFUSAL),
        }
    closed = OF_TABLE[table]
    changed = f"({closed.format(row='OLD')} OR {closed.format(row='NEW')})"
    return {
        "INSERT": (closed.format(row="NEW"), REFUSAL),
        "UPDATE": (f"{changed} AND NOT {lawful(table, vendor)}" if table in KEPT else changed, REFUSAL),
        "DELETE": (closed.format(row="OLD"), REFUSAL),
    }


def replaced(table: str) -> str:
    """SQLite's INSERT OR REPLACE removes old rows without asking the trigger on DELETE: whether one of a closed round would go."""
    same_row = "o.id = NEW.id"
    match table:
        case "selection_round":
            closed, same_row = "o.status = 'closed'", "(o.id = NEW.id OR o.name = NEW.name)"
        case "selection_keystatus":
            closed, same_row = CLOSED.format(row="o"), "(o.id = NEW.id OR o.decision_id = NEW.decision_id)"
        case _:
            closed = OF_TABLE[table].format(row="o")
    return f"EXISTS (SELECT 1 FROM {table} o WHERE {same_row} AND {closed})"


def sqlite_statements() -> list[str]:
    found: list[str] = []
    for table in TABLES:
        for act, (condition, words) in conditions(table, "sqlite").items():
            found.append(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
        found.append(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {replaced(table)} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
    for act in ("INSERT", "UPDATE"):
        found.append(
            f"CREATE TRIGGER selection_keystatus_decided_{act.lower()} BEFORE {act} ON selection_keystatus "
            f"WHEN NOT {STATUS_DECIDED} BEGIN SELECT RAISE(ABORT, '{UNDECIDED}'); END"
        )
    return found


def postgresql_statements() -> list[str]:
    found: list[str] = []
    for table in TABLES:
        branches = "".join(
            f"IF TG_OP = '{act}' THEN IF {condition} THEN "
            f"RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END IF; END IF; "
            for act, (condition, words) in conditions(table, "postgresql").items()
        )
        if table == "selection_keystatus":
            branches += (
                f"IF TG_OP <> 'DELETE' THEN IF NOT {STATUS_DECIDED} THEN "
                f"RAISE EXCEPTION '{UNDECIDED}' USING ERRCODE = 'integrity_constraint_violation'; END IF; END IF; "
            )
        found.append(
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {branches} IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )
        found.append(
            f"CREATE TRIGGER {table}_closed BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        )
        found.append(
            f"CREATE FUNCTION {table}_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF EXISTS (SELECT 1 FROM selection_round WHERE status = 'closed') THEN "
            f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$"
        )
        found.append(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse_truncate()"
        )
    return found


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}[schema_editor.connection.vendor]()
    for statement in statements:
        schema_editor.execute(statement, None)  # as it stands: its percent signs are no places for parameters


def backward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_closed ON {table}")
            schema_editor.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_refuse()")
            schema_editor.execute(f"DROP FUNCTION {table}_refuse_truncate()")
            continue
        for act in (*conditions(table, "sqlite"), "REPLACE"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_{act.lower()}")
    if schema_editor.connection.vendor == "sqlite":
        for act in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER selection_keystatus_decided_{act}")


def renewed(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the guards of this version in the place of those that an earlier one made."""
    backward(apps, schema_editor)
    forward(apps, schema_editor)
