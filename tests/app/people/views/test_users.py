"""An administrator's pages about people, and everybody else kept out of them."""

import pytest
from django.test import Client
from tests.factories.people import team, user

from openkam.app.audit.models import Entry
from openkam.app.people.models import SignInLink, User
from openkam.app.people.terms import Function, Level, Role, Scope

pytestmark = pytest.mark.django_db

PAGES = ("/people/", "/people/create/", "/people/{pk}/", "/people/{pk}/deactivate/", "/people/teams/", "/people/teams/create/")
ACTS = ("/people/create/", "/people/{pk}/", "/people/{pk}/deactivate/", "/people/{pk}/reactivate/", "/people/{pk}/sign-in-link/")


def sent(**changes: object) -> dict[str, object]:
    """What the form sends for a person."""
    return {
        "name": "Max Muster",
        "email": "max@example.org",
        "role": "manager",
        "scope": "",
        "reports_to": "",
        "level": "3",
        "function": "marketing",
        "hours_per_year": "1200",
        "time_zone": "Europe/Berlin",
        "reason": "Joined",
    } | changes


def test_the_list_shows_everybody(signed_in):
    head = user(Role.HEAD, name="Hanna Head")
    max_ = user(Role.MANAGER, name="Max Muster", reports_to=head, email="max@example.org")
    team(max_, name="North")

    page = signed_in(user(name="Ada")).get("/people/").content.decode()

    for expected in ("Hanna Head", "Max Muster", "max@example.org", "North", "Key account manager", "Own and shared with me"):
        assert expected in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("search=muster", ["Max Muster"]),
        ("search=HANNA@", ["Hanna"]),
        ("role=head", ["Hanna"]),
        ("is_active=False", ["Gone"]),
        ("search=%25", []),
    ],
)
def test_the_list_is_filtered(signed_in, asked: str, found: list[str]):
    user(Role.HEAD, name="Hanna", email="hanna@example.org")
    user(Role.MANAGER, name="Max Muster", email="max@example.org")
    user(Role.MANAGER, name="Gone", email="gone@example.org", is_active=False)

    table = signed_in(user(name="Ada", email="ada@example.org")).get(f"/people/?{asked}").context["table"]

    assert [row.record.name for row in table.rows] == found


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions(signed_in, django_assert_num_queries, number: int):
    client = signed_in(user(name="Ada"))
    for _ in range(number):
        team(user(Role.MANAGER, reports_to=user(Role.HEAD)), user(Role.MANAGER))

    with django_assert_num_queries(6):  # session, person, count, people, memberships, teams
        client.get("/people/")


def test_a_name_is_shown_as_text(signed_in):
    user(Role.MANAGER, name="<script>alert(1)</script>", email="x@example.org")

    page = signed_in(user()).get("/people/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_person_is_made(signed_in):
    response = signed_in(user()).post("/people/create/", sent())

    made = User.objects.get(email="max@example.org")
    assert response.url == f"/people/{made.pk}/"
    assert (made.role, made.scope, made.hours_per_year, made.time_zone) == (Role.MANAGER, "", 1200, "Europe/Berlin")
    assert (made.level, made.function) == (Level.DEPARTMENT_HEAD, Function.MARKETING)
    assert Entry.objects.get().reason == "Joined"


def test_a_mistake_is_said_beside_its_field(signed_in):
    user(email="max@example.org")

    response = signed_in(user()).post("/people/create/", sent(email="MAX@example.org", role="emperor", hours_per_year="-1"))

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"role", "hours_per_year"}
    response = signed_in(user()).post("/people/create/", sent(email="Max@Example.org"))
    assert "Somebody has this address already." in response.content.decode()
    assert User.objects.filter(email__iexact="max@example.org").count() == 1


def test_a_record_is_changed(signed_in):
    person = user(Role.READ_ONLY, name="Max")

    response = signed_in(user()).post(f"/people/{person.pk}/", sent(role="head", scope="team"))

    person.refresh_from_db()
    assert response.url == f"/people/{person.pk}/"
    assert (person.role, person.scope, person.name) == (Role.HEAD, Scope.TEAM, "Max Muster")


