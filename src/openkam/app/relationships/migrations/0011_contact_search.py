"""Find contacts by any part of their name, keep rungs of the ladder and mentions.

The search is fast on both databases.

PostgreSQL: the index needs `pg_trgm`; a server that does not offer it is searched row by row. SQLite: an FTS5 table over the contacts'
own rows, kept in step by triggers; what is deleted from it leaves no letter behind. SQLite drops the triggers when a later
migration rebuilds `relationships_contact`: such a migration must run `BACKWARD` before and `FORWARD` after its change.
"""

import sqlite3

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import openkam.app.accounts.models.search_text

TABLE = "relationships_contact"
FORWARD = (
    (
        f"CREATE VIRTUAL TABLE {TABLE}_search USING fts5"
        f"(sort_name, content='{TABLE}', content_rowid='id', tokenize='trigram', columnsize=0)"
    ),
    f"INSERT INTO {TABLE}_search({TABLE}_search) VALUES ('rebuild')",
    (
        f"CREATE TRIGGER {TABLE}_search_insert AFTER INSERT ON {TABLE} BEGIN "
        f"INSERT INTO {TABLE}_search(rowid, sort_name) VALUES (new.id, new.sort_name); END"
    ),
    (
        f"CREATE TRIGGER {TABLE}_search_delete AFTER DELETE ON {TABLE} BEGIN "
        f"INSERT INTO {TABLE}_search({TABLE}_search, rowid, sort_name) VALUES ('delete', old.id, old.sort_name); END"
    ),
    (
        f"CREATE TRIGGER {TABLE}_search_update AFTER UPDATE OF sort_name ON {TABLE} WHEN old.sort_name <> new.sort_name BEGIN "
        f"INSERT INTO {TABLE}_search({TABLE}_search, rowid, sort_name) VALUES ('delete', old.id, old.sort_name); "
        f"INSERT INTO {TABLE}_search(rowid, sort_name) VALUES (new.id, new.sort_name); END"
    ),
)
SECURE_DELETE = f"INSERT INTO {TABLE}_search({TABLE}_search, rank) VALUES ('secure-delete', 1)"
KNOWS_SECURE_DELETE = (3, 42)
BACKWARD = (
    f"DROP TRIGGER {TABLE}_search_insert",
    f"DROP TRIGGER {TABLE}_search_delete",
    f"DROP TRIGGER {TABLE}_search_update",
    f"DROP TABLE {TABLE}_search",
)
TRIGRAM_INDEX = f"CREATE INDEX {TABLE}_search ON {TABLE} USING gin (sort_name gin_trgm_ops)"


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        for statement in FORWARD:
            schema_editor.execute(statement)
        if sqlite3.sqlite_version_info >= KNOWS_SECURE_DELETE:
            schema_editor.execute(SECURE_DELETE)
        return
    with connection.cursor() as cursor:
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
    dependencies = [
        ("relationships", "0010_rights"),
        ("accounts", "0002_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AlterField("contact", "sort_name", openkam.app.accounts.models.search_text.SearchText(editable=False)),
        migrations.AddIndex("contact", models.Index(fields=["sort_name", "id"], name="relationships_contact_by_name")),
        migrations.RunPython(forward, backward),
        migrations.CreateModel(
            name="LadderPlace",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.account",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("reckoned_on", models.DateField()),
            ],
            options={"indexes": [models.Index(fields=["place"], name="relationships_ladder_place")]},
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "interaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="relationships.interaction"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="relationships.contact"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("contact__isnull", False), ("user", None)),
                            models.Q(("contact", None), ("user__isnull", False)),
                            _connector="OR",
                        ),
                        name="relationships_mention_is_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("interaction", "user"),
                        name="relationships_user_mentioned_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("contact__isnull", False)),
                        fields=("interaction", "contact"),
                        name="relationships_contact_mentioned_once",
                    ),
                ],
            },
        ),
    ]
