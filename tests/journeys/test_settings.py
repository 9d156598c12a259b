"""Settings on a desk and a phone: the organisation, a criterion whose picture follows what is typed, scales and ratings."""

from pathlib import Path

import pytest
from pytest_django import Settings
from tests.factories.people import user
from tests.factories.ratings import rating, scale
from tests.factories.rounds import candidate, conducted_round
from tests.journeys.conftest import OpenPage, look_problems

from openkam.app.people.models import User
from openkam.app.people.operations.organisation import OrganisationDetails, change_organisation
from openkam.app.people.terms import Role
from openkam.app.selection.models import AccountRating

pytestmark = pytest.mark.browser


@pytest.fixture
def firm(transactional_db: None, settings: Settings, tmp_path: Path) -> tuple[User, int, int]:
    """An administrator, an account that two people rated, and the scale they used."""
    settings.OPENKAM_HOME = tmp_path
    administrator = user(Role.ADMINISTRATOR, name="Ada Administrator")
    change_organisation(actor=administrator, details=OrganisationDetails("Boutique François", "EUR", fiscal_year_start_month=4))
    giant = candidate(conducted_round(tmp_path, administrator), "Giant").account
    assert giant is not None
    of = scale(actor=administrator)
    for person, level in ((user(Role.HEAD, name="Hedy Head"), 1), (administrator, 4)):
        rating(person, giant, of, level)
    return administrator, giant.pk, of.pk


@pytest.mark.any_database
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_every_setting_fits_and_is_accessible(open_page: OpenPage, firm: tuple[User, int, int], size: str) -> None:
    administrator, account, of = firm
    pages = ["/settings/", "/settings/organisation/", "/identify/criteria/", "/identify/criteria/1/", "/identify/criteria/add/"]
    pages += [
        "/identify/scales/",
        f"/identify/scales/{of}/",
        f"/identify/ratings/{account}/",
        f"/identify/ratings/{account}/{of}/",
    ]
    page = open_page(pages[0], person=administrator, size=size)
    assert [problem for path in pages for problem in look_problems(page, path)] == []


def test_the_picture_follows_the_points(open_page: OpenPage, firm: tuple[User, int, int]) -> None:
    page = open_page("/identify/criteria/1/", person=firm[0])
    assert page.get_by_text("Rising: more is better").is_visible()
    page.get_by_label("Level of point 3").fill("200000")
    page.get_by_label("Value of point 3").press_sequentially("0.2")
    page.get_by_text("Peaked: best in the middle").wait_for()
    page.get_by_label("Value of point 3").fill("two")
    page.get_by_text("“two” is no value that can be read").wait_for()
    page.get_by_role("button", name="Falling").click()
    page.get_by_text("Falling: less is better").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Contribution is changed, for the rounds to come.").wait_for()


def test_an_account_is_rated_by_keyboard(open_page: OpenPage, firm: tuple[User, int, int]) -> None:
    administrator, account, of = firm
    page = open_page(f"/identify/ratings/{account}/{of}/", person=administrator)
    page.locator("input[name=level][value='4']").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_label("Evidence").fill("Their buyer spoke at our fair")
    page.get_by_role("button", name="Save my rating").press("Enter")
    page.get_by_text("Their buyer spoke at our fair").wait_for()
    assert AccountRating.objects.get(rated_by=administrator, ended_at=None).level == 3
