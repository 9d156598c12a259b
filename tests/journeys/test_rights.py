"""A person asks what is held of them, then to be erased: by the pages, and the map keeps its shape."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect
from tests.factories.contacts import contact, role
from tests.factories.small_company import small_company
from tests.journeys.conftest import OpenPage, access_problems, look_problems, scrolls_sideways

from openkam.app.relationships.models import RetentionCase
from openkam.app.relationships.operations.lines import set_superior
from openkam.app.relationships.operations.retention import set_clocks
from openkam.app.relationships.terms import RetentionKind

pytestmark = [pytest.mark.browser, pytest.mark.any_database, pytest.mark.usefixtures("transactional_db", "home")]


def test_what_is_held_is_handed_out_then_the_person_is_erased(open_page: OpenPage, tmp_path: Path) -> None:
    firm = small_company()
    anna = contact(firm.own, "Anna Berg", actor=firm.manager, honorific="Dr.", language="German")
    boss = contact(firm.own, "Carla Diaz", actor=firm.manager)
    role(anna, firm.own, category="Packaging")
    set_superior(actor=firm.manager, account=firm.own, contact=anna, superior=boss)
    page = open_page(anna.get_absolute_url(), person=firm.head)
    root = page.url.partition("/relationships/")[0]
    people_map = f"{root}/relationships/accounts/{firm.own.pk}/map/"
    page.goto(people_map, wait_until="networkidle")
    cards = page.locator("svg .pm-card").count()
    lines = page.locator("svg .pm-reports path").count()
    assert cards >= 2
    assert lines >= 1

    page.goto(f"{root}{anna.get_absolute_url()}", wait_until="networkidle")
    page.get_by_role("link", name="Their rights").click()
    assert access_problems(page) == []
    with page.expect_download() as file:
        page.get_by_role("button", name="Hand it out").click()
    file.value.save_as(tmp_path / "held.zip")
    assert "Anna Berg" in ZipFile(tmp_path / "held.zip").read("what-is-held.html").decode()

    page.get_by_role("link", name="See what would go").click()
    assert access_problems(page) == []
    assert not scrolls_sideways(page)
    page.get_by_label("Reason").fill("Asked by letter")
    page.get_by_label("Type their name").fill("Anna Berg")
    page.get_by_role("button", name="Erase them").click()
    expect(page.get_by_text("erased at their request on")).to_be_visible()
    page.goto(people_map, wait_until="networkidle")
    assert "Anna" not in page.content()
    assert (page.locator("svg .pm-card").count(), page.locator("svg .pm-reports path").count()) == (cards, lines)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_what_is_due_fits_and_is_accessible(open_page: OpenPage, size: str) -> None:
    firm = small_company()
    anna = contact(firm.own, "Bernardo Fernández de la Torre", actor=firm.manager)
    months = dict.fromkeys(RetentionKind) | {RetentionKind.CONTACTS: 36, RetentionKind.CORRESPONDENCE: 24}
    set_clocks(actor=firm.head, months=months, goes_by_itself=True)
    case = RetentionCase.objects.create(kind=RetentionKind.CONTACTS, contact=anna, due_since_on=anna.created_at.date(), count=1)
    RetentionCase.objects.create(
        kind=RetentionKind.INTERACTIONS, account=firm.own, due_since_on=anna.created_at.date(), count=1200
    )
    base = "/relationships/retention"
    paths = (f"{base}/", f"{base}/clocks/", f"{base}/{case.pk}/keep/", f"/relationships/contacts/{anna.pk}/rights/erase/")
    page = open_page(paths[0], person=firm.head, size=size)
    assert [problem for path in paths for problem in look_problems(page, path)] == []
