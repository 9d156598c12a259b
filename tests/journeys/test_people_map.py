"""The people map in a browser: built, walked by keyboard, asked what if somebody leaves; its table says the same."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from benchmarks.people_map_speed import OVERLAPS
from django.utils import timezone
from playwright.sync_api import expect
from tests.factories.contacts import claim, contact, role
from tests.factories.interactions import mail
from tests.factories.small_company import SmallCompany, small_company
from tests.journeys.conftest import OpenPage, access_problems, look_problems

from openkam.app.relationships.models import Contact, Employment, MapPlace, ReportingLine
from openkam.app.relationships.operations.lines import draw_influence, set_superior
from openkam.app.relationships.terms import BuyingCenterRole, Topic

pytestmark = pytest.mark.browser


@pytest.fixture
def firm(transactional_db: None, tmp_path: Path, settings: Any) -> SmallCompany:
    """The small company with a buying center of five: two of them known, one of them against us and long unasked."""
    settings.OPENKAM_HOME = tmp_path
    made = small_company()
    names = ("Waldemar Fisar", "Timea Peto", "Kimberly Pace", "Tea Koppel", "Juan Bezanson")
    boss, buyer, user, clerk, gate = (contact(made.own, name, actor=made.manager) for name in names)
    kinds = list(zip((boss, buyer, user, gate), ("DECIDER", "BUYER", "USER", "GATEKEEPER"), strict=True))
    for person, kind in kinds:
        role(person, made.own, BuyingCenterRole[kind], category="Packaging")
    for person, superior in ((buyer, boss), (user, boss), (clerk, buyer), (gate, user)):
        set_superior(actor=made.manager, account=made.own, contact=person, superior=superior)
    draw_influence(actor=made.manager, account=made.own, contact=buyer, target=boss)
    claim(made.own, contact=buyer, value=1)
    claim(made.own, contact=buyer, topic=Topic.POWER, value=3)
    claim(made.own, contact=gate, value=-1, as_of_on=timezone.localdate() - timedelta(days=400))
    for days in range(1, 10):
        for person in (buyer, user):
            mail(made.own, made.manager, person, timezone.now() - timedelta(days=days))
    return made


@pytest.mark.any_database
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_its_views_fit_and_are_accessible(open_page: OpenPage, firm: SmallCompany, size: str) -> None:
    path = f"/relationships/accounts/{firm.own.pk}/map/?view="
    page = open_page(path, person=firm.manager, size=size)
    assert [problem for view in ("", "map", "table", "tree") for problem in look_problems(page, path + view)] == []


def test_it_is_walked_and_moved_by_keyboard_and_tells_who_would_be_missed(open_page: OpenPage, firm: SmallCompany) -> None:
    path = f"/relationships/accounts/{firm.own.pk}/map/"
    page = open_page(path, person=firm.manager)
    drawing = page.locator("svg#people-map")
    card = drawing.get_by_role("link", name=re.compile("^Waldemar Fisar"))
    expect(card).to_have_count(1)
    expect(page.locator("svg#people-map [style]")).to_have_count(0)
    card.focus()
    page.keyboard.press("ArrowDown")
    focused = page.locator("svg#people-map a:focus")
    expect(focused).to_have_accessible_name(re.compile("^(Timea Peto|Kimberly Pace)"))
    drawing.get_by_role("link", name=re.compile("^Timea Peto")).focus()
    with page.expect_response(lambda answer: "/map/place/" in answer.url) as kept:
        page.keyboard.press("Shift+ArrowLeft")
    assert kept.value.status == 204
    assert MapPlace.objects.get().contact.name == "Timea Peto"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What if Timea Peto leaves?")).to_be_visible()
    expect(page.locator("#map-side")).to_contain_text("nobody well as buyer")
    expect(page.locator("#map-side")).to_contain_text("Juan Bezanson, stance towards us: still “against”?")

    drawn = set(page.locator("svg#people-map a.pm-card:not(.pm-our-card)").evaluate_all("all => all.map(one => one.dataset.key)"))
    table = open_page(f"{path}?view=table", person=firm.manager)
    assert set(table.locator("tr[data-person]").evaluate_all("all => all.map(one => one.dataset.person)")) == drawn
    assert len(drawn) == 5


@pytest.mark.any_database
def test_many_are_told_apart_at_fit_and_walked_by_keyboard(open_page: OpenPage, firm: SmallCompany) -> None:
    people = Contact.objects.bulk_create(
        Contact(name=f"Wolfgang Mühlenkamp-Wassermann {n}", sort_name=f"wolfgang {n:03}") for n in range(120)
    )
    Employment.objects.bulk_create(
        Employment(contact=one, account=firm.own, job_title="HEAD OF WAREHOUSE MANAGEMENT", level=1) for one in people
    )
    ReportingLine.objects.bulk_create(
        ReportingLine(account=firm.own, contact=one, superior=people[(n - 1) // 5]) for n, one in enumerate(people) if n
    )
    page = open_page(f"/relationships/accounts/{firm.own.pk}/map/?view=map", person=firm.manager)
    seen = page.evaluate(OVERLAPS)
    assert (seen["overlaps"], seen["labels"] >= 125) == ([], True)
    assert access_problems(page) == []
    top = page.locator("svg#people-map a[data-key]").filter(has_text="Mühlenkamp-Wassermann 0,").first
    top.focus()
    walked = set()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
        walked.add(page.locator("svg#people-map a:focus").get_attribute("data-key"))
    assert len(walked) >= 4
    assert page.locator("svg#people-map .pm-name").count() == 0
    for _ in range(12):
        page.keyboard.press("+")
    assert page.locator("svg#people-map .pm-name").count() == page.locator("svg#people-map a.pm-card").count()
    assert "pm-far" not in (page.locator("svg#people-map").get_attribute("class") or "")
    assert page.evaluate(OVERLAPS)["labels"] > seen["labels"]
