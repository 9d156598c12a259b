"""An account is renamed by mistake and gets its old name back from its history, wholly by keyboard."""

import re

import pytest
from playwright.sync_api import expect
from tests.factories.small_company import small_company
from tests.journeys.conftest import OpenPage, access_problems_in_both_themes
from tests.journeys.keyboard import Keyboard

from openkam.app.audit.models import Entry

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "home")]


def test_a_name_changed_by_mistake_is_restored_from_the_history(open_page: OpenPage) -> None:
    firm = small_company()
    page = open_page(f"/accounts/{firm.own.pk}/overview/", person=firm.manager)
    hands = Keyboard(page)
    hands.press(page.get_by_role("link", name="Change", exact=True))
    hands.write(page.get_by_label("Name", exact=True), "Tailspin Tyos")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tailspin Tyos")

    problems = access_problems_in_both_themes(page)
    hands.press(page.get_by_role("link", name="All of it"))
    problems += access_problems_in_both_themes(page)
    hands.press(page.get_by_role("link", name="Restore an old value"))
    expect(page.get_by_role("heading", level=1)).to_have_text("History of Tailspin Tyos")
    problems += access_problems_in_both_themes(page)
    hands.press(page.get_by_role("link", name="Restore Tailspin Toys · Pacific as Name"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Restore Name")
    hands.write(page.get_by_label("Reason"), "A slip of the keys")
    problems += access_problems_in_both_themes(page)
    hands.press(page.get_by_role("button", name="Restore"))

    expect(page).to_have_url(re.compile("/audit/accounts.account/"))
    expect(page.get_by_role("status")).to_contain_text("is Tailspin Toys · Pacific again")
    newest = page.get_by_role("listitem").filter(has_text="A slip of the keys").first
    expect(newest).to_contain_text("Tailspin Toys · Pacific")
    problems += access_problems_in_both_themes(page)
    assert problems == []
    firm.own.refresh_from_db()
    assert firm.own.name == "Tailspin Toys · Pacific"
    last = Entry.objects.filter(record_type="accounts.account", record_key=str(firm.own.pk)).latest("pk")
    assert (last.actor_name, last.reason) == ("Kayla Woodcock", "A slip of the keys")
