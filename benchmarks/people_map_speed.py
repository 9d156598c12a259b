"""How long the people map of a large buying center takes to be seen, and whether its labels keep apart: in a real browser."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.pages_speed import Visitor, database, served
from playwright.sync_api import Browser, Page, sync_playwright

CONTACTS, QUICK_CONTACTS = 300, 40
FIRST_PAINT_LIMIT_MS = 1000.0
SERVER_REQUESTS, PAINTS = 20, 7
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FIRST_PAINT = "() => performance.getEntriesByType('paint').find(one => one.name === 'first-contentful-paint')?.startTime ?? null"
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('svg#people-map text')].filter((one) => one.textContent.trim()).map((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    return { text: one.textContent, left, right, top, bottom };
  }).filter((one) => one.right > one.left);  // a card that is drawn small shows its initials alone
  const frame = document.querySelector('.pm-frame').getBoundingClientRect();
  const found = [];
  const gap = 0.01;  // what rounding of coordinates to a hundredth of a pixel may hide
  boxes.sort((one, other) => one.left - other.left);
  boxes.forEach((one, place) => {
    const isOut = one.left < frame.left - 1 || one.right > frame.right + 1 || one.bottom > frame.bottom + 1;
    if (isOut) found.push([one.text, 'out of the frame']);
    for (let next = place + 1; next < boxes.length && boxes[next].left < one.right - gap; next += 1) {
      const other = boxes[next];
      if (one.top < other.bottom - gap && other.top < one.bottom - gap) found.push([one.text, other.text]);
    }
  });
  return { labels: boxes.length, overlaps: found };
}"""
"""Pairs of words on the map whose boxes share room, and words that leave its frame."""


def run(quick: bool) -> dict[str, Any]:
    """The map page of one account with 300 contacts."""
    count = QUICK_CONTACTS if quick else CONTACTS
    with tempfile.TemporaryDirectory(prefix="openkam-map-") as folder, database(Path(folder)) as url:
        environment = os.environ | {"DATABASE_URL": url, "OPENKAM_LOG_LEVEL": "WARNING"}
        home = Path(folder) / "home"
        home.mkdir()
        command = [sys.executable, "-m", "benchmarks.people_map_workspace", str(home), str(count)]
        known = json.loads(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout)
        with served(home, environment) as port:
            answers = _answers(port, known)
            paints, labels = _looked_at(port, known, 2 if quick else PAINTS)
    rows = [
        _row("whole answer of the server", answers),
        _row("first contentful paint, nothing cached", paints),
    ]
    overlaps = len(labels["overlaps"])
    return {
        "title": f"People map: {count:,} contacts of one account",
        "method": (
            f"One made-up account with {count:,} contacts in six levels, twelve of ours, {8 * count:,} interactions and "
            f"{3 * count:,} claims on PostgreSQL, served by `openkam serve` with one server process. Its map page is asked for "
            f"{SERVER_REQUESTS} times over an open connection, then opened in Chromium at 1440 × 900 with an empty cache each time, by "
            f"a browser on the same machine. Of the {labels['labels']:,} words on the map as it fits its frame, the pairs are counted "
            "whose boxes share room."
        ),
        "rows": rows,
        "targets": [
            {"what": "first paint: largest of all, ms", "measured": rows[1]["max ms"], "limit": FIRST_PAINT_LIMIT_MS},
            {"what": "labels that overlap at fit", "measured": float(overlaps), "limit": 0.0},
        ],
    }


def _row(what: str, times: list[float]) -> dict[str, Any]:
    return {
        "what": what,
        "times": len(times),
        "median ms": round(float(np.median(times)), 1),
        "p95 ms": round(float(np.quantile(times, 0.95)), 1),
        "max ms": round(max(times), 1),
    }


def _answers(port: int, known: dict[str, Any]) -> list[float]:
    visitor = Visitor(port, f"{known['cookie_name']}={known['cookie_value']}", known["csrf_cookie"])
    visitor.get(known["path"])  # templates compiled, connection open
    times = [visitor.get(known["path"]) for _ in range(SERVER_REQUESTS)]
    visitor.close()
    return times


def _looked_at(port: int, known: dict[str, Any], times: int) -> tuple[list[float], dict[str, Any]]:
    """First paints (ms) of so many visits, and what the labels of the last one do."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise AssertionError("There is no Chromium: run `make setup`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--headless", "--no-sandbox", "--disable-gpu"])
        paints: list[float] = []
        labels: dict[str, Any] = {}
        for _ in range(times + 1):
            page = _opened(browser, port, known)
            page.wait_for_function(FIRST_PAINT)
            paints.append(float(page.evaluate(FIRST_PAINT)))
            labels = page.evaluate(OVERLAPS)
            page.context.close()
        browser.close()
    return paints[1:], labels  # the first also starts the browser's own processes


def _opened(browser: Browser, port: int, known: dict[str, Any]) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    address = f"http://127.0.0.1:{port}"
    context.add_cookies([{"name": known["cookie_name"], "value": known["cookie_value"], "url": address}])
    page = context.new_page()
    page.goto(address + known["path"])
    return page
