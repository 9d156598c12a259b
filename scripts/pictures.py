"""Take pictures of the demo's report as people will meet it: wide and narrow, light and dark, into `build/pictures/`."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

REPORT = Path("build/demo/review.html")
PICTURES = Path("build/pictures")
WIDTHS_PX = (1440, 390)
SCHEMES = ("light", "dark")


def main() -> None:
    if not REPORT.exists():
        sys.exit(f"There is no {REPORT} yet: run make demo first.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    # Chromium refuses its sandbox to root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        complaints = [complaint for width in WIDTHS_PX for scheme in SCHEMES for complaint in take(browser, width, scheme)]
        browser.close()
    if complaints:
        sys.exit("\n".join(complaints))


def take(browser: Browser, width_px: int, scheme: str) -> list[str]:
    """One picture of the whole page; returns what went wrong on it: console errors, requests, sideways scrolling."""
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": width_px, "height": 900}, color_scheme=scheme)
    page.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(f"request to {request.url}") if request.url.startswith("http") else None)
    page.goto(REPORT.resolve().as_uri())
    page.wait_for_load_state("networkidle")
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        complaints.append("the page scrolls sideways")
    picture = PICTURES / f"review-{width_px}-{scheme}.png"
    page.screenshot(path=picture, full_page=True)
    page.close()
    print(picture)
    return [f"{picture.name}: {complaint}" for complaint in complaints]


if __name__ == "__main__":
    main()
