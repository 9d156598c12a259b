"""Take pictures of what people meet, wide and narrow, light and dark, into `build/pictures/`: the demo's report and every page.

The pages come from the list of addresses: each that needs no argument, and one of each kind that the pages link to. So a page added
later appears without another line here. The demo's workspace is only read: the site runs on a copy of it.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright
from site_on_copy import PageAddress, SiteOnCopy

DEMO = Path("build/demo")
REPORT = DEMO / "review.html"
PICTURES = Path("build/pictures")
WIDTHS_PX = (1440, 390)
SCHEMES = ("light", "dark")


def main() -> None:
    if not REPORT.exists():
        sys.exit(f"There is no {REPORT} yet: run make demo first.")
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    # Chromium refuses its sandbox to root; Playwright's loop runs in the thread that also asks Django's database.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with tempfile.TemporaryDirectory() as folder, SiteOnCopy(DEMO, Path(folder)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        complaints = [*pictures_of_report(browser), *pictures_of_pages(browser, site)]
        browser.close()
    if complaints:
        sys.exit("\n".join(complaints))


def pictures_of_report(browser: Browser) -> Iterator[str]:
    """The demo's report from its file; yields what went wrong."""
    for width in WIDTHS_PX:
        for scheme in SCHEMES:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            yield from take(context, REPORT.resolve().as_uri(), PICTURES / f"review-{width}-{scheme}.png")
            context.close()


def pictures_of_pages(browser: Browser, site: SiteOnCopy) -> Iterator[str]:
    """Every page of the site in four pictures, and the start page as each role meets it; yields what went wrong."""
    starts = [(role, PageAddress(f"start-{role}", "/")) for role in site.roles if site.shows_a_page(role, "/")]
    shots = [*pages(site), *starts]
    for width in WIDTHS_PX:
        for scheme in SCHEMES:
            contexts = {
                role: browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
                for role in (*site.roles, "")
            }
            for role in site.roles:
                contexts[role].add_cookies([{"name": site.cookie_name, "value": site.session_of(role), "url": site.url}])
            for role, address in shots:
                picture = PICTURES / f"{address.name}-{width}-{scheme}.png"
                yield from take(contexts[role], site.url + address.path, picture, own=site.url)
            for context in contexts.values():
                context.close()


def pages(site: SiteOnCopy) -> Iterable[tuple[str, PageAddress]]:
    """Who looks at which page: an administrator at all that let one in, nobody signed in at the others."""
    first = site.roles[0]
    seen: dict[str, tuple[str, PageAddress]] = {}
    waiting = list(site.addresses_without_arguments())
    while waiting:
        address = waiting.pop(0)
        if address.name in seen:
            continue
        role = next((role for role in (first, "") if site.shows_a_page(role, address.path)), None)
        if role is not None:
            seen[address.name] = (role, address)
            waiting.extend(site.addresses_linked_from(role, address.path))
    return seen.values()


def take(context: BrowserContext, address: str, picture: Path, own: str = "file:") -> list[str]:
    """One picture of a whole page; returns what went wrong on it: console lines, requests elsewhere, sideways scrolling."""
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request", lambda asked: None if asked.url.startswith((own, "data:")) else complaints.append(f"request to {asked.url}")
    )
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        complaints.append("the page scrolls sideways")
    page.screenshot(path=picture, full_page=True)
    page.close()
    print(picture)
    return [f"{picture.name}: {complaint}" for complaint in complaints]


if __name__ == "__main__":
    main()
