"""A messy file from Windows becomes rows of the ledger: read, asked about, tried, imported, mended and taken back, by keyboard."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.factories.people import user
from tests.factories.site_imports import source, work_off
from tests.journeys.conftest import OpenPage, access_problems_in_both_themes
from tests.journeys.keyboard import Keyboard

from openkam.app.people.terms import Role

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "home")]

MESSY = """Invoice;Customer ID;Invoice Date;Stock Code;Quantity;Net Sales
A1;François;03/04/2025;P1;2;1.010,50
A2;Müller;05/04/2025;P2;1;99,00
A3;Zoë;06/07/2025;P2;many;12,00
A4;Renée;07/08/2025;P3;1;a lot
""".encode("cp1252")
NAME = "März, Filiale.csv"


class Wizard:
    """The import's pages in one browser, walked by keyboard; `problems` gathers what axe finds on each, in light and dark."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hands = Keyboard(page)
        self.problems: list[str] = []

    def look(self) -> None:
        self.problems += access_problems_in_both_themes(self.page)

    def press(self, name: str | re.Pattern[str], role: str = "button") -> None:
        self.hands.press(self.page.get_by_role(role, name=name))

    def at(self, name: str | re.Pattern[str]) -> Locator:
        """The step that is marked as the present one."""
        step = self.page.locator(".wz [aria-current=step]")
        expect(step).to_contain_text(name)
        return step

    def cell(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("cell", name=name).first


def send_the_file(wizard: Wizard) -> None:
    page, hands = wizard.page, wizard.hands
    hands.choose(page.get_by_label("Source"), "shop")
    hands.choose(page.get_by_label("What the rows are"), "Transactions")
    hands.reach(page.get_by_label("Files"))  # the browser's own window to choose a file in is not a page
    page.get_by_label("Files").set_input_files({"name": NAME, "mimeType": "text/csv", "buffer": MESSY})
    wizard.look()
    wizard.press("Send and look")


def say_how_days_are_written(wizard: Wizard) -> None:
    """Day and month are asked: without an answer there is no way on."""
    page = wizard.page
    wizard.at("Columns")
    expect(page.get_by_role("heading", name=re.compile("Invoice Date: does .* mean"))).to_be_visible()
    wizard.look()
    wizard.press("Check the rows")
    expect(page.get_by_text("Choose one: day and month can be swapped here, and nothing is guessed.")).to_be_visible()
    wizard.look()
    wizard.hands.tick(page.get_by_role("radio", name=re.compile("Day first")))
    wizard.press("Check the rows")


def run_by_a_worker(wizard: Wizard, button: str | re.Pattern[str]) -> None:
    """Ask for the work and see it wait; the page goes on by itself once a worker has done it."""
    wizard.press(button)
    expect(wizard.page.get_by_role("progressbar").or_(wizard.page.locator("#progress"))).to_be_visible()
    expect(wizard.page.get_by_text("Waiting for a worker")).to_be_visible()
    wizard.look()
    work_off()


def imported(wizard: Wizard) -> None:
    """From the file to three pages of reasons and the rows in the ledger."""
    page = wizard.page
    send_the_file(wizard)
    wizard.at("Reading")
    expect(page.get_by_text("cp1252, semicolon")).to_be_visible()
    expect(wizard.cell("François")).to_be_visible()
    wizard.look()
    wizard.press("To the columns")
    say_how_days_are_written(wizard)

    wizard.at("Check")
    expect(wizard.cell("03/04/2025 → 2025-04-03")).to_be_visible()
    expect(wizard.cell(re.compile("many.*not a number"))).to_be_visible()
    expect(wizard.cell(re.compile("a lot.*not a number"))).to_be_visible()
    wizard.look()
    run_by_a_worker(wizard, "Dry run")
    expect(page.get_by_text("Nothing was changed; this is what an import would do.")).to_be_visible()
    wizard.look()
    run_by_a_worker(wizard, re.compile("Import 2 rows"))
    expect(page).to_have_url(re.compile("/result/$"))
    expect(page.get_by_text("2 rows are held back.")).to_be_visible()
    wizard.look()


def test_a_messy_file_is_imported_mended_and_taken_back(open_page: OpenPage) -> None:
    source("shop-1", default_currency="EUR")
    page = open_page("/data/", person=user(Role.ANALYST, name="Amy Trefl"), refusals=(422,))
    wizard = Wizard(page)
    wizard.look()
    wizard.press("Import files", "link")
    imported(wizard)

    wizard.hands.reach(page.get_by_role("link", name="CSV"))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    held_back = download.value.path().read_text(encoding="utf-8-sig")
    assert "Zoë" in held_back
    assert "Renée" in held_back
    assert "not a number" in held_back
    assert "François" not in held_back

    wizard.press("Look at them", "link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Held back")
    expect(wizard.cell(re.compile("Zoë"))).to_be_visible()
    wizard.look()
    wizard.hands.press(page.get_by_role("link", name="Mend").first)
    rows = page.get_by_role("region", name=re.compile("Row"))
    expect(rows).to_have_count(2)
    wizard.hands.write(rows.filter(has=page.locator("input[value=many]")).get_by_label("Quantity"), "3")
    wizard.hands.write(rows.filter(has=page.locator("input[value='a lot']")).get_by_label("Net Sales"), "1.250,75")
    wizard.look()
    wizard.press("Check the rows")
    wizard.at("Check")
    expect(wizard.cell("Renée")).to_be_visible()
    expect(page.get_by_text("0 held back")).to_be_visible()
    run_by_a_worker(wizard, "Dry run")
    run_by_a_worker(wizard, re.compile("Import 2 rows"))
    expect(page).to_have_url(re.compile("/result/$"))
    expect(page.get_by_text("In the ledger as version 2")).to_be_visible()
    expect(page.get_by_text("rows are held back")).to_have_count(0)

    wizard.press("Undo", "link")
    wizard.hands.write(page.get_by_label("Why"), "The branch sent a corrected file")
    wizard.look()
    wizard.press("Undo the import")
    expect(page.get_by_text("its rows do not count")).to_be_visible()
    wizard.look()
    assert wizard.problems == []
