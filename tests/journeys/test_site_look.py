"""The frame and every component on a desk and a phone, in light and dark: they fit, weigh little, stand still and are accessible."""

import pytest
from playwright.sync_api import expect
from tests.factories.people import user
from tests.journeys.conftest import OpenPage, access_problems, scrolls_sideways

from openkam.app.people.models import User

pytestmark = [pytest.mark.browser, pytest.mark.any_database]

LOOKS = [(size, theme) for size in ("desk", "phone") for theme in ("light", "dark")]
WEIGHT_LIMIT_BYTES = 300 * 1024
SHIFTS = """() => new Promise(done => { let sum = 0; const observer = new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value; });
  observer.observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 100); })"""
# Text and controls that the eye must find: what stands behind the focused one, before and after.
RING = """() => { const style = getComputedStyle(document.activeElement.closest('label, .inpu, .palette-in') || document.activeElement);
  const own = getComputedStyle(document.activeElement);
  return [style, own].some(s => s.outlineStyle === 'solid' && parseFloat(s.outlineWidth) >= 2); }"""


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_every_component_fits_and_is_accessible(open_page: OpenPage, administrator: User, size: str, theme: str) -> None:
    page = open_page("/style-guide/", person=administrator, size=size, theme=theme)
    page.wait_for_selector("figure.chart.drawn >> nth=1")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == theme
    assert not scrolls_sideways(page)
    assert access_problems(page) == []


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_the_way_in_fits_and_is_accessible(open_page: OpenPage, administrator: User, size: str, theme: str) -> None:
    page = open_page("/sign-in/login/", size=size, theme=theme)
    assert page.get_by_role("button", name="Sign in", exact=True).is_visible()
    assert not scrolls_sideways(page)
    assert access_problems(page) == []


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_what_floats_is_accessible_too(open_page: OpenPage, administrator: User, size: str) -> None:
    page = open_page("/style-guide/", person=administrator, size=size, theme="dark")
    page.get_by_role("link", name="Tailspin Toys · Pacific").first.click()
    page.wait_for_selector("#drawer:not([hidden]) h2")
    assert access_problems(page) == []
    page.keyboard.press("Escape")
    for opener in ("palette", "shortcuts"):
        page.locator(f"[data-open={opener}]:visible").first.click()
        page.wait_for_selector(f"#{opener}[open]")
        assert access_problems(page) == []
        assert not scrolls_sideways(page)
        page.keyboard.press("Escape")
    page.locator("summary").first.click()
    assert access_problems(page) == []


def test_a_missing_page_says_so_in_the_same_look(open_page: OpenPage, administrator: User) -> None:
    page = open_page("/no/such/page/", person=administrator, expect=404)
    assert page.get_by_role("heading", name="There is nothing here").is_visible()
    assert access_problems(page) == []


@pytest.mark.parametrize("path", ["/sign-in/login/", "/people/"])
def test_a_page_weighs_little(open_page: OpenPage, administrator: User, path: str) -> None:
    weights: dict[str, int] = {}
    page = open_page(path, person=None if "sign-in" in path else administrator, weigh=weights)
    assert page.evaluate("document.fonts.check('14px \"Inter Variable\"')")
    assert not [address for address in weights if "vega" in address]
    assert sum(weights.values()) <= WEIGHT_LIMIT_BYTES, sorted(weights.items(), key=lambda pair: -pair[1])


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_nothing_moves_while_a_page_arrives(open_page: OpenPage, administrator: User, size: str) -> None:
    page = open_page("/people/", person=administrator, size=size, theme="dark")
    assert page.evaluate(SHIFTS) < 0.02


def test_the_chosen_colours_are_remembered_and_the_device_asked_again(open_page: OpenPage, administrator: User) -> None:
    page = open_page("/style-guide/", person=administrator, theme="light")
    page.locator("summary").first.click()
    page.get_by_text("Dark", exact=True).click()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.reload(wait_until="domcontentloaded")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.locator("summary").first.click()
    page.get_by_text("Device", exact=True).click()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "light"
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_charts_are_drawn_without_eval_and_follow_the_theme(open_page: OpenPage, administrator: User) -> None:
    page = open_page("/style-guide/", person=administrator, theme="light")
    bars = page.locator("figure[data-chart=bars]")
    page.wait_for_selector("figure[data-chart=bars].drawn path[fill='#0b6570']")
    assert not bars.locator("table").is_visible()
    bars.get_by_role("button", name="Show the table of: From sales to contribution").click()
    assert bars.get_by_role("cell", name="2,329").is_visible()
    bars.get_by_role("button").click()
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("figure[data-chart=bars].drawn path[fill='#66c5cd']")


def test_a_page_without_scripts_still_says_everything(open_page: OpenPage, administrator: User) -> None:
    page = open_page("/style-guide/", person=administrator, scripts=False)
    assert page.get_by_role("cell", name="2,329").is_visible()
    assert page.get_by_role("link", name="Settings").first.is_visible()
    page.locator("summary").first.click()
    assert page.get_by_role("button", name="Sign out").is_visible()


def test_every_stop_of_the_keyboard_shows_where_it_is(open_page: OpenPage, administrator: User) -> None:
    user(name="Second Person")
    page = open_page("/style-guide/", person=administrator)
    page.wait_for_selector("figure.chart.drawn >> nth=1")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
          .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled).length"""
    )
    seen: set[str] = set()
    unmarked: list[str] = []
    for _ in range(wanted + 20):
        page.keyboard.press("Tab")
        name = page.evaluate("(e => e.outerHTML.slice(0, 160))(document.activeElement)")
        if name.startswith("<body"):
            break
        seen.add(name)
        if not page.evaluate(RING):
            unmarked.append(name)
    assert unmarked == []
    assert len(seen) >= wanted - 4  # a group of radio buttons is one stop
