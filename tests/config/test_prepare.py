"""Tables: many as one step, the guards with them, and no database left between two versions."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from openkam.config.prepare import refuse_half_way
from openkam.config.refusal import ConfigurationError

ROOMS = ("people", "audit", "runs", "ledger", "accounts", "relationships", "selection", "valuation")


@pytest.mark.django_db
def test_a_workspace_that_took_every_replaced_step_needs_no_other():
    MigrationRecorder(connection).migration_qs.filter(app__in=ROOMS, name="0001_tables").delete()

    refuse_half_way()

    assert {(room, "0001_tables") for room in ROOMS} <= set(MigrationLoader(connection).applied_migrations)


@pytest.mark.django_db
@pytest.mark.parametrize("room", ["people", "valuation"])
def test_a_workspace_between_two_versions_is_refused_with_the_step_that_it_lacks(room: str):
    taken = MigrationRecorder(connection).migration_qs.filter(app=room)
    last = taken.exclude(name="0001_tables").order_by("name").last()
    assert last is not None
    last.delete()

    with pytest.raises(ConfigurationError, match=rf"tables of {room} .* {last.name} was never made"):
        refuse_half_way()


@pytest.mark.django_db
def test_tables_and_guards_go_and_come_back(transactional_db: None):
    """Backwards is the exact reverse: a failed step on SQLite and PostgreSQL leaves nothing half-made that stops the next."""
    migration = MigrationLoader(connection).disk_migrations["valuation", "0001_tables"]
    whole, guards = migration.operations
    state = MigrationLoader(connection).project_state(("valuation", "0001_tables"))
    before = MigrationLoader(connection).project_state(("valuation", "0001_tables"), at_end=False)
    made = set(connection.introspection.table_names())

    with connection.schema_editor() as editor:
        guards.database_backwards("valuation", editor, state, state)
        whole.database_backwards("valuation", editor, state, before)
    gone = made - set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        whole.database_forwards("valuation", editor, before, state)
        guards.database_forwards("valuation", editor, state, state)

    assert {f"valuation_{name}" for name in ("valuation", "alertverdict", "accountworth")} <= gone
    assert set(connection.introspection.table_names()) == made
