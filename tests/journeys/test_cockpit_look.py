"""Home by role, an account as a whole, search and palette: on a desk and a phone, in light and dark, and by keyboard."""

from pathlib import Path
from typing import Any

import pytest
from tests.factories.measured_round import Weighed, measured_round
from tests.factories.small_company import SmallCompany, small_company
from tests.journeys.conftest import OpenPage, access_problems, look_problems
from tests.journeys.test_site_look import SHIFTS, WEIGHT_LIMIT_BYTES

from openkam.app.accounts.models import Account
from openkam.app.selection.operations.decisions import Verdict, decide
from openkam.app.selection.terms import Choice, Tier

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
LARGEST_SHIFT = 0.01
DRAWN = "[...document.querySelectorAll('figure[data-chart]')].every(figure => figure.matches('.drawn'))"
USABLE_LIMIT_MS, LOADS = 1000, 8
"""Tried again because the machine has other work too: one load within the limit shows what the page takes by itself."""
USABLE_AFTER_MS = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
"""By then every script of the page has run: links, menus and keys work."""


@pytest.fixture
def firm(transactional_db: None, tmp_path: Path, settings: Any) -> SmallCompany:
    """The small company, in a workspace of its own."""
    settings.OPENKAM_HOME = tmp_path
    return small_company()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_every_page_of_the_cockpit_fits_and_is_accessible(open_page: OpenPage, firm: SmallCompany, size: str) -> None:
    account = f"/accounts/{firm.own.pk}/overview/"
    problems = look_problems(open_page("/", person=firm.administrator, size=size))
    problems += look_problems(open_page("/", person=firm.head, size=size))
    page = open_page("/", person=firm.manager, size=size)
    problems += look_problems(page)
    for path in (account, "/search/?q=toys"):
        problems += look_problems(page, path)
    assert problems == []


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


@pytest.fixture
def weighed(firm: SmallCompany, tmp_path: Path) -> SmallCompany:
    """The small company with a round: pages with figures, charts and decisions."""
    accounts = [Weighed(firm.own, 1_000_000.0, service=100_000, is_selected=True, regret=0.2, group="Tailspin")]
    accounts += [Weighed(firm.foreign, 7_000_000.0, is_selected=True, regret=3.0, region="East")]
    others = Account.objects.exclude(pk__in=[firm.own.pk, firm.foreign.pk])
    accounts += [Weighed(one, 90_000.0 + one.pk, service=60_000, growth=None, regret=0.4, group="Tailspin") for one in others]
    limit = {"name": "manager:Kayla Woodcock", "label": "", "used": 300.0, "bound": 330.0, "fill": 0.91, "is_binding": True}
    made = measured_round(tmp_path, firm.head, accounts, limits=[limit])
    verdict = Verdict(Choice.APPROVE, made.as_of_on, tier=Tier.STRATEGIC)
    decide(actor=firm.head, selection_round=made, account_ids=[firm.foreign.pk], verdict=verdict)
    return firm


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_pages_with_figures_fit_stand_still_and_are_accessible(open_page: OpenPage, weighed: SmallCompany, size: str) -> None:
    account = f"/accounts/{weighed.own.pk}/overview/"
    for person, path in [(weighed.head, "/"), (weighed.manager, "/"), (weighed.manager, account), (weighed.head, "/portfolio/")]:
        page = open_page(path, person=person, size=size)
        page.wait_for_function(DRAWN)
        shifts = [page.evaluate(SHIFTS)]
        if shifts[0] >= LARGEST_SHIFT:  # a machine with much other work draws a page while it still arrives: once more
            page.reload(wait_until="load")
            shifts.append(page.evaluate(SHIFTS))
        assert min(shifts) < LARGEST_SHIFT, path
        assert look_problems(page) == []


def test_the_first_page_weighs_little_and_is_there_at_once(open_page: OpenPage, weighed: SmallCompany) -> None:
    for person in (weighed.head, weighed.manager):
        weights: dict[str, int] = {}
        page = open_page("/", person=person, weigh=weights)
        assert sum(weights.values()) <= WEIGHT_LIMIT_BYTES, sorted(weights.items(), key=lambda pair: -pair[1])
        usable = [page.evaluate(USABLE_AFTER_MS)]
        while min(usable) > USABLE_LIMIT_MS and len(usable) < LOADS:
            page.reload(wait_until="load")
            usable.append(page.evaluate(USABLE_AFTER_MS))
        assert min(usable) <= USABLE_LIMIT_MS, usable


def test_a_matrix_has_its_table_and_the_table_its_accounts(open_page: OpenPage, weighed: SmallCompany) -> None:
    page = open_page("/portfolio/?axes=sales", person=weighed.head)
    page.get_by_role("button", name="Show the table of: Sales and contribution").click()
    page.get_by_role("link", name="Wingtip Toys · Unseen Bay").click()
    page.wait_for_url(f"**/accounts/{weighed.foreign.pk}/overview/")
    page.get_by_role("link", name="All reasons").click()
    page.locator("#drawer:not([hidden]) h2").wait_for()
    assert access_problems(page) == []
