"""The first run, and links that sign in once."""

import pytest
from django.test import Client
from tests.factories.people import user

from openkam.app.people.models import Organisation, User
from openkam.app.people.operations.sign_in_links import make_sign_in_link
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db
FOUNDER = {
    "organisation": "Boutique François",
    "currency": "EUR",
    "fiscal_year_start_month": "4",
    "fiscal_year_start_day": "1",
    "name": "Ada",
    "email": "ada@example.org",
    "password": "quiet ledger, warm paper",
    "repeated": "quiet ledger, warm paper",
}


@pytest.mark.parametrize("page", ["/", "/people/", "/preferences/", "/sign-in/login/", "/nowhere/", "/arrive/x/"])
def test_a_new_site_leads_every_visitor_to_the_first_run(client, page: str):
    assert client.get(page).url == "/welcome/"
    assert client.post(page).url == "/welcome/"


def test_the_founder_is_administrator_and_signed_in(client):
    assert client.get("/welcome/").status_code == 200
    response = client.post("/welcome/", FOUNDER)

    assert response.url == "/"
    assert User.objects.get().role == Role.ADMINISTRATOR
    assert client.get("/people/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"repeated": "another"}, "repeated"),
        ({"password": "short", "repeated": "short"}, "password"),
        ({"email": "nobody"}, "email"),
        ({"name": ""}, "name"),
        ({"organisation": ""}, "organisation"),
        ({"currency": "DEM"}, "currency"),
        ({"fiscal_year_start_month": "2", "fiscal_year_start_day": "29"}, "fiscal_year_start_day"),
    ],
)
def test_a_mistake_founds_nothing(client, changes: dict[str, str], field: str):
    response = client.post("/welcome/", FOUNDER | changes)

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not User.objects.exists()
    assert not Organisation.objects.exists()


def test_the_first_run_describes_the_organisation(client):
    client.post("/welcome/", FOUNDER)

    made = Organisation.objects.get()
    assert (made.name, made.currency, made.fiscal_year_start_month) == ("Boutique François", "EUR", 4)
    assert "· Boutique François · OpenKAM</title>" in client.get("/people/").content.decode()


def test_the_first_run_is_over_once_there_is_an_administrator(client, signed_in):
    user()

    for visitor in (client, signed_in(user(Role.MANAGER))):
        assert visitor.get("/welcome/").status_code == 404
        assert visitor.post("/welcome/", FOUNDER).status_code == 404
    assert User.objects.count() == 2


def test_an_administrator_who_may_not_sign_in_is_none(client):
    user(is_active=False)
    assert client.get("/people/").url == "/welcome/"


def test_opening_a_link_spends_nothing(client):
    token = make_sign_in_link(actor=None, user=user(name="Ada", password="a long password"))

    for _ in range(2):
        response = client.get(f"/arrive/{token}/")
        assert "Sign in as Ada" in response.content.decode()
    assert client.post(f"/arrive/{token}/").url == "/"
    assert Client().get(f"/arrive/{token}/").status_code == 410


def test_whoever_has_no_password_sets_one_first(client):
    user()
    token = make_sign_in_link(actor=None, user=user(Role.MANAGER))

    response = client.post(f"/arrive/{token}/", follow=True)

    assert response.redirect_chain[0][0] == "/sign-in/password/set/"
    assert "Choose a password" in response.content.decode()


def test_a_made_up_link_says_so(client):
    user()
    assert client.get("/arrive/made-up:token/").status_code == 410
    assert client.post("/arrive/made-up:token/").status_code == 410
