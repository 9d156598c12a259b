"""Shortcuts, drawer, dialogs and toasts: by keyboard alone, and the focus is never lost."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import OpenPage

from openkam.app.people.models import User

pytestmark = [pytest.mark.browser, pytest.mark.any_database]


@pytest.fixture
def guide(open_page: OpenPage, administrator: User) -> Page:
    """The style guide on a desk."""
    return open_page("/style-guide/", person=administrator, refusals=(422,))


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


def test_the_first_stop_skips_to_the_content(guide: Page) -> None:
    guide.keyboard.press("Tab")
    assert focused(guide) == "Skip to content"
    guide.keyboard.press("Enter")
    assert focused(guide) == "main"


def test_the_palette_finds_a_page_and_goes_there(guide: Page) -> None:
    guide.keyboard.press("Control+k")
    expect(guide.locator("#palette")).to_be_visible()
    guide.keyboard.type("settings")
    wanted = guide.locator("#palette [role=option][href='/settings/']")
    expect(wanted).to_be_visible()
    while wanted.get_attribute("aria-selected") != "true":
        guide.keyboard.press("ArrowDown")
    guide.keyboard.press("Enter")
    expect(guide).to_have_url(re.compile("/settings/$"))


def test_the_palette_says_when_nothing_is_found_and_closes(guide: Page) -> None:
    guide.keyboard.press("Control+k")
    guide.keyboard.type("zzz")
    expect(guide.get_by_text("Nothing found.")).to_be_visible()
    guide.keyboard.press("Escape")
    expect(guide.locator("#palette")).not_to_be_visible()


def test_the_palette_moves_by_arrows_and_comes_round(guide: Page) -> None:
    guide.keyboard.press("Control+k")
    expect(guide.locator("#palette [role=option]").nth(1)).to_be_visible()
    count = guide.locator("#palette [role=option]").count()
    guide.keyboard.press("ArrowUp")
    expect(guide.locator("#palette [role=option]").nth(count - 1)).to_have_attribute("aria-selected", "true")
    guide.keyboard.press("ArrowDown")
    expect(guide.locator("#palette [role=option]").first).to_have_attribute("aria-selected", "true")


def test_g_and_a_letter_go_where_the_list_of_shortcuts_says(guide: Page) -> None:
    guide.keyboard.press("?")
    entry = guide.locator("#shortcuts [data-go-list] > div", has_text="Settings")
    letter = entry.locator("kbd").nth(1).inner_text()
    guide.keyboard.press("Escape")
    guide.keyboard.press("g")
    guide.keyboard.press(letter)
    expect(guide).to_have_url(re.compile("/settings/$"))


def test_letters_typed_into_a_field_are_letters(guide: Page) -> None:
    field = guide.get_by_label("Name of the account")
    field.focus()
    guide.keyboard.type("gs?jk")
    expect(field).to_have_value("gs?jk")
    expect(guide.locator("#shortcuts")).not_to_be_visible()
    expect(guide).to_have_url(re.compile("style-guide"))


def test_rows_are_walked_and_the_drawer_gives_the_focus_back(guide: Page) -> None:
    guide.keyboard.press("j")
    guide.keyboard.press("j")
    assert focused(guide) == "Wingtip Toys · Mid Atlantic"
    guide.keyboard.press("Enter")
    drawer = guide.locator("#drawer")
    expect(drawer.get_by_role("heading", level=2)).to_have_text("Wingtip Toys · Mid Atlantic")
    assert focused(guide) == "drawer"
    expect(guide.locator("tr.sel")).to_have_count(1)
    guide.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    assert focused(guide) == "Wingtip Toys · Mid Atlantic"
    expect(guide.locator("tr.sel")).to_have_count(0)


def test_what_cannot_be_undone_is_asked_and_no_is_the_first_answer(guide: Page) -> None:
    guide.get_by_role("button", name="Ask first").focus()
    guide.keyboard.press("Enter")
    dialog = guide.get_by_role("dialog", name="Delete this account?")
    expect(dialog).to_be_visible()
    assert focused(guide) == "Cancel"
    guide.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    assert "asked=yes" not in guide.url
    assert focused(guide) == "Ask first"
    guide.keyboard.press("Enter")
    dialog.get_by_role("button", name="Delete it").click()
    expect(guide).to_have_url(re.compile("asked=yes"))


def test_a_right_form_ends_in_a_toast_and_a_wrong_one_says_where(guide: Page) -> None:
    guide.get_by_label("Name of the account").fill("12")
    guide.get_by_role("button", name="Check the form").click()
    name = guide.get_by_label("Name of the account")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description(re.compile("A number is no name"))
    name.fill("Tailspin Toys")
    guide.get_by_role("button", name="Check the form").click()
    toast = guide.get_by_role("status")
    expect(toast).to_contain_text("The form was right.")
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).not_to_contain_text("The form was right.")


def test_the_menu_closes_by_escape_and_elsewhere(guide: Page) -> None:
    menu = guide.locator("details.menu")
    menu.locator("summary").click()
    guide.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    menu.locator("summary").click()
    guide.get_by_role("heading", level=1).click()
    expect(menu).not_to_have_attribute("open", "")


def test_on_a_phone_more_opens_the_navigation(open_page: OpenPage, administrator: User) -> None:
    page = open_page("/style-guide/", person=administrator, size="phone")
    more = page.get_by_role("button", name="More")
    more.click()
    expect(page.locator("#navigation")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#navigation")).to_be_hidden()
    more.click()
    page.locator("#navigation").get_by_role("link", name="Settings").click()
    expect(page).to_have_url(re.compile("/settings/$"))
