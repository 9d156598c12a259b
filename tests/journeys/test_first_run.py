"""From a new workspace to the first two people in it."""

import pytest
from tests.journeys.conftest import OpenPage, look_problems

from openkam.app.people.models import User

pytestmark = pytest.mark.browser
PASSWORD = "quiet ledger, warm paper"


@pytest.mark.any_database
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_ways_in_fit_and_are_accessible(open_page: OpenPage, transactional_db: None, size: str) -> None:
    assert look_problems(open_page("/welcome/", size=size)) == []


def test_a_new_site_gets_its_administrator_and_its_first_manager(open_page: OpenPage, transactional_db: None, settings) -> None:
    settings.LOGIN_REDIRECT_URL = "/preferences/"  # the home page has tests of its own
    page = open_page("/people/")  # leads to the first run
    root = page.url.removesuffix("/welcome/")
    page.get_by_label("Organisation").fill("Boutique François")
    page.get_by_label("Reporting currency").select_option("EUR")
    page.get_by_label("Fiscal year begins in").select_option("April")
    page.get_by_label("Name", exact=True).fill("Kayla Woodcock")
    page.get_by_label("E-mail address").fill("kayla@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password once more").fill(PASSWORD)
    page.get_by_role("button", name="Start").click()
    page.wait_for_load_state()

    page.goto(f"{root}/people/create/")
    page.get_by_label("Name", exact=True).fill("Hudson Onslow")
    page.get_by_label("E-mail address").fill("hudson@example.org")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Make a sign-in link").click()
    link = page.get_by_label("Sign-in link").input_value()

    his = open_page(link.removeprefix(root))
    his.get_by_role("button", name="Sign in").click()
    his.get_by_label("Password", exact=True).fill(PASSWORD)
    his.get_by_label("Password (again)").fill(PASSWORD)
    his.get_by_role("button", name="Set password").click()
    his.wait_for_load_state()
    assert User.objects.get(email="hudson@example.org").check_password(PASSWORD)
