"""What an operation reports: who, what, before and after, why, in the same transaction as the write."""

import pytest
import structlog
from pytest_django import DjangoAssertNumQueries
from tests.factories.people import team, user

from openkam.app.audit.models import Entry
from openkam.app.audit.operations import Write, record_writes, recorded, recorded_many
from openkam.app.people.models import Team, User

pytestmark = pytest.mark.django_db


def test_a_change_keeps_the_changed_fields_only():
    actor, person = user(name="Ada"), user(name="Bo", hours_per_year=100)
    with recorded(actor=actor, verb="changed", record=person, reason="Part time"):
        person.hours_per_year = 80
        person.save()
    entry = Entry.objects.get()
    assert (entry.before, entry.after) == ({"hours_per_year": 100}, {"hours_per_year": 80})
    assert (entry.actor, entry.actor_name, entry.verb, entry.reason) == (actor, "Ada", "changed", "Part time")
    assert (entry.record_type, entry.record_key, entry.record_name) == ("people.user", str(person.pk), "Bo")


def test_a_made_record_keeps_all_its_fields_but_secrets():
    person = User(email="new@example.org", name="New")
    person.set_password("a long secret")
    with recorded(actor=None, verb="added", record=person):
        person.save()
    entry = Entry.objects.get()
    assert entry.before == {}
    assert entry.after["email"] == "new@example.org"
    assert not entry.after.keys() & {"password", "last_login"}
    assert entry.actor_name == "System"


def test_a_removed_record_keeps_what_it_was():
    gone = team(name="North")
    key = gone.pk
    with recorded(actor=user(), verb="removed", record=gone):
        gone.delete()
    entry = Entry.objects.get()
    assert (entry.before, entry.after, entry.record_key) == ({"id": key, "name": "North"}, {}, str(key))


def test_a_write_that_changes_nothing_leaves_no_entry():
    same = team()
    with recorded(actor=user(), verb="changed", record=same):
        same.save()
    assert not Entry.objects.exists()


def rename(record: Team, actor: User | None, *, then: type[Exception] | None = None) -> None:
    with recorded(actor=actor, verb="renamed", record=record):
        record.name = "South"
        record.save()
        if then is not None:
            raise then


def test_a_write_that_fails_leaves_neither_the_change_nor_an_entry():
    kept = team(name="North")
    with pytest.raises(RuntimeError):
        rename(kept, user(), then=RuntimeError)
    assert Team.objects.get().name == "North"
    assert not Entry.objects.exists()


def test_an_entry_that_cannot_be_written_takes_the_change_back():
    kept = team(name="North")
    with pytest.raises(ValueError, match="unsaved"):
        rename(kept, User(name="Never saved"))
    assert Team.objects.get().name == "North"


def test_an_entry_names_the_request_it_came_with():
    renamed = team()
    with structlog.contextvars.bound_contextvars(request_id="abc-12345"), recorded(actor=None, verb="renamed", record=renamed):
        renamed.name = "South"
        renamed.save()
    assert Entry.objects.get().request_id == "abc-12345"


@pytest.mark.parametrize("people", [1, 3])
def test_a_bulk_edit_takes_the_same_queries_for_any_number_of_records(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
):
    for _ in range(people):
        user(name="M")
    actor, chosen = user(), User.objects.filter(name="M")
    with (
        django_assert_num_queries(6),
        recorded_many(actor=actor, verb="set", records=chosen),
    ):  # savepoints, before, write, after, entries
        chosen.update(hours_per_year=7)
    assert Entry.objects.count() == people


def test_a_bulk_edit_keeps_an_entry_for_each_record_it_changed_in_batches(django_assert_max_num_queries: DjangoAssertNumQueries):
    User.objects.bulk_create([User(email=f"m{number}@example.org", name="M") for number in range(1200)])
    actor = user()
    chosen = User.objects.filter(name="M")
    with django_assert_max_num_queries(30), recorded_many(actor=actor, verb="set", records=chosen, reason="Round"):
        chosen.filter(email__endswith="5@example.org").update(hours_per_year=7)
    written = Entry.objects.all()
    assert len(written) == 120
    assert {(entry.verb, entry.reason, entry.actor_id) for entry in written} == {("set", "Round", actor.pk)}
    assert all((entry.before, entry.after) == ({"hours_per_year": 0}, {"hours_per_year": 7}) for entry in written)


def test_a_bulk_removal_keeps_what_was_removed():
    for name in ("North", "South"):
        team(name=name)
    with recorded_many(actor=user(), verb="removed", records=Team.objects.all()):
        Team.objects.all().delete()
    assert sorted(entry.before["name"] for entry in Entry.objects.all()) == ["North", "South"]
    assert all(entry.after == {} for entry in Entry.objects.all())


def test_many_writes_of_one_act_are_one_insert(django_assert_num_queries: DjangoAssertNumQueries):
    made = [team(name="North"), team(name="South"), team(name="East")]
    actor = user()
    with django_assert_num_queries(1):
        count = record_writes(actor=actor, verb="added", writes=(Write(one, {}, {"name": one.name}) for one in made))
    assert count == 3
    assert {entry.record_name for entry in Entry.objects.all()} == {"North", "South", "East"}
