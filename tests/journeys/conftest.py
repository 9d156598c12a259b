"""A browser and the site as people meet it: collected static files, the strict policy, nothing from another host."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from django.test.utils import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from tests.factories.people import user

from openkam.app.people.models import User

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LONGEST_WAIT = 60_000
"""Milliseconds; a state that comes is waited for no longer than it takes, so this only says how slow a busy machine may be."""
SIZES = {"desk": (1440, 900), "tablet": (900, 900), "phone": (390, 844)}
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOUR_RULES = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""Those of them that read colours: all that another theme can break, since it changes no element and no size."""
# Two frames: before the first one is painted, a text may still be computed in the colours of the other theme.
STILL = """() => Promise.allSettled(document.getAnimations()
  .filter(one => one.effect.getComputedTiming().iterations !== Infinity).map(one => one.finished)).then(() => null)"""
"""What fades in has its colours only once it is there."""
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
POLICY = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'")
FORBIDDEN_IN_POLICY = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*")

expect.set_options(timeout=LONGEST_WAIT)
# Playwright's loop runs in the tests' own thread; Django would take every query there for one inside a coroutine.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSER_NAMES)), None)
    assert path is not None, "There is no Chromium: run `make setup`."
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


class CollectedSite(LiveServer):
    """pytest-django's live server without its static files: the site serves the collected ones itself, as in production."""

    def __init__(self) -> None:
        super().__init__("localhost", start=False)
        in_memory = {c.alias: c for c in connections.all() if c.vendor == "sqlite" and c.is_in_memory_db()}
        self.thread = LiveServerThread("localhost", lambda application: application, connections_override=in_memory)
        self.thread.daemon = True
        self.start()


@pytest.fixture(scope="session")
def collected_static(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """The settings of a site whose static files are collected, joined, named by digest and compressed."""
    storages = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "openkam.config.static_files.StaticFiles"},
    }
    changed = {"STATIC_ROOT": tmp_path_factory.mktemp("static"), "STORAGES": storages}
    with override_settings(**changed):
        call_command("collectstatic", interactive=False, verbosity=0)
    return changed


@pytest.fixture(scope="module")
def live_server(collected_static: dict[str, object], django_db_setup: None) -> Iterator[CollectedSite]:
    """The site at an address of this machine."""
    with override_settings(**collected_static):
        server = CollectedSite()
        yield server
        server.stop()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_server: CollectedSite) -> Iterator[OpenPage]:
    """Open a page, signed in or not, at a size, in a theme; what goes wrong on any of them fails the test at its end.

    That is: a line on the console, a request to another host, an answer without the strict policy, a server error. `refusals`
    are the statuses from 400 up that the test brings about itself; `weigh` collects the bytes of every file that was loaded.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def look_at(response: Response) -> None:
        if not response.url.startswith(live_server.url):
            complaints.append(f"a request left the host: {response.url}")
        elif response.status >= 500:
            complaints.append(f"{response.status} from {response.url}")
        elif "/static/" not in response.url:
            policy = response.headers.get("content-security-policy", "")
            complaints.extend(f"{response.url} has no {part}" for part in POLICY if part not in policy)
            complaints.extend(f"{response.url} allows {part}" for part in FORBIDDEN_IN_POLICY if part in policy)

    def open_one(
        path: str,
        *,
        person: User | None = None,
        size: str = "desk",
        theme: str = "light",
        expect: int = 200,
        refusals: tuple[int, ...] = (),
        scripts: bool = True,
        weigh: dict[str, int] | None = None,
    ) -> Page:
        width, height = SIZES[size]
        viewport = {"width": width, "height": height}
        context = browser.new_context(
            base_url=live_server.url, viewport=viewport, color_scheme=theme, java_script_enabled=scripts
        )
        context.set_default_timeout(LONGEST_WAIT)
        contexts.append(context)
        if person is not None:
            client = Client()
            client.force_login(person)
            cookies = [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in client.cookies.items()]
            context.add_cookies(cookies)
        page = context.new_page()
        # The browser itself writes a line for every answer of 400 and more, also for those that the test is about.
        told = tuple(f"status of {status}" for status in (expect, *refusals))
        page.on(
            "console",
            lambda line: (
                None
                if any(word in line.text for word in told)
                else complaints.append(f"{line.text} {line.location['url']} on {page.url}")
            ),
        )
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on("response", look_at)
        if weigh is not None:
            page.on("requestfinished", lambda request: weigh.update({request.url: request.sizes()["responseBodySize"]}))
        answer = page.goto(f"{live_server.url}{path}", wait_until="networkidle")
        assert answer is not None
        assert answer.status == expect
        page.evaluate("document.fonts.ready")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def administrator(transactional_db: None) -> User:
    """Somebody who may do everything."""
    return user(name="Kayla Woodcock")


def access_problems(page: Page, rules: Mapping[str, object] = AXE_RULES) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA, one readable line each."""
    page.evaluate(STILL)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # Only the violations come back: what passed is as long as the page, and nobody reads it.
    found = page.evaluate("rules => axe.run(document, rules).then(all => all.violations)", rules)
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def in_both_themes(page: Page) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Put the page as it stands in dark and then in light, where it stays; with each, the rules that it can break."""
    for theme, rules in (("dark", COLOUR_RULES), ("light", AXE_RULES)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # colours do not glide while they are measured
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        page.evaluate(PAINTED)
        yield theme, rules


def access_problems_in_both_themes(page: Page) -> list[str]:
    """What axe-core finds on a page as it stands, in dark and in light; the page is light afterwards."""
    themes = in_both_themes(page)
    return [f"{page.url} in {theme}: {problem}" for theme, rules in themes for problem in access_problems(page, rules)]


def look_problems(page: Page, path: str = "") -> list[str]:
    """What is wrong with the look of a page in either theme: what axe-core finds, and whether it is wider than its window.

    A `path` is gone to first, in the same window: another would fetch and read every file of the site again.
    """
    found: list[str] = []
    if path:
        answer = page.goto(path, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200, path
        page.evaluate("document.fonts.ready")
    for theme, rules in in_both_themes(page):
        found += [f"{page.url} in {theme}: {problem}" for problem in access_problems(page, rules)]
        found += [f"{page.url} in {theme}: wider than its window"] if scrolls_sideways(page) else []
    return found


@pytest.fixture
def home(tmp_path: Path, settings: Settings) -> Path:
    """A workspace of the test's own: no test sees another's ledger or files."""
    settings.OPENKAM_HOME = tmp_path
    return tmp_path


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
