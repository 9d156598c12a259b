"""An index over a column's trigrams, for search in any part of a word.

PostgreSQL: the index needs `pg_trgm`; a server that does not offer it is searched row by row, which 50,000 rows bear. SQLite: an
FTS5 table over the table's own rows, kept in step by triggers. SQLite drops the triggers when a later migration rebuilds the
table: such a migration must run `drop_trigrams` before and `index_trigrams` after its change.
"""

import sqlite3

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KNOWS_SECURE_DELETE = (3, 42)


def index_trigrams(schema_editor: BaseDatabaseSchemaEditor, table: str, column: str, *, forgets: bool = False) -> None:
    """Index `column` of `table`; what is deleted from an index that `forgets` leaves no letter behind."""
    execute, index = schema_editor.execute, f"{table}_search"
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")
            offered = cursor.fetchone()[0]
        if offered:
            execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            execute(f"CREATE INDEX {index} ON {table} USING gin ({column} gin_trgm_ops)")
        return
    new = f"INSERT INTO {index}(rowid, {column}) VALUES (new.id, new.{column});"
    old = f"INSERT INTO {index}({index}, rowid, {column}) VALUES ('delete', old.id, old.{column});"
    execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({column}, content='{table}', content_rowid='id', tokenize='trigram', columnsize=0)"
    )
    execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")
    execute(f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {new} END")
    execute(f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {old} END")
    changed = f"WHEN old.{column} <> new.{column}"
    execute(f"CREATE TRIGGER {index}_update AFTER UPDATE OF {column} ON {table} {changed} BEGIN {old} {new} END")
    if forgets and sqlite3.sqlite_version_info >= KNOWS_SECURE_DELETE:
        execute(f"INSERT INTO {index}({index}, rank) VALUES ('secure-delete', 1)")


def drop_trigrams(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Take the index away."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {table}_search")
        return
    for act in ("insert", "delete", "update"):
        schema_editor.execute(f"DROP TRIGGER {table}_search_{act}")
    schema_editor.execute(f"DROP TABLE {table}_search")
