"""What every test shares."""

from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import settings

from openkam.app.audit.migrations import _guards as audit
from openkam.app.people.queries import compiled
from openkam.app.relationships.migrations import _guards as relationships
from openkam.app.selection.migrations import _guards as selection
from openkam.app.valuation.migrations import _guards as valuation

# How long one example takes says more of the machine than of the code.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
# Every query that is kept is written anew as well and compared, whatever test asks it.
compiled.CHECKED = True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Let the clean-up after a transactional test empty audit, valuations, closed rounds and stages, which triggers refuse to others."""
    triggers = (audit, valuation, selection, relationships)
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_without_triggers(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            editor = SimpleNamespace(connection=connection, execute=cursor.execute)
            for room in reversed(triggers):
                room.backward(None, editor)
            flush(self, sql_list)
            for room in triggers:
                room.forward(None, editor)

    # For every connection: a test may close its own and open another.
    operations.execute_sql_flush = flush_without_triggers  # pyright: ignore[reportAttributeAccessIssue]
