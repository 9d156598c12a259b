"""The audit's pages: who opens which, what they show, and that a list costs the same for any number of rows."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.factories.people import user

from openkam.app.audit.models import Entry
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.terms import Role, Scope

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def changed(person: User, reason: str = "", **values: object) -> Entry:
    with recorded(actor=None, verb="changed", record=person, reason=reason):
        for field, value in values.items():
            setattr(person, field, value)
        person.save()
    return Entry.objects.latest("id")


def page(client: Client, address: str, **filters: str) -> str:
    answer = client.get(address, filters)
    assert answer.status_code == 200
    return answer.content.decode()


def exported(client: Client, **filters: str) -> list[dict[str, str]]:
    answer = client.get("/audit/export/", filters)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="audit.csv"'
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_list_says_who_wrote_what_and_why(signed_in: SignIn):
    changed(user(Role.MANAGER, name="Bo", hours_per_year=1200), hours_per_year=0, reason="Left")
    shown = page(signed_in(user()), "/audit/")
    for text in ("System", "changed", "Bo", "Hours a year for key accounts", "1,200 → 0", "Left"):
        assert text in shown


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST, Role.TEAM_MEMBER, Role.READ_ONLY])
@pytest.mark.parametrize("address", ["/audit/", "/audit/export/"])
def test_the_whole_audit_is_closed_to_who_may_not_read_it(role: Role, address: str, signed_in: SignIn):
    changed(user(name="Secret"), hours_per_year=7)
    answer = signed_in(user(role)).get(address)
    assert answer.status_code == 403
    assert "Secret" not in answer.content.decode()


def test_a_guest_is_sent_to_the_sign_in(client: Client):
    user()
    for address in ("/audit/", "/audit/export/", "/audit/people.user/1/", "/audit/1/restore/name/"):
        assert client.get(address)["Location"].startswith("/sign-in/login/")


def test_a_head_who_sees_some_records_only_lists_and_exports_those(signed_in: SignIn):
    changed(user(Role.MANAGER), hours_per_year=7, reason="Secret reason")
    client = signed_in(user(Role.HEAD, scope=Scope.OWN))
    assert "Secret reason" not in page(client, "/audit/")
    assert exported(client) == []
    assert exported(signed_in(user(Role.HEAD)))[0]["reason"] == "Secret reason"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"record": "ada"}, {"Ada"}),
        ({"verb": "joined"}, {"Bo"}),
        ({"record_type": "people.user"}, {"Ada", "Bo"}),
        ({"record_type": "people.team"}, set[str]()),
        ({"since": "{today}"}, {"Ada", "Bo"}),
        ({"since": "{tomorrow}"}, set[str]()),
        ({"until": "{today}"}, {"Ada", "Bo"}),
        ({"until": "{yesterday}"}, set[str]()),
        ({"actor": "{ada}"}, {"Bo"}),
    ],
)
def test_filters_narrow_the_list_and_the_export(filters: dict[str, str], found: set[str], signed_in: SignIn):
    ada, bo = user(name="Ada"), user(name="Bo")
    changed(ada, hours_per_year=7)
    with recorded(actor=ada, verb="joined", record=bo):
        bo.hours_per_year = 9
        bo.save()
    today = timezone.localdate()
    words = {
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "yesterday": today - timedelta(days=1),
        "ada": ada.pk,
    }
    asked = {name: value.format(**words) for name, value in filters.items()}
    client = signed_in(user(name="Reader"))
    assert {row["record"] for row in exported(client, **asked)} == found
    rows = client.get("/audit/", asked).context["table"].rows
    assert {row.record.entry.record_name for row in rows} == found


def test_the_export_holds_one_row_for_each_changed_field(signed_in: SignIn):
    entry = changed(user(Role.MANAGER, name="Bo", hours_per_year=1200), hours_per_year=0, role=Role.ANALYST)
    rows = exported(signed_in(user()))
    assert {(row["field"], row["before"], row["after"]) for row in rows} == {
        ("hours_per_year", "1200", "0"),
        ("role", "manager", "analyst"),
    }
    assert {row["at"] for row in rows} == {entry.at.isoformat()}


def test_no_cell_of_the_export_is_a_formula(signed_in: SignIn):
    changed(user(name="=HYPERLINK(1)"), name="@SUM(1+9)", reason="+cmd|' /C calc'!A0")
    (row,) = exported(signed_in(user()))
    assert (row["record"], row["before"], row["after"]) == ("'@SUM(1+9)", "'=HYPERLINK(1)", "'@SUM(1+9)")
    assert row["reason"].startswith("'+cmd")


def test_what_people_wrote_is_escaped(signed_in: SignIn):
    script = "<script>alert(1)</script>"
    entry = changed(user(Role.MANAGER, name=script), name=f"{script}2", reason=script)
    client = signed_in(user())
    for address in ("/audit/", f"/audit/people.user/{entry.record_key}/", f"/audit/{entry.pk}/restore/name/"):
        shown = page(client, address)
        assert script not in shown
        assert "&lt;script&gt;" in shown


def test_a_person_reads_the_history_of_their_own_record_and_of_no_other(signed_in: SignIn):
    reader, other = user(Role.READ_ONLY), user(Role.MANAGER, name="Secret")
    changed(reader, hours_per_year=7)
    entry = changed(other, hours_per_year=7)
    client = signed_in(reader)
    assert "Hours a year" in page(client, f"/audit/people.user/{reader.pk}/")
    assert client.get(f"/audit/people.user/{other.pk}/").status_code == 404
    assert client.get(f"/audit/{entry.pk}/restore/hours_per_year/").status_code == 404
    for address in ("/audit/no.such/1/", "/audit/people.user/x/", f"/audit/{10**9}/restore/name/"):
        assert client.get(address).status_code == 404


def test_an_old_value_is_restored_from_the_history(signed_in: SignIn):
    person = user(Role.MANAGER, name="Bo", hours_per_year=1200)
    entry = changed(person, hours_per_year=0)
    client, address = signed_in(user()), f"/audit/{entry.pk}/restore/hours_per_year/"
    assert address in page(client, f"/audit/people.user/{person.pk}/")
    assert "1,200" in page(client, address)
    answer = client.post(address, {"reason": "A slip"}, follow=True)
    assert "is 1,200 again" in answer.content.decode()
    person.refresh_from_db()
    assert person.hours_per_year == 1200
    assert Entry.objects.latest("id").reason == "A slip"


def test_restoring_is_not_offered_and_not_done_for_who_may_not(signed_in: SignIn):
    person = user(Role.MANAGER, hours_per_year=1200)
    entry = changed(person, hours_per_year=0)
    client, address = signed_in(user(Role.HEAD)), f"/audit/{entry.pk}/restore/hours_per_year/"
    assert address not in page(client, f"/audit/people.user/{person.pk}/")
    assert client.post(address).status_code == 403
    person.refresh_from_db()
    assert person.hours_per_year == 0


def test_a_refused_restore_says_why(signed_in: SignIn):
    only = user()
    entry = changed(user(Role.MANAGER), is_active=False)
    answer = signed_in(only).post(f"/audit/{entry.pk}/restore/is_active/")
    assert answer.status_code == 422
    assert "cannot be restored here" in answer.content.decode()
    assert signed_in(only).get(f"/audit/{entry.pk}/restore/no_such_field/").status_code == 404


def test_a_restore_needs_the_csrf_token():
    entry = changed(user(Role.MANAGER), hours_per_year=7)
    client = Client(enforce_csrf_checks=True)
    client.force_login(user())
    assert client.post(f"/audit/{entry.pk}/restore/hours_per_year/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number_of_rows(
    rows: int, signed_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
):
    for _ in range(rows):
        changed(user(Role.MANAGER), reports_to=user(Role.HEAD))
    client = signed_in(user())
    with django_assert_num_queries(6):  # session, user, count, page, names of related people, people to filter by
        assert client.get("/audit/").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_a_history_takes_the_same_queries_for_any_number_of_entries(
    rows: int, signed_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
):
    person = user(Role.MANAGER)
    for _ in range(rows):
        changed(person, reports_to=user(Role.HEAD))
    client = signed_in(user())
    with django_assert_num_queries(5):  # session, user, count, page, names of related people
        assert client.get(f"/audit/people.user/{person.pk}/").status_code == 200


def test_pages_of_a_long_audit(signed_in: SignIn):
    Entry.objects.bulk_create(
        [
            Entry(actor_name="S", verb="made", record_type="x.y", record_key=str(n), record_name=f"Record {n:03}")
            for n in range(60)
        ]
    )
    client = signed_in(user())
    assert "Record 059" in page(client, "/audit/")
    second = page(client, "/audit/", page="2")
    assert "Record 000" in second
    assert "Record 059" not in second
