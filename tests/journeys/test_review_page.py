"""A head of key accounts opens the review: alone on the machine, on a desk or a phone, by mouse or keyboard, in light or dark."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.factories.review import make_review

from openkam.analytics.report.document import write_review

pytestmark = [pytest.mark.browser, pytest.mark.any_database]

SIZES = {"desk": (1440, 900), "tablet": (900, 900), "phone": (390, 844)}

# Text and what stands behind it: every element with text of its own, its colour, the first opaque background above it, its size.
READ_TEXT = """() => {
  const seen = [];
  const visible = element => { const box = element.getBoundingClientRect(); return box.width > 1 && box.height > 1
    && element.checkVisibility({visibilityProperty: true}) && getComputedStyle(element).clipPath === 'none'; };
  const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1;
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  const rgba = colour => { pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].filter(n => n.nodeType === 3);
    const words = own.map(n => n.textContent.trim()).filter(Boolean).join(' ');
    if (!words || !visible(element)) continue;
    const style = getComputedStyle(element);
    const isSvg = element.namespaceURI.endsWith('svg');
    let above = element;
    while (above && rgba(getComputedStyle(above).backgroundColor)[3] < 1) above = above.parentElement;
    const behind = above ? getComputedStyle(above).backgroundColor : 'rgb(255,255,255)';
    seen.push({words, ink: rgba(isSvg ? style.fill : style.color), paper: rgba(behind), size: parseFloat(style.fontSize)});
  }
  return seen;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("review")
    return write_review(make_review(), folder)[0].as_uri()


@pytest.fixture
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The review at the size and in the scheme that the test asks for; every request and console line fails it."""
    size, scheme = getattr(request, "param", ("desk", "light"))
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=True)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "request", lambda asked: None if asked.url == address or asked.url.startswith("data:") else complaints.append(asked.url)
    )
    opened.goto(address)
    opened.evaluate("document.fonts.ready")
    yield opened
    context.close()
    assert complaints == []


def contrast(ink: list[float], paper: list[float]) -> float:
    """WCAG 2.2 contrast ratio of two opaque colours."""

    def luminance(colour: list[float]) -> float:
        parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("page", [(size, scheme) for size in SIZES for scheme in ("light", "dark")], indirect=True)
def test_it_fits_the_screen_and_every_word_can_be_read(page: Page) -> None:
    page.eval_on_selector_all("details", "all => all.forEach(d => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    texts = page.evaluate(READ_TEXT)
    assert len(texts) > 500
    faint = [(t["words"][:40], round(contrast(t["ink"], t["paper"]), 2)) for t in texts if contrast(t["ink"], t["paper"]) < 4.5]
    assert faint == []
    assert min(t["size"] for t in texts) >= 11


def test_it_opens_with_the_sentence_and_four_figures(page: Page) -> None:
    assert re.match(r"14 accounts of 280 should be key", page.locator(".lead").inner_text())
    assert page.locator(".kpi").count() == 4
    assert page.locator(".rank tbody tr").count() == 14 + 1 + 20
    assert page.get_by_text('<script>alert("x")</script>').first.is_visible()


def test_the_embedded_font_is_used(page: Page) -> None:
    assert page.evaluate("document.fonts.check('14px \"Inter Variable\"')")
    assert page.evaluate("[...document.fonts].every(font => font.status === 'loaded')")


@pytest.mark.parametrize("page", [("desk", "dark")], indirect=True)
def test_dark_applies_to_page_and_charts(page: Page) -> None:
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 20, 22)"
    assert page.evaluate("getComputedStyle(document.querySelector('#whale .only-d .s-d1')).stroke") == "rgb(102, 197, 205)"


def test_reasons_open_by_keyboard_alone(page: Page) -> None:
    second = page.locator("#decisions .paper details").nth(1)
    assert second.get_attribute("open") is None
    second.locator("summary").focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert second.get_attribute("open") is not None
    assert second.get_by_text("Forcing it in costs").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_first_stop_skips_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_every_stop_is_large_enough_and_named(page: Page) -> None:
    stops = page.eval_on_selector_all(
        "a[href], summary",
        """all => all.filter(e => e.checkVisibility() && !e.classList.contains('skip')).map(e => {
          const box = e.getBoundingClientRect(); return [e.textContent.trim(), box.height, !!e.closest('.prose')]; })""",
    )
    assert all(name for name, _, _ in stops)
    assert all(height >= 24 for _, height, is_in_a_sentence in stops if not is_in_a_sentence)


@pytest.mark.parametrize("page", [("desk", "light"), ("phone", "light")], indirect=True)
def test_each_chart_is_drawn_once_for_this_width_and_says_what_it_shows(page: Page) -> None:
    charts = page.locator("figure svg[role=img]:visible")
    assert charts.count() == 4
    for index in range(charts.count()):
        assert len(charts.nth(index).get_attribute("aria-label") or "") > 40
    natural = page.eval_on_selector_all(
        "figure svg.c",
        "all => all.filter(s => s.checkVisibility()).map(s => s.getBoundingClientRect().width / s.viewBox.baseVal.width)",
    )
    assert all(0.9 <= scale <= 1.12 for scale in natural)


def test_text_stays_inside_its_chart(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    outside = page.evaluate(
        """() => [...document.querySelectorAll('figure .only-m text')].filter(t => {
          const box = t.getBoundingClientRect(), card = t.closest('figure').getBoundingClientRect();
          return box.left < card.left || box.right > card.right; }).map(t => t.textContent)"""
    )
    assert outside == []


def test_headings_never_skip_a_level_and_tables_name_their_columns(page: Page) -> None:
    levels = page.eval_on_selector_all("h1, h2, h3, h4", "all => all.map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    bare = page.eval_on_selector_all("table", "all => all.filter(t => !t.caption || !t.querySelector('th[scope=col]')).length")
    assert bare == 0
    rows = page.get_by_role("row").count()
    assert rows > 40


def test_on_paper_the_reasons_stand_open_and_the_navigation_is_gone(page: Page, tmp_path: Path) -> None:
    page.emulate_media(media="print")
    assert page.locator("#decisions .paper details").nth(3).get_by_text("Forcing it in costs").is_visible()
    assert not page.locator(".toc").is_visible()
    page.pdf(path=tmp_path / "review.pdf", prefer_css_page_size=True)
    assert (tmp_path / "review.pdf").stat().st_size > 50_000


def test_it_reads_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(address)
    assert opened.locator(".rank").is_visible()
    opened.locator("#decisions summary").nth(2).click()
    assert opened.locator("#decisions details").nth(2).get_by_text("What would change it").is_visible()
    context.close()