def test_what_the_form_does_not_have_is_not_written(signed_in):
    person = user(Role.MANAGER, name="Max")
    before = person.joined_at, person.pk, person.is_active, person.password

    signed_in(user()).post(
        f"/people/{person.pk}/", sent(is_active="", password="x", id="99", joined_at="2001-01-01", last_login="")
    )

    person.refresh_from_db()
    assert (person.joined_at, person.pk, person.is_active, person.password) == before


def test_the_last_administrator_is_told_why(signed_in):
    ada = user(name="Ada")

    response = signed_in(ada).post(f"/people/{ada.pk}/", sent(role="head"))

    assert response.status_code == 422
    assert "Ada is the only administrator" in response.content.decode()
    response = signed_in(ada).post(f"/people/{ada.pk}/deactivate/")
    assert (response.status_code, User.objects.get(pk=ada.pk).is_active) == (422, True)


def test_a_ring_is_not_offered_and_not_taken(signed_in):
    head = user(Role.HEAD)
    low = user(Role.MANAGER, reports_to=head)
    client = signed_in(user())

    form = client.get(f"/people/{head.pk}/").context["form"]
    response = client.post(f"/people/{head.pk}/", sent(reports_to=low.pk))

    assert low not in form.fields["reports_to"].queryset
    assert response.status_code == 422
    assert "reports_to" in response.context["form"].errors


def test_a_manager_who_left_stays_in_the_form(signed_in):
    gone = user(Role.HEAD, is_active=False)
    person = user(Role.MANAGER, reports_to=gone)

    form = signed_in(user()).get(f"/people/{person.pk}/").context["form"]

    assert gone in form.fields["reports_to"].queryset


def test_a_person_is_deactivated_and_let_in_again(signed_in):
    person, client = user(Role.MANAGER), signed_in(user())
    theirs = signed_in(person)

    assert client.get(f"/people/{person.pk}/deactivate/").status_code == 200
    client.post(f"/people/{person.pk}/deactivate/", {"reason": "Left"})
    assert theirs.get("/preferences/").url.startswith("/sign-in/login/")

    client.post(f"/people/{person.pk}/reactivate/")
    person.refresh_from_db()
    assert person.is_active
    assert list(Entry.objects.order_by("id").values_list("verb", "reason")) == [("deactivated", "Left"), ("reactivated", "")]


def test_a_sign_in_link_is_shown_once_and_works_once(signed_in):
    person = user(Role.MANAGER, password="a long password")
    response = signed_in(user()).post(f"/people/{person.pk}/sign-in-link/")
    link = response.context["link"].removeprefix("http://testserver")
    visitor = Client()

    assert response["Cache-Control"].count("no-store") == 1
    assert link in response.content.decode()
    assert visitor.post(link).url == "/"
    assert visitor.get("/preferences/").status_code == 200
    assert Client().post(link).status_code == 410


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_opens_these_pages(signed_in, role: Role):
    other = user(Role.MANAGER, name="Secret Name", email="secret@example.org")
    user()
    client = signed_in(user(role))

    for page in PAGES:
        response = client.get(page.format(pk=other.pk))
        assert response.status_code == 403, page
        assert b"Secret Name" not in response.content
        assert b"secret@example.org" not in response.content
    for act in ACTS:
        assert client.post(act.format(pk=other.pk), sent(role="administrator")).status_code == 403, act
    assert User.objects.filter(role=Role.ADMINISTRATOR).count() == 1
    assert not SignInLink.objects.exists()


def test_a_visitor_is_sent_to_the_sign_in(client):
    user()
    for page in (*PAGES, "/preferences/", "/preferences/sessions/"):
        response = client.get(page.format(pk=1))
        assert response.url.startswith("/sign-in/login/?next="), page


def test_a_form_from_another_site_is_refused():
    ada = user()
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)

    assert client.post("/people/create/", sent()).status_code == 403
    assert User.objects.count() == 1


@pytest.mark.parametrize("pk", [0, 999_999, 2**63])
def test_nobody_there_is_a_404(signed_in, pk: int):
    assert signed_in(user()).get(f"/people/{pk}/").status_code == 404
