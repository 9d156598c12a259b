"""Index the searched text by trigrams.

PostgreSQL: the index needs `pg_trgm`; a server that does not offer it is searched row by row, which 50,000 accounts bear.
SQLite: an FTS5 table over the accounts' own rows, kept in step by triggers. SQLite drops the triggers when a later migration
rebuilds `accounts_account`: such a migration must run `BACKWARD` before and `FORWARD` after its change.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = "accounts_account"
FORWARD = (
    (
        f"CREATE VIRTUAL TABLE {TABLE}_search USING fts5"
        f"(search_text, content='{TABLE}', content_rowid='id', tokenize='trigram', columnsize=0)"
    ),
    f"INSERT INTO {TABLE}_search({TABLE}_search) VALUES ('rebuild')",
    (
        f"CREATE TRIGGER {TABLE}_search_insert AFTER INSERT ON {TABLE} BEGIN "
        f"INSERT INTO {TABLE}_search(rowid, search_text) VALUES (new.id, new.search_text); END"
    ),
    (
        f"CREATE TRIGGER {TABLE}_search_delete AFTER DELETE ON {TABLE} BEGIN "
        f"INSERT INTO {TABLE}_search({TABLE}_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); END"
    ),
    (
        f"CREATE TRIGGER {TABLE}_search_update AFTER UPDATE OF search_text ON {TABLE} WHEN old.search_text <> new.search_text BEGIN "
        f"INSERT INTO {TABLE}_search({TABLE}_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); "
        f"INSERT INTO {TABLE}_search(rowid, search_text) VALUES (new.id, new.search_text); END"
    ),
)
BACKWARD = (
    f"DROP TRIGGER {TABLE}_search_insert",
    f"DROP TRIGGER {TABLE}_search_delete",
    f"DROP TRIGGER {TABLE}_search_update",
    f"DROP TABLE {TABLE}_search",
)
TRIGRAM_INDEX = f"CREATE INDEX {TABLE}_search ON {TABLE} USING gin (search_text gin_trgm_ops)"


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for statement in FORWARD:
            schema_editor.execute(statement)
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")
        offered = cursor.fetchone()[0]
    if offered:
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        schema_editor.execute(TRIGRAM_INDEX)


def backward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for statement in BACKWARD:
            schema_editor.execute(statement)
    else:
        schema_editor.execute(f"DROP INDEX IF EXISTS {TABLE}_search")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(forward, backward)]
