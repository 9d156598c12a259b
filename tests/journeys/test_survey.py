"""A survey in a browser: asked by the manager, answered by the customer from the letter, and read again by the manager."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from playwright.sync_api import expect
from tests.factories.contacts import contact
from tests.factories.runs import work_off
from tests.factories.small_company import SmallCompany, small_company
from tests.journeys.conftest import OpenPage, access_problems_in_both_themes, scrolls_sideways

from openkam.app.relationships.models import Response

pytestmark = pytest.mark.browser


@pytest.fixture
def firm(transactional_db: None, tmp_path: Path, settings: Any) -> SmallCompany:
    """The small company with a German buyer."""
    settings.OPENKAM_HOME = tmp_path
    made = small_company()
    contact(made.own, "Waldemar Fisar", actor=made.manager, language="German")
    return made


def test_the_customer_answers_by_one_click_and_a_button(open_page: OpenPage, firm: SmallCompany) -> None:
    page = open_page(f"/relationships/accounts/{firm.own.pk}/surveys/open/", person=firm.manager)
    assert access_problems_in_both_themes(page) == []
    page.get_by_label("What to ask").select_option("nps")
    page.get_by_label("Waldemar Fisar").check()
    page.get_by_role("button", name="Ask them").click()
    expect(page.get_by_text("0 of 1 answered")).to_be_visible()
    expect(page.get_by_text("1 letter is on its way.")).to_be_visible()
    assert access_problems_in_both_themes(page) == []
    work_off()
    # The page looks again by itself.
    expect(page.get_by_text("1 letter is on its way.")).to_have_count(0)
    expect(page.locator("#asked").get_by_text("sent ")).to_be_visible()
    links = re.findall(r'href="([^"]+score=9)"', str(mail.outbox[0].alternatives[0].content))
    link = urlsplit(links[0])

    for size in ("phone", "desk"):
        guest = open_page(f"{link.path}?{link.query}", size=size)
        expect(guest.locator("html")).to_have_attribute("lang", "de")
        assert access_problems_in_both_themes(guest) == []
        assert not scrolls_sideways(guest)
    assert not Response.objects.exists()
    expect(guest.get_by_role("radio", name="9")).to_be_checked()
    guest.get_by_role("button", name="Antwort senden").click()
    expect(guest.get_by_role("heading", name="Vielen Dank")).to_be_visible()
    again = open_page(link.path, expect=410)
    expect(again.get_by_role("heading", name="Dieser Link wurde schon benutzt")).to_be_visible()
    assert access_problems_in_both_themes(again) == []

    page.reload()
    expect(page.get_by_text("1 of 1 answered")).to_be_visible()
    expect(page.locator(".fig").first).to_contain_text("+100")
    assert access_problems_in_both_themes(page) == []
