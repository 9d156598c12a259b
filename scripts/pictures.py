"""Take pictures of what people meet, wide and narrow, light and dark, into `build/pictures/`: the demo's report and every page.

The demo is started as people start it, and its workspace photographed from a copy. The pages come from the list of addresses: each
that needs no argument, and one of each kind that the pages link to, with the drawers that they open. So a page added later appears
without another line here. An administrator looks at all of them, everybody else at their home and at what it leads to. What is wrong
with a page is listed at the end: a line on the console, a request elsewhere, sideways scrolling, a layout that shifts.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from contact_sheet import Shot, write_contact_sheet
from demo_workspace import make_demo
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from site_on_copy import PageAddress, SiteOnCopy

DEMO = Path("build/demo")
REPORT = DEMO / "review.html"
PICTURES = Path("build/pictures")
WIDTHS_PX = (1440, 390)
HEIGHT_PX = 900
SCHEMES = ("light", "dark")
LONGEST_DEMO_SECONDS = 90
LARGEST_SHIFT = 0.01
DRAWER_LINK = '[hx-target="#drawer"]'
CHARTS_DRAWN = "[...document.querySelectorAll('figure[data-chart]')].every(f => f.matches('.drawn, .failed'))"
SHIFT = """() => new Promise(done => { let sum = 0; const observer = new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value; });
  observer.observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 50); })"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--as-is", action="store_true", help=f"photograph {DEMO} as it is, instead of a demo made afresh")
    parser.add_argument("--only", default="", help="only pages whose name contains this")
    asked = parser.parse_args()
    complaints: list[str] = []
    if not asked.as_is:
        seconds = make_demo(DEMO)
        print(f"The demo was ready after {seconds:.0f} s.", flush=True)
        if seconds > LONGEST_DEMO_SECONDS:
            complaints.append(f"demo: ready after {seconds:.0f} s, promised are {LONGEST_DEMO_SECONDS} s")
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    # Chromium refuses its sandbox to root; Playwright's loop runs in the thread that also asks Django's database.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, SiteOnCopy(DEMO, Path(folder)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        studio = Studio(browser, site, asked.only)
        studio.photograph_report()
        studio.photograph_pages()
        browser.close()
    complaints += studio.complaints
    write_contact_sheet(PICTURES / "index.html", studio.shots, complaints)
    print(f"{len(studio.shots)} pictures in {time.monotonic() - began:.0f} s: {PICTURES / 'index.html'}")
    print("\n".join(complaints) if complaints else "No problems.")
    sys.exit(1 if complaints else 0)


class Studio:
    """Takes the pictures; `shots` are those taken, `complaints` what was wrong."""

    def __init__(self, browser: Browser, site: SiteOnCopy, only: str) -> None:
        self._browser, self._site, self._only = browser, site, only
        self.shots: list[Shot] = []
        self.complaints: list[str] = []

    def photograph_report(self) -> None:
        """The demo's report from its file."""
        for width, scheme in looks():
            context = self._browser.new_context(
                viewport={"width": width, "height": HEIGHT_PX}, color_scheme=scheme, reduced_motion="reduce"
            )
            if self._only in "report":
                self._take(context, REPORT.resolve().as_uri(), Shot("report", "report", width, scheme, ""), own="file:")
            context.close()

    def photograph_pages(self) -> None:
        """Every page in four pictures, by who looks at it."""
        wanted = [(role, address) for role, address in pages(self._site) if self._only in address.name]
        for width, scheme in looks():
            for role in dict.fromkeys(role for role, _ in wanted):
                context = self._browser.new_context(
                    viewport={"width": width, "height": HEIGHT_PX}, color_scheme=scheme, reduced_motion="reduce"
                )
                if role:
                    session = self._site.session_of(role)
                    context.add_cookies([{"name": self._site.cookie_name, "value": session, "url": self._site.url}])
                for address in (address for whose, address in wanted if whose == role):
                    shot = Shot(role, address.name, width, scheme, "")
                    self._take(context, self._site.url + address.path, shot, own=self._site.url)
                context.close()

    def _take(self, context: BrowserContext, address: str, shot: Shot, *, own: str) -> None:
        """A picture of a whole page, and one of the first drawer that it opens."""
        page = context.new_page()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith((own, "data:")) else told.append(f"request to {asked.url}"))
        try:
            page.goto(address, wait_until="load")
            page.wait_for_function(CHARTS_DRAWN)
        except PlaywrightError as error:
            self.complaints.append(f"{shot.role or 'stranger'}-{shot.page}: {error.message.splitlines()[0]}")
            page.close()
            return
        page.evaluate("document.fonts.ready")
        if (shift := page.evaluate(SHIFT)) >= LARGEST_SHIFT:
            told.append(f"the layout shifts by {shift:.3f}")
        self._keep(page, shot, told)
        opener = page.locator(f"{DRAWER_LINK}:visible").first
        if opener.count():
            opener.click()
            page.locator("#drawer:not([hidden]) :is(h1, h2)").first.wait_for()
            page.wait_for_function(CHARTS_DRAWN)
            told.clear()
            self._keep(page, shot._replace(page=f"{shot.page} with drawer"), told, whole=False)
        page.close()

    def _keep(self, page: Page, shot: Shot, told: list[str], *, whole: bool = True) -> None:
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            told.append("the page scrolls sideways")
        name = f"{shot.role or 'stranger'}-{shot.page.replace(' ', '-')}-{shot.width_px}-{shot.scheme}"
        if whole:
            # The window grows to the page, so that what is fixed to the window's edge lies at the page's.
            height = max(page.evaluate("document.documentElement.scrollHeight"), HEIGHT_PX)
            page.set_viewport_size({"width": shot.width_px, "height": height})
        page.screenshot(path=PICTURES / f"{name}.png")
        page.set_viewport_size({"width": shot.width_px, "height": HEIGHT_PX})
        print(name, flush=True)
        self.shots.append(shot._replace(file=f"{name}.png"))
        self.complaints += [f"{name}: {complaint}" for complaint in told]


def looks() -> Iterator[tuple[int, str]]:
    """The four pictures of a page."""
    yield from ((width, scheme) for width in WIDTHS_PX for scheme in SCHEMES)


def pages(site: SiteOnCopy) -> Iterable[tuple[str, PageAddress]]:
    """Who looks at which page: an administrator at all that let one in, a stranger at the others, everybody at their home's links."""
    first = site.roles[0]
    seen: dict[tuple[str, str], tuple[str, PageAddress]] = {}
    waiting = [PageAddress("cockpit-home", "/"), *site.addresses_without_arguments()]
    known: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        if address.name in known:
            continue
        role = next((role for role in (first, "") if site.shows_a_page(role, address.path)), None)
        if role is not None:
            known.add(address.name)
            seen[role, address.name] = (role, address)
            waiting.extend(site.addresses_linked_from(role, address.path))
    for role in site.roles[1:]:
        for address in (PageAddress("cockpit-home", "/"), *site.addresses_linked_from(role, "/")):
            if (role, address.name) not in seen and site.shows_a_page(role, address.path):
                seen[role, address.name] = (role, address)
    return seen.values()


if __name__ == "__main__":
    main()
