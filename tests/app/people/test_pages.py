import pytest
from tests.factories.people import team, user
from openkam.app.people.terms import Role
PAGES = ["/people/", "/people/create/", "/people/teams/", "/people/teams/create/", "/preferences/", "/preferences/sessions/", "/sign-in/password/change/", "/sign-in/2fa/", "/sign-in/2fa/webauthn/", "/sign-in/logout/"]
@pytest.mark.parametrize("page", PAGES)
def test_page(page, signed_in):
    r = signed_in(user(name="Ann")).get(page)
    print(r.content.decode()[-6000:]) if r.status_code != 200 else None
    assert r.status_code == 200
@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/sign-in/login/", "/sign-in/password/reset/", "/sign-in/password/reset/done/", "/sign-in/inactive/", "/health/ready", "/health/live"])
def test_guest_page(page, client):
    user()
    r = client.get(page)
    assert r.status_code == 200
