"""Home by role, an account as a whole, search and palette: on a desk and a phone, in light and dark, and by keyboard."""

from pathlib import Path
from typing import Any

import pytest
from tests.factories.small_company import SmallCompany, small_company
from tests.journeys.conftest import OpenPage, access_problems, scrolls_sideways

pytestmark = pytest.mark.browser
LOOKS = [("desk", "light"), ("desk", "dark"), ("phone", "light"), ("phone", "dark")]


@pytest.fixture
def firm(transactional_db: None, tmp_path: Path, settings: Any) -> SmallCompany:
    """The small company, in a workspace of its own."""
    settings.OPENKAM_HOME = tmp_path
    return small_company()


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_every_page_of_the_cockpit_fits_and_is_accessible(open_page: OpenPage, firm: SmallCompany, size: str, theme: str) -> None:
    account = f"/accounts/{firm.own.pk}/overview/"
    looks = [(firm.administrator, "/"), (firm.head, "/"), (firm.manager, "/"), (firm.manager, account)]
    for person, path in [*looks, (firm.manager, "/search/?q=toys")]:
        page = open_page(path, person=person, size=size, theme=theme)
        assert access_problems(page) == [], path
        assert not scrolls_sideways(page), path


def test_the_palette_finds_an_account_despite_a_slip_and_never_a_colleagues(open_page: OpenPage, firm: SmallCompany) -> None:
    page = open_page("/", person=firm.manager)
    page.keyboard.press("Control+k")
    page.keyboard.type("wingtip")
    page.get_by_text("Nothing found").wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.type("tialspin toys pacific")
    page.get_by_role("option", name="Tailspin Toys · Pacific").wait_for()
    assert access_problems(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/accounts/{firm.own.pk}/overview/")


def test_search_answers_while_somebody_types(open_page: OpenPage, firm: SmallCompany) -> None:
    page = open_page("/search/", person=firm.manager)
    page.get_by_label("Search for").press_sequentially("francois")
    page.get_by_role("link", name="Boutique François").wait_for()
    page.wait_for_url("**/search/?q=francois")
