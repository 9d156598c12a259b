"""Commands for whoever owns the workspace."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from tests.factories.people import user

from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db


def test_a_person_is_made_by_the_system():
    call_command("create_user", "max@example.org", name="Max", role="manager", password="quiet ledger, warm paper")

    entry = Entry.objects.get()
    assert (entry.actor_name, entry.reason) == ("System", "openkam createuser")
    assert User.objects.get().check_password("quiet ledger, warm paper")


def test_without_a_password_a_link_is_the_way_in(client):
    user()
    call_command("create_user", "max@example.org", name="Max", role="head")
    said = StringIO()

    call_command("sign_in_link", "MAX@example.org", stdout=said)

    assert client.post(said.getvalue().strip()).url == "/sign-in/password/set/"
    assert client.get("/preferences/").context["user"].role == Role.HEAD


@pytest.mark.parametrize("email", ["nobody@example.org", "gone@example.org"])
def test_who_may_not_sign_in_gets_no_link(email: str):
    user(email="gone@example.org", is_active=False)
    with pytest.raises(CommandError, match="Nobody"):
        call_command("sign_in_link", email)


@pytest.mark.parametrize(("role", "email"), [("emperor", "max@example.org"), ("head", "nobody")])
def test_a_mistake_is_said(role: str, email: str):
    with pytest.raises(CommandError):
        call_command("create_user", email, name="Max", role=role)
    assert not User.objects.exists()
