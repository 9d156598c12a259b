"""People let in, looked after and let go; and a passkey from its making to its use."""

import pytest
from playwright.sync_api import Page
from tests.factories.people import team, user
from tests.journeys.conftest import OpenPage, look_problems

from openkam.app.people.models import User
from openkam.app.people.terms import Role

pytestmark = pytest.mark.browser
PASSWORD = "quiet ledger, warm paper"


@pytest.mark.any_database
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_every_page_of_people_fits_and_is_accessible(open_page: OpenPage, administrator: User, size: str) -> None:
    head = user(Role.HEAD, name="Hudson Onslow")
    person = user(Role.MANAGER, name="Hudson Hollinworth", reports_to=head, hours_per_year=1200)
    north = team(person, head, name="North")
    page = open_page("/people/", person=administrator, size=size)
    addresses = (
        "/people/",
        "/people/create/",
        f"/people/{person.pk}/",
        f"/people/{person.pk}/deactivate/",
        "/people/teams/",
        f"/people/teams/{north.pk}/",
        f"/people/teams/{north.pk}/delete/",
        "/preferences/",
        "/preferences/sessions/",
        "/sign-in/2fa/",
    )
    assert [problem for address in addresses for problem in look_problems(page, address)] == []


def add_device(page: Page) -> None:
    """Give the browser of a page a device that holds passkeys and says yes to everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_made_and_signs_in(open_page: OpenPage, administrator: User) -> None:
    user(Role.MANAGER, email="max@example.org", password=PASSWORD)
    page = open_page("/sign-in/login/?next=/sign-in/2fa/webauthn/add/")
    root = page.url.partition("/sign-in/")[0]
    add_device(page)
    page.get_by_label("Email").fill("max@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()

    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    page.goto(f"{root}/sign-in/2fa/webauthn/")
    assert page.get_by_text("Laptop").is_visible()
    assert page.get_by_text("Passkey", exact=True).is_visible()

    page.context.clear_cookies()
    page.goto(f"{root}/sign-in/login/?next=/preferences/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{root}/preferences/")


def test_a_passkey_that_is_refused_is_said_on_the_page(open_page: OpenPage, administrator: User) -> None:
    page = open_page("/sign-in/login/")
    add_device(page)  # which holds no passkey of this site
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("The passkey was not used").wait_for()
