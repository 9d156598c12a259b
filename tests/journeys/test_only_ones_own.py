"""A manager meets only what is theirs: a colleague's account is nowhere, neither as a page nor as a word, a choice or a figure."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.factories.measured_round import Weighed, measured_round
from tests.factories.small_company import SmallCompany, small_company
from tests.journeys.conftest import OpenPage, access_problems_in_both_themes

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "home")]
HIDDEN = "Unseen Bay"


@pytest.fixture
def firm(home: Path) -> SmallCompany:
    """The small company, with a round in which both managers' accounts are candidates and the foreign one pushes the own one out."""
    made = small_company()
    foreign_key = f"ledger-{made.foreign.pk}"
    lost = {"partners": [foreign_key], "displaces": [foreign_key], "binding": f"{foreign_key} takes its place"}
    candidates = [
        Weighed(made.own, 500.0, regret=2.0, fields=lost),
        Weighed(made.foreign, 777_777.0, is_selected=True, regret=5.0),
    ]
    measured_round(home, made.head, candidates)
    return made


def expect_nothing_foreign(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert HIDDEN not in page.content()
    assert "777,777" not in page.content()


def test_a_colleagues_account_is_nowhere(open_page: OpenPage, firm: SmallCompany) -> None:
    page = open_page("/", person=firm.manager, refusals=(404, 403))
    root = page.url.rstrip("/")
    problems: list[str] = []
    for path in ("/", "/accounts/", "/search/?q=unseen", "/identify/", f"/accounts/{firm.own.pk}/overview/", "/identify/key/"):
        page.goto(f"{root}{path}", wait_until="networkidle")
        expect_nothing_foreign(page)
        problems += access_problems_in_both_themes(page)
    for path in ("overview/", "", "edit/", "history/", "delete/"):
        answer = page.goto(f"{root}/accounts/{firm.foreign.pk}/{path}")
        assert answer is not None
        assert answer.status in (403, 404), path
        assert HIDDEN not in page.content()
    answer = page.goto(f"{root}/audit/accounts.account/{firm.foreign.pk}/")
    assert answer is not None
    assert answer.status == 404
    assert problems == []


def test_it_is_not_in_palette_pickers_bulk_edit_and_export(open_page: OpenPage, firm: SmallCompany) -> None:
    page = open_page("/accounts/", person=firm.manager)
    root = page.url.removesuffix("/accounts/")
    page.keyboard.press("Control+k")
    page.keyboard.type("unseen bay")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Change all 3").click()
    expect_nothing_foreign(page)
    page.goto(f"{root}/accounts/")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV, 3 rows").click()
    exported = download.value.path().read_text(encoding="utf-8-sig")
    assert HIDDEN not in exported
    assert "Tailspin Toys · Pacific" in exported

    page.goto(f"{root}/accounts/create/")
    with page.expect_response(lambda answer: "/accounts/options/" in answer.url) as offered:
        page.get_by_label("Part of").press_sequentially("unseen")
    assert HIDDEN not in offered.value.text()
    problems = access_problems_in_both_themes(page)
    assert problems == []


def test_the_reasons_of_ones_own_do_not_name_it(open_page: OpenPage, firm: SmallCompany) -> None:
    page = open_page("/identify/", person=firm.manager)
    page.get_by_role("link", name="2016-1").click()
    expect_nothing_foreign(page)
    expect(page.get_by_text("of 1 candidates").or_(page.get_by_text("of 1 candidate"))).to_be_visible()
    page.get_by_role("link", name="Tailspin Toys · Pacific").first.click()
    expect(page.locator("#drawer").get_by_role("heading", level=2)).to_have_text("Tailspin Toys · Pacific")
    expect_nothing_foreign(page)
    assert access_problems_in_both_themes(page) == []
