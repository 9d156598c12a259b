"""Nothing changes or removes an entry once it is written: not a model, not a query, not SQL, not a management command."""

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories.people import team, user

from openkam.app.audit.models import Entry
from openkam.app.audit.operations import recorded


@pytest.fixture
def entry(db: None) -> Entry:
    changed = team(name="North")
    with recorded(actor=user(), verb="renamed", record=changed):
        changed.name = "South"
        changed.save()
    return Entry.objects.get()


def refused(write) -> bool:
    """Whether the database refuses a write, with the entry as it was."""
    stored = list(Entry.objects.values())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        write()
    return list(Entry.objects.values()) == stored


def test_an_entry_cannot_be_saved_again(entry: Entry):
    entry.verb = "forged"
    assert refused(entry.save)


def test_an_entry_cannot_be_removed(entry: Entry):
    assert refused(entry.delete)


@pytest.mark.parametrize(
    "write",
    [
        lambda: Entry.objects.update(actor_name="Somebody else"),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.all()._raw_delete("default"),
        lambda: Entry.objects.bulk_update(Entry.objects.all(), ["verb"]),
        lambda: Entry.objects.update_or_create(pk=Entry.objects.get().pk, defaults={"verb": "forged"}),
        lambda: Entry.objects.bulk_create(
            [Entry(pk=Entry.objects.get().pk, verb="forged")], update_conflicts=True, update_fields=["verb"], unique_fields=["id"]
        ),
    ],
    ids=["update", "delete", "raw delete", "bulk update", "update or create", "upsert"],
)
def test_no_query_changes_an_entry(entry: Entry, write):
    assert refused(write)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET verb = 'forged'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE id > 0",
    ],
)
def test_no_sql_changes_an_entry(entry: Entry, statement: str):
    assert refused(lambda: connection.cursor().execute(statement))


def test_an_entry_cannot_be_replaced(entry: Entry):
    columns = [field.column for field in Entry._meta.concrete_fields]
    copied = ", ".join("'forged'" if column == "verb" else column for column in columns)
    replace = {
        "sqlite": f"REPLACE INTO audit_entry ({', '.join(columns)}) SELECT {copied} FROM audit_entry",
        "postgresql": (
            f"INSERT INTO audit_entry ({', '.join(columns)}) SELECT {copied} FROM audit_entry "
            "ON CONFLICT (id) DO UPDATE SET verb = 'forged'"
        ),
    }
    assert refused(lambda: connection.cursor().execute(replace[connection.vendor]))


@pytest.mark.django_db(transaction=True)
def test_the_table_cannot_be_emptied(entry: Entry):
    empty = {"sqlite": "DELETE FROM audit_entry", "postgresql": "TRUNCATE audit_entry CASCADE"}
    assert refused(lambda: connection.cursor().execute(empty[connection.vendor]))


def test_a_person_who_wrote_cannot_be_removed(entry: Entry):
    with pytest.raises(IntegrityError), transaction.atomic():
        type(entry.actor).objects.filter(pk=entry.actor_id).delete()
    assert Entry.objects.get().actor == entry.actor
