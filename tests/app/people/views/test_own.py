"""What a person decides about themselves."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from tests.factories.people import user

from openkam.app.people.terms import Role, Scope

pytestmark = pytest.mark.django_db
PASSWORD = "quiet ledger, warm paper"


@pytest.fixture(autouse=True)
def administrator(db: None) -> None:
    """Without one every visitor is led to the first run."""
    user()


def sign_in(email: str) -> Client:
    client = Client(HTTP_USER_AGENT="Lynx")
    assert client.post("/sign-in/login/", {"login": email, "password": PASSWORD}).status_code == 302
    return client


def test_preferences_are_kept(signed_in):
    person = user(Role.MANAGER)

    response = signed_in(person).post("/preferences/", {"name": "Max", "time_zone": "Asia/Tokyo"})

    person.refresh_from_db()
    assert (response.url, person.name, person.time_zone) == ("/preferences/", "Max", "Asia/Tokyo")


@pytest.mark.parametrize("sent", [{"name": ""}, {"name": "Max", "time_zone": "Mars/Base"}, {"name": "x" * 151}])
def test_a_mistake_changes_nothing(signed_in, sent: dict[str, str]):
    person = user(Role.MANAGER, name="Max")

    assert signed_in(person).post("/preferences/", sent).status_code == 422
    person.refresh_from_db()
    assert (person.name, person.time_zone) == ("Max", "")


def test_nobody_promotes_themselves(signed_in):
    boss = user(Role.HEAD)
    person = user(Role.MANAGER, scope=Scope.OWN, reports_to=boss, hours_per_year=100)
    wish = {
        "role": "administrator",
        "scope": "all",
        "reports_to": "",
        "hours_per_year": "9",
        "email": "x@example.org",
        "is_active": "",
    }

    signed_in(person).post("/preferences/", {"name": "Max", "time_zone": ""} | wish)

    was = (person.role, person.scope, person.reports_to, person.hours_per_year, person.email, person.is_active)
    person.refresh_from_db()
    assert (person.role, person.scope, person.reports_to, person.hours_per_year, person.email, person.is_active) == was
    assert person.name == "Max"


def test_browsers_are_listed_and_signed_out():
    person = user(Role.MANAGER, password=PASSWORD)
    here, there = sign_in(person.email), sign_in(person.email)
    sign_in(user(Role.MANAGER, password=PASSWORD).email)

    page = here.get("/preferences/sessions/")
    assert [session.user for session in page.context["sessions"]] == [person, person]
    assert "Lynx" in page.content.decode()

    other = UserSession.objects.get(session_key=there.session.session_key)
    here.post(f"/preferences/sessions/{other.pk}/end/")
    assert there.get("/preferences/").status_code == 302
    assert here.get("/preferences/").status_code == 200


def test_all_other_browsers_are_signed_out():
    person = user(Role.MANAGER, password=PASSWORD)
    here, there = sign_in(person.email), sign_in(person.email)

    here.post("/preferences/sessions/end-others/")

    assert there.get("/preferences/").status_code == 302
    assert here.get("/preferences/").status_code == 200


def test_nobody_ends_a_session_of_another():
    mine = sign_in(user(Role.MANAGER, password=PASSWORD).email)
    theirs = sign_in(user(Role.MANAGER, password=PASSWORD).email)
    session = UserSession.objects.get(session_key=theirs.session.session_key)

    assert mine.post(f"/preferences/sessions/{session.pk}/end/").status_code == 404
    assert theirs.get("/preferences/").status_code == 200
