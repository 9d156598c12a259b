"""Find accounts by any part of a name, on both databases."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from openkam.app.people.migrations._trigrams import drop_trigrams, index_trigrams

TABLE = "accounts_account"


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    index_trigrams(schema_editor, TABLE, "search_text")


def backward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    drop_trigrams(schema_editor, TABLE)
