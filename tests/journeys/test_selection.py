"""Choosing key accounts in a browser: every page in four looks, a what-if in place, an override from the drawer."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from tests.factories.people import user
from tests.factories.rounds import baseline, candidate, conducted_round
from tests.journeys.conftest import OpenPage, access_problems, look_problems

from openkam.analytics.selection.robustness import Weightings
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.selection.models import Decision, KeyStatus, Round, Scenario
from openkam.app.selection.operations.robustness import request_robustness, try_weightings
from openkam.app.selection.operations.scenarios import try_constraints

pytestmark = pytest.mark.browser


@pytest.fixture
def head(transactional_db: None) -> User:
    """A person who may decide."""
    return user(Role.HEAD)


@pytest.fixture
def made(head: User, tmp_path: Path, settings: Any) -> Round:
    """A round that is open."""
    settings.OPENKAM_HOME = tmp_path
    return conducted_round(tmp_path, head)


@pytest.mark.any_database
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_every_page_fits_and_is_accessible(open_page: OpenPage, made: Round, head: User, size: str) -> None:
    tried = try_constraints(actor=head, scenario=baseline(made), values={"limits-accounts_at_most": 1.0})
    run = request_robustness(actor=head, scenario=baseline(made))
    few = {Weightings.IN_ORDER: 20, Weightings.ANY: 20}
    try_weightings(actor=head, scenario_id=run.parameters["scenario_id"], tell=lambda *_: None, draws=few)
    pages = [reverse(f"selection:{name}") for name in ("rounds", "start", "key")]
    pages += [
        reverse(f"selection:{name}", args=[made.pk])
        for name in ("round", "compare", "decisions", "decide", "close", "weightings")
    ]
    pages += [f"{reverse('selection:round', args=[made.pk])}?scenario={tried.pk}"]
    pages += [reverse("selection:explanation", args=[made.pk, candidate(made, "Giant").pk])]
    pages += [reverse("selection:history", args=[candidate(made, "Steady").account_id])]
    page = open_page(pages[0], person=head, size=size)
    assert [problem for path in pages for problem in look_problems(page, path)] == []


def test_a_what_if_is_solved_in_place(open_page: OpenPage, made: Round, head: User) -> None:
    page = open_page(reverse("selection:round", args=[made.pk]), person=head)
    page.get_by_label("Accounts at most").fill("1")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="What if 1").wait_for()
    tried = Scenario.objects.get(is_baseline=False)
    page.wait_for_url(f"**?scenario={tried.pk}")
    assert page.get_by_text("1 in of 4 candidates").is_visible()
    assert page.get_by_text("proven best").is_visible()
    assert access_problems(page) == []


def test_limits_unfold_on_a_phone(open_page: OpenPage, made: Round, head: User) -> None:
    page = open_page(reverse("selection:round", args=[made.pk]), person=head, size="phone")
    assert not page.get_by_label("Accounts at most").is_visible()
    page.get_by_role("link", name="Edit and solve again").click()
    page.get_by_label("Accounts at most").fill("1")
    page.get_by_role("button", name="Solve again").click()
    page.get_by_role("link", name="What if 1").wait_for()


def test_a_decision_is_overridden_from_the_drawer_with_a_reason(open_page: OpenPage, made: Round, head: User) -> None:
    page = open_page(reverse("selection:round", args=[made.pk]), person=head, refusals=(422,))
    page.get_by_role("link", name="Giant").first.click()
    drawer = page.locator("#drawer")
    drawer.get_by_role("button", name="Override: take in").wait_for()
    assert access_problems(page) == []
    drawer.get_by_label("Reason, kept with the decision").fill("It will be mended")
    drawer.get_by_role("button", name="Override: take in").click()
    page.get_by_text("Giant: decided.").wait_for()
    assert [(d.choice, d.in_key, d.reason) for d in Decision.objects.all()] == [("override", True, "It will be mended")]
    assert KeyStatus.objects.get().account.name == "Giant"
