"""What every test shares."""

import sys
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.migrations.loader import MigrationLoader
from hypothesis import settings
from pytest_django import DjangoDbBlocker

# How long one example takes says more of the machine than of the code.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let the clean-up after a transactional test empty audit, valuations, closed rounds and stages, which triggers refuse to others."""
    with django_db_blocker.unblock():
        loader = MigrationLoader(connection)
        names = (
            ("audit", "0002_append_only"),
            ("audit", "0003_lawful_erasure"),
            ("valuation", "0002_append_only"),
            ("valuation", "0003_the_whole"),
            ("valuation", "0004_assumptions_and_rebates"),
            ("valuation", "0005_alerts_and_details"),
            ("valuation", "0006_alerts_dealt_with"),
            ("selection", "0002_closed_rounds"),
            ("selection", "0004_robustness"),
            ("relationships", "0008_stages"),
            ("relationships", "0010_rights"),
        )
        kept = [loader.get_migration(*name) for name in names]
        operations = type(connection.ops)
    triggers = [sys.modules[migration.__module__] for migration in kept]
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
