"""What an account is worth, in a browser: its ladder, levers, receivables and rhythm; the whale curve and its table; a rate tried and
kept; and a colleague's account, which is nowhere."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.factories.planted import planted_ledger
from tests.factories.small_company import SmallCompany, small_company
from tests.factories.valued import LEVER, SETTINGS, bridge, rebate, valuation, worth
from tests.factories.valued import book as rates_of_one_pool
from tests.journeys.conftest import OpenPage, access_problems_in_both_themes, scrolls_sideways

from openkam.app.audit.models import Entry
from openkam.app.valuation.models import AlertVerdict, RateBook, VerdictWithdrawal

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "home")]
HIDDEN = "Unseen Bay"
LADDER = {
    "gross_sales": 1_300_000, "invoice_reductions": 100_000, "net_invoice": 1_200_000, "off_invoice": 60_000, "pocket": 1_140_000,
    "cost_of_goods": 900_000, "cm1": 240_000, "order_and_logistics": 200_000, "cm2": 40_000, "selling_and_service": 90_000,
    "cost_to_serve": 290_000, "capacity_cost": 120_000, "capital_charge": 4_000, "expected_loss": 2_000, "cm4": -56_000,
}  # fmt: skip
OWED = {"owed": 90_000, "owed_not_due": 50_000, "owed_1_30": 25_000, "owed_31_60": 15_000, "owed_61_90": 0, "owed_over_90": 0}
IDLE = LEVER | {"name": "discount", "cash_now": None, "reason": "No discount is known."}

WIDE = """() => [location.pathname].concat([...document.querySelectorAll('main *')]
  .filter(one => one.getBoundingClientRect().right > innerWidth && !one.closest('.scx'))
  .map(one => one.tagName + '.' + one.getAttribute('class') + ' ' + one.textContent.slice(0, 40)))"""
"""What stands beyond the edge of the window."""


@pytest.fixture
def firm(home: Path) -> SmallCompany:
    """The small company valued on the ledger of the planted one: the manager's account at a loss, a colleague's much larger one."""
    made = small_company()
    ledger = planted_ledger(home / "ledger")
    book = rates_of_one_pool(made.head, monthly_cost="0")
    shares = {"net_invoice": 1.0, "cm1": 0.3, "cm2": 0.2, "cm3": 0.15, "cm4": 0.14}
    valued = valuation(
        ledger_version=ledger.latest_version,
        account_count=3,
        book=book,
        settings=SETTINGS,
        medians=[{"segment": "", "account_count": 50, "shares": shares}],
    )
    levers = [LEVER | {"cash_now": 24_000.0}, LEVER | {"name": "order size", "cash_now": 1.0, "capacity_freed": 60_000.0}, IDLE]
    worth(
        valued,
        made.own,
        -50_000,
        **LADDER | OWED,
        levers=levers,
        is_overdue=True,
        ledger_account="small",
        sales_rank=2,
        margin_rank=3,
    )
    worth(valued, made.foreign, 777_777, is_overdue=True, ledger_account="steady", sales_rank=1, margin_rank=1)
    worth(valued, None, 30_000, ledger_account="second", name="Contoso in the ledger", sales_rank=3, margin_rank=2)
    bridge(valued, made.own, before=1_000_000, after=1_200_000, price=50_000)
    bridge(valued, made.foreign)
    rebate(made.head, made.own)
    return made


def whole(page: Page) -> list[str]:
    """What is wrong with a page as it stands: figures that are not drawn come first, so that a fault says which."""
    for chart in page.locator("figure.chart").all():
        expect(chart.locator("svg, canvas").first).to_be_visible()
    assert not scrolls_sideways(page), page.evaluate(WIDE)
    return access_problems_in_both_themes(page)


def test_a_manager_reads_what_an_account_is_worth_and_meets_nobody_elses(open_page: OpenPage, firm: SmallCompany) -> None:
    page = open_page("/value/", person=firm.manager, size="phone", refusals=(404, 403))
    root = page.url.removesuffix("/value/")
    problems = whole(page)
    page.get_by_role("button", name="Show the table of: Whale curve").click()
    table = page.get_by_role("region", name="Table of: Whale curve")
    expect(table).to_contain_text("-50,000".replace("-", "−"))
    for path in ("", "losses/", "changes/", "rebates/", "assumptions/", "basis/"):
        page.goto(f"{root}/value/{path}", wait_until="load")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert [word for word in (HIDDEN, "777,777", "Contoso in the ledger") if word in page.content()] == [], path
        assert not scrolls_sideways(page), path
    answer = page.goto(f"{root}/value/accounts/{firm.foreign.pk}/")
    assert answer is not None
    assert (answer.status, HIDDEN in page.content()) == (404, False)

    page.goto(f"{root}/value/", wait_until="networkidle")
    page.get_by_role("link", name=firm.own.name).first.click()
    expect(page.get_by_role("heading", level=1, name=firm.own.name)).to_be_visible()
    page.get_by_role("button", name="Show the table of: From sales to contribution").click()
    ladder = page.get_by_role("region", name="Table of: From sales to contribution")
    for words in ("Gross sales", "1,300,000", "Off-invoice rebates", "CM4", "−56,000"):
        expect(ladder).to_contain_text(words)
    for words in (
        "Raise prices",
        "cash now",
        "of capacity freed",
        "overdue",
        "31 to 60",
        "15,000",
        "Rhythm of orders",
        "Rebate tiers",
    ):
        expect(page.get_by_role("main").get_by_text(words).first).to_be_visible()
    expect(page.get_by_role("link", name="Add a schedule")).to_have_count(0)
    problems += whole(page)
    # One unit on the whole axis, and nothing between its labels twice.
    labels = page.locator("figure[data-chart=ladder] .role-axis-label text").all_text_contents()
    assert "0" in labels
    assert len({*labels}) == len(labels)
    assert problems == []


def test_a_rate_is_tried_over_the_ledger_before_it_is_kept(open_page: OpenPage, firm: SmallCompany) -> None:
    page = open_page("/value/", person=firm.head)
    page.get_by_role("link", name="Rates", exact=True).click()
    page.get_by_role("link", name="Change Team").click()
    page.get_by_label("Cost of the pool").fill("10000000")
    page.get_by_label("Reason").fill("Wages of the year")
    page.get_by_role("button", name="See what it does").click()
    fallen = page.get_by_role("table", name="Accounts that would change sign")
    expect(page.get_by_text("Nothing is kept yet: what this would do")).to_be_visible()
    # The names are the ledger's; whom the valuation did not find is not among them.
    for name in ("Small", "Steady", "Second"):
        expect(fallen).to_contain_text(name)
    expect(fallen).not_to_contain_text("Giant")
    assert RateBook.objects.count() == 1
    problems = whole(page)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("The rates are kept.")).to_be_visible()
    kept = RateBook.objects.latest("pk")
    assert (kept.pools.get().cost, kept.pools.get().valid_from) == (Decimal(10_000_000), date(2022, 1, 1))
    assert Entry.objects.filter(record_type="valuation.ratebook", reason="Wages of the year").count() == 1
    assert problems == []


def test_an_alert_is_dealt_with_from_home_and_taken_back(open_page: OpenPage, firm: SmallCompany) -> None:
    page = open_page("/", person=firm.manager, size="phone", refusals=(422,))
    root = page.url.rstrip("/")
    name = firm.own.name
    page.get_by_role("link", name=f"{name} is dealt with").click()
    expect(page.get_by_role("heading", level=1, name=f"What became of {name}?")).to_be_visible()
    problems = whole(page)
    page.get_by_label("The order comes later").check()
    page.get_by_label("Note").fill("Ms Example called: they order in March")
    page.get_by_role("button", name="Dealt with").click()
    expect(page.get_by_text("Say on which day the order is expected.")).to_be_visible()
    page.get_by_label("Order expected on").fill("2024-03-15")
    page.get_by_role("button", name="Dealt with").click()
    expect(page.get_by_text(f"The alert of {name} stays silent until 15 Apr 2024.")).to_be_visible()
    assert page.url.removesuffix("/") == root
    expect(page.get_by_role("heading", name="Silent for longer than usual")).to_have_count(0)
    assert AlertVerdict.objects.get().note == "Ms Example called: they order in March"

    page.goto(f"{root}/value/alerts/", wait_until="load")
    expect(page.get_by_text("No order is overdue")).to_be_visible()
    problems += whole(page)
    page.get_by_role("link", name="Dealt with", exact=True).click()
    expect(page.get_by_text("Ms Example called: they order in March")).to_be_visible()
    assert HIDDEN not in page.content()
    problems += whole(page)
    page.get_by_role("link", name=f"Take back what was found about {name}").click()
    page.get_by_label("Reason").fill("They do not")
    problems += whole(page)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("It is taken back")).to_be_visible()
    expect(page.get_by_text("They do not")).to_be_visible()
    assert VerdictWithdrawal.objects.get().made_by == firm.manager
    page.goto(f"{root}/value/alerts/", wait_until="load")
    expect(page.get_by_role("link", name=f"{name} is dealt with")).to_be_visible()
    problems += whole(page)
    assert problems == []
