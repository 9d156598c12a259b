"""Who reads what of the audit, and how an entry reads."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.factories.people import team, user

from openkam.app.audit.models import Entry
from openkam.app.audit.operations import recorded
from openkam.app.audit.queries import described, entries, entry_of, history_of, record_history
from openkam.app.audit.queries.changes import value_text
from openkam.app.people.models import Team, User
from openkam.app.people.terms import Role, Scope

pytestmark = pytest.mark.django_db


def written(record: User | Team, **values: object) -> Entry:
    with recorded(actor=None, verb="changed", record=record):
        for field, value in values.items():
            setattr(record, field, value)
        record.save()
    return Entry.objects.latest("id")


@pytest.fixture
def secret() -> Entry:
    """What only who reads the audit may see: a colleague's hours."""
    return written(user(Role.MANAGER, name="Colleague"), hours_per_year=7)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.HEAD])
def test_who_reads_the_audit_reads_all_of_it(role: Role, secret: Entry):
    reader = user(role)
    assert list(entries(reader)) == [secret]
    assert entry_of(reader, secret.pk) == secret
    assert list(record_history(reader, secret.record_type, secret.record_key)) == [secret]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST, Role.TEAM_MEMBER, Role.READ_ONLY])
def test_anybody_else_reads_the_history_of_the_records_they_may_open(role: Role, secret: Entry):
    reader = user(role)
    own = written(reader, hours_per_year=9)
    assert list(entries(reader)) == [own]
    assert history_of(reader, reader) == [own]
    assert not record_history(reader, secret.record_type, secret.record_key).exists()
    with pytest.raises(Entry.DoesNotExist):
        entry_of(reader, secret.pk)


def test_a_head_who_sees_some_records_only_reads_their_history_only(secret: Entry):
    reader = user(Role.HEAD, scope=Scope.OWN)
    assert not entries(reader).exists()
    assert not record_history(reader, secret.record_type, secret.record_key).exists()


def test_a_team_s_history_is_open_to_its_members(secret: Entry):
    member = user(Role.TEAM_MEMBER)
    mine, other = team(member, name="North"), team(name="East")
    entry = written(mine, name="South")
    written(other, name="West")
    assert list(entries(member)) == [entry]


def test_a_type_that_no_room_opened_is_closed():
    reader = user(Role.MANAGER)
    Entry.objects.create(
        actor=reader, actor_name="M", verb="made", record_type="plans.plan", record_key="1", record_name="Secret plan"
    )
    assert not entries(reader).exists()
    assert not record_history(reader, "plans.plan", "1").exists()
    assert entries(user()).count() == 1


def test_an_entry_reads_in_words():
    head = user(Role.HEAD, name="Ada Head")
    person = user(Role.MANAGER, hours_per_year=1200)
    entry = written(person, role=Role.ANALYST, reports_to=head, is_active=False, hours_per_year=0)
    (shown,) = described(user(), [entry])
    assert shown.type_label == "Person"
    assert {(change.label, change.before, change.after) for change in shown.changes} == {
        ("Role", "Key account manager", "Analyst"),
        ("Reports to", "—", "Ada Head"),
        ("May sign in", "Yes", "No"),
        ("Hours a year for key accounts", "1,200", "0"),
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "Yes"),
        (-1234567, "−1,234,567"),
        (Decimal("1234.50"), "1,234.50"),
        (date(2026, 5, 31), "31\N{NO-BREAK SPACE}May\N{NO-BREAK SPACE}2026"),
        (datetime(2026, 5, 31, 22, 5, tzinfo=UTC), "1\N{NO-BREAK SPACE}Jun\N{NO-BREAK SPACE}2026, 00:05"),
        (time(2, 30), "02:30"),
        ({"name": "François"}, '{"name": "François"}'),
        ("plain", "plain"),
    ],
)
def test_values_read_as_pages_write_them(value: object, text: str):
    with timezone.override("Europe/Berlin"):
        assert value_text(value) == text


def test_a_made_record_leaves_out_its_key_and_what_was_empty():
    made = Team(name="North")
    with recorded(actor=None, verb="made", record=made):
        made.save()
    (shown,) = described(user(), [Entry.objects.get()])
    assert [(change.label, change.before, change.after) for change in shown.changes] == [("Name", None, "North")]


def test_restoring_is_offered_to_who_may_do_it_only():
    entry = written(user(Role.MANAGER), hours_per_year=7, is_active=False)
    restorable = {change.field: change.is_restorable for change in described(user(), [entry])[0].changes}
    assert restorable == {"hours_per_year": True, "is_active": False}
    assert not any(change.is_restorable for change in described(user(Role.HEAD), [entry])[0].changes)


def test_an_entry_of_an_unknown_type_reads_as_it_was_written():
    entry = Entry(
        verb="made", record_type="gone.thing", record_key="1", record_name="T", after={"net_sales": "12.50"}, actor_name="S"
    )
    (shown,) = described(user(), [entry])
    assert (shown.type_label, shown.changes[0].label, shown.changes[0].before, shown.changes[0].after) == (
        "gone.thing",
        "Net sales",
        None,
        "12.50",
    )


def test_a_value_that_its_field_no_longer_takes_reads_as_it_was_written():
    entry = written(user(Role.MANAGER), hours_per_year=7)
    entry.before = {"hours_per_year": "many"}
    assert described(user(), [entry])[0].changes[0].before == "many"


@pytest.mark.parametrize("rows", [1, 3])
def test_describing_takes_one_query_for_each_related_model(rows: int, django_assert_num_queries: DjangoAssertNumQueries):
    found = [written(user(Role.MANAGER), reports_to=user(Role.HEAD)) for _ in range(rows)]
    reader = user()
    with django_assert_num_queries(1):
        described(reader, found)
