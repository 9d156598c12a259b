"""A person decides, wholly by keyboard: takes a proposal, overrides another with a reason, and closes the round for good."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.factories.people import user
from tests.factories.rounds import candidate, conducted_round
from tests.journeys.conftest import OpenPage, access_problems_in_both_themes
from tests.journeys.keyboard import Keyboard

from openkam.app.people.terms import Role
from openkam.app.selection.models import Decision
from openkam.app.selection.terms import Choice

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "home")]


def open_reasons(page: Page, name: str) -> None:
    """The drawer of a candidate, which takes the focus."""
    Keyboard(page).press(page.get_by_role("row").get_by_role("link", name=name, exact=True))
    expect(page.locator("#drawer").get_by_role("heading", level=2)).to_have_text(name)
    expect(page.locator("#drawer")).to_be_focused()


def test_a_proposal_is_taken_another_overridden_and_the_round_closed(open_page: OpenPage, home: Path) -> None:
    head = user(Role.HEAD, name="Anthony Grosse")
    made = conducted_round(home, head)
    taken, overridden = ("Steady", "Second") if candidate(made, "Steady").is_selected else ("Second", "Steady")
    page = open_page(f"/identify/{made.pk}/", person=head, refusals=(422,))
    hands, drawer = Keyboard(page), page.locator("#drawer")
    open_reasons(page, taken)
    problems = access_problems_in_both_themes(page)
    hands.press(drawer.get_by_role("button", name="Take in"))
    expect(page.get_by_role("status")).to_contain_text(f"{taken}: decided.")

    open_reasons(page, overridden)
    override = re.compile("^Override: ")
    hands.press(drawer.get_by_role("button", name=override))
    expect(page.get_by_text("An override needs a reason: it is kept with the decision")).to_be_visible()
    problems += access_problems_in_both_themes(page)
    assert Decision.objects.count() == 1
    hands.write(page.get_by_label("Reason, kept with the decision"), "Their owner retires")
    hands.press(page.get_by_role("button", name="Override", exact=True))
    expect(page.get_by_role("status")).to_contain_text(f"{overridden}: decided.")
    assert Decision.objects.get(account__name=overridden).choice == Choice.OVERRIDE

    hands.press(page.get_by_role("link", name=re.compile("^Decisions")).last)
    expect(page.get_by_text("Their owner retires")).to_be_visible()
    problems += access_problems_in_both_themes(page)
    hands.press(page.get_by_role("link", name="Close the round"))
    problems += access_problems_in_both_themes(page)
    hands.press(page.get_by_role("button", name="Close it"))
    expect(page.get_by_role("status")).to_contain_text("is closed")
    expect(page.get_by_role("button", name="Solve again")).to_have_count(0)
    open_reasons(page, taken)
    expect(drawer.get_by_role("button", name=re.compile("Take in|Override"))).to_have_count(0)
    problems += access_problems_in_both_themes(page)
    made.refresh_from_db()
    assert not made.is_open
    assert problems == []
