"""The stage of an account in a browser: what is missing, evidence shown, a decision taken; the board and the ladder beside it."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.factories.small_company import SmallCompany, small_company
from tests.factories.stages import evidence, open_gates
from tests.journeys.conftest import OpenPage, access_problems_in_both_themes, scrolls_sideways

from openkam.analytics.relationship.lifecycle_stage.stages import Stage
from openkam.app.relationships.models import StageChange

pytestmark = pytest.mark.browser


@pytest.fixture
def firm(transactional_db: None, tmp_path: Path, settings: Any) -> SmallCompany:
    """The small company; of its account all is shown for the first gate, and all but the heavy half for the second."""
    settings.OPENKAM_HOME = tmp_path
    made = small_company()
    open_gates(made.own, Stage.PRE, actor=made.manager)
    for criterion in ("first_orders", "process_known", "delivery_kept"):
        evidence(made.own, criterion, actor=made.manager, source="system")
    return made


def test_the_gate_says_what_is_missing_and_opens_when_it_is_shown(open_page: OpenPage, firm: SmallCompany) -> None:
    path = f"/relationships/accounts/{firm.own.pk}/stage/"
    page = open_page(path, person=firm.manager)
    assert access_problems_in_both_themes(page) == []
    expect(page.get_by_role("link", name="Promote to Early")).to_have_count(0)
    page.get_by_role("link", name="Show evidence: An offering beyond the standard").click()
    page.get_by_label("Source").fill("Contract 12")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("link", name="Promote to Early").click()
    page.get_by_label("Reason, kept with the decision").fill("They order, and we agreed on an own label")
    page.get_by_role("button", name="Promote it").click()
    expect(page.locator(".stp [aria-current=step]")).to_contain_text("Early")
    assert StageChange.objects.get().decided_by == firm.manager

    for size in ("desk", "phone"):
        for address in ("/relationships/stages/", "/relationships/ladder/", path):
            other = open_page(address, person=firm.manager, size=size)
            assert size == "phone" or access_problems_in_both_themes(other) == [], address
            assert not scrolls_sideways(other), address
    board = open_page("/relationships/stages/?stage=early", person=firm.manager, size="phone")
    expect(board.get_by_role("link", name="Tailspin Toys · Pacific")).to_be_visible()
    expect(board.get_by_role("heading", name="Pre", exact=True)).to_be_hidden()
