"""Find contacts by any part of their name, on both databases; the name of an erased person leaves no letter in the index."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from openkam.app.people.migrations._trigrams import drop_trigrams, index_trigrams

TABLE = "relationships_contact"


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    index_trigrams(schema_editor, TABLE, "sort_name", forgets=True)


def backward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    drop_trigrams(schema_editor, TABLE)
