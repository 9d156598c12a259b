"""A round is started from its page, a worker conducts it, a limit is changed and the choice is searched again in place."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.factories.people import user
from tests.factories.planted import PROGRAMME, planted_ledger
from tests.factories.rounds import conducted_round
from tests.factories.runs import work_off
from tests.journeys.conftest import OpenPage, access_problems_in_both_themes

from openkam.app.people.terms import Role

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "home")]


def test_a_round_is_started_and_a_worker_conducts_it(open_page: OpenPage, home: Path) -> None:
    (home / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    planted_ledger(home / "ledger")
    page = open_page("/identify/", person=user(Role.HEAD, name="Anthony Grosse"))
    expect(page.get_by_text("No round yet")).to_be_visible()
    problems = access_problems_in_both_themes(page)
    page.get_by_role("link", name="Start a round").first.click()
    page.get_by_label("Name").fill("Autumn")
    page.get_by_label("Facts as of").fill("2023-12-31")
    problems += access_problems_in_both_themes(page)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Review: Autumn.")).to_be_visible()
    problems += access_problems_in_both_themes(page)

    page.get_by_role("link", name="See how far it is").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review: Autumn")
    work_off()
    expect(page.get_by_text("Done").first).to_be_visible()
    problems += access_problems_in_both_themes(page)

    page.goto(re.sub(r"/runs/.*", "/identify/", page.url))
    page.get_by_role("link", name="Autumn").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("round Autumn")
    expect(page.get_by_text("2 in of 4 candidates")).to_be_visible()
    page.get_by_role("link", name="Giant").first.click()
    expect(page.locator("#drawer").get_by_role("heading", level=2)).to_have_text("Giant")
    expect(page.locator("#drawer")).to_contain_text("Forcing it in costs")
    problems += access_problems_in_both_themes(page)
    assert problems == []


def test_a_limit_is_changed_and_the_choice_searched_again_in_place(open_page: OpenPage, home: Path) -> None:
    head = user(Role.HEAD, name="Anthony Grosse")
    made = conducted_round(home, head)
    page = open_page(f"/identify/{made.pk}/", person=head, refusals=(422,))
    expect(page.get_by_text("2 in of 4 candidates")).to_be_visible()
    most = page.get_by_label("Accounts at most")
    most.fill("many")
    page.get_by_role("button", name="Solve again").click()
    expect(page.get_by_role("alert")).to_contain_text("A figure is not one")
    problems = access_problems_in_both_themes(page)
    most.fill("3")
    page.get_by_role("button", name="Solve again").click()
    expect(page.get_by_text("3 in of 4 candidates")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/identify/{made.pk}/\?scenario=\d+$"))
    expect(page.get_by_text("What if.")).to_be_visible()
    problems += access_problems_in_both_themes(page)

    page.get_by_role("link", name="Compare scenarios").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    problems += access_problems_in_both_themes(page)
    page.goto(re.sub(r"compare/.*", "", page.url))
    expect(page.get_by_text("2 in of 4 candidates")).to_be_visible()  # what was reviewed stays as it was
    assert problems == []
