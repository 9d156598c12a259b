"""Triggers by which the database itself refuses to change or delete a table's rows, in the words of SQLite and of PostgreSQL.

SQLite's INSERT OR REPLACE removes the old row without asking the trigger on DELETE: a third trigger refuses that. PostgreSQL's
TRUNCATE asks no trigger of a row: one of the statement refuses it.
"""

from collections.abc import Callable

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

Lawful = Callable[[str], str]
"""By vendor, the one change that is let through, as a condition on OLD and NEW. What is unknown in it is refused as well."""

INTEGRITY = "USING ERRCODE = 'integrity_constraint_violation'"


def refuse_changes(
    schema_editor: BaseDatabaseSchemaEditor,
    table: str,
    refusal: str,
    *,
    function: str,
    lawful: Lawful | None = None,
    update: str = "no_change",
) -> None:
    """Let nobody change or delete rows of `table`, but as `lawful` says.

    `function` names PostgreSQL's function that refuses (`refuse_function` makes it), `update` the trigger on updates there.
    """
    execute = schema_editor.execute
    if schema_editor.connection.vendor == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        but = f"WHEN NOT coalesce({lawful('sqlite')}, 0) " if lawful else ""
        execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {but}{refuse}")
        execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        exists = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
        execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {exists} {refuse}")
        return
    never = f"EXECUTE FUNCTION {function}()"
    if lawful:
        but = f"{table}_refuse_but_erasure"
        condition = f"IF coalesce({lawful('postgresql')}, false) THEN RETURN NEW; END IF;"
        execute(
            f"CREATE FUNCTION {but}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {condition} RAISE EXCEPTION '{refusal}' {INTEGRITY}; END $$"
        )
        execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {never}")
        execute(f"CREATE TRIGGER {table}_{update} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {but}()")
    else:
        execute(f"CREATE TRIGGER {table}_{update} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {never}")
    execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {never}")


def allow_changes(
    schema_editor: BaseDatabaseSchemaEditor, table: str, *, with_lawful: bool = False, update: str = "no_change"
) -> None:
    """Take away what `refuse_changes` made."""
    if schema_editor.connection.vendor == "sqlite":
        for act in ("update", "delete", "replace"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_{act}")
        return
    for act in (update, "no_truncate", *(["no_delete"] if with_lawful else [])):
        schema_editor.execute(f"DROP TRIGGER {table}_{act} ON {table}")
    if with_lawful:
        schema_editor.execute(f"DROP FUNCTION {table}_refuse_but_erasure()")


def refuse_function(schema_editor: BaseDatabaseSchemaEditor, function: str, refusal: str) -> None:
    """Make PostgreSQL's function that refuses whatever asks it; SQLite's triggers need none."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{refusal}' {INTEGRITY}; END $$"
        )


def drop_function(schema_editor: BaseDatabaseSchemaEditor, function: str) -> None:
    """Take away what `refuse_function` made."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP FUNCTION {function}()")
