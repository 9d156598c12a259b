"""The site as it is run: two servers over one workspace, from nothing to a stop without remains."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil
import pytest
from tests.cli.conftest import OPENKAM, Ran

PASSWORD = "quiet ledger, warm paper"
START_SECONDS = 240
STOP_SECONDS = 60


def environment(**variables: str) -> dict[str, str]:
    """This process's, without what the tests' own site needs."""
    left_out = ("OPENKAM_HOME", "OPENKAM_LOG_LEVEL", "DJANGO_SETTINGS_MODULE")
    return {name: value for name, value in os.environ.items() if name not in left_out} | variables


class Served:
    """A server process and a way to talk to it."""

    def __init__(self, home: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [OPENKAM, "serve", "--home", home, "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )

    def wait_for_address(self) -> None:
        """Read the one line on stdout."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.fullmatch(r"OpenKAM is at (http://127\.0\.0\.1:\d+/)\n", line)
        assert found, (line, self.process.poll())
        self.address = found[1]

    def ask(
        self, path: str, form: dict[str, str] | None = None, cookies: dict[str, str] | None = None
    ) -> tuple[HTTPResponse, str]:
        """GET, or POST a form, as a browser without scripts."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())}
        with closing(HTTPConnection(urlsplit(self.address).netloc, timeout=60)) as connection:
            if form is None:
                connection.request("GET", path, headers=headers)
            else:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                connection.request("POST", path, urlencode(form), headers)
            response = connection.getresponse()
            return response, response.read().decode(errors="replace")

    def send_form(self, path: str, form: dict[str, str]) -> tuple[HTTPResponse, str]:
        """Open a page and send its form."""
        opened, _ = self.ask(path)
        token = re.search(r"openkam_csrf=(\w+)", opened.headers["Set-Cookie"])[1]
        return self.ask(path, form | {"csrfmiddlewaretoken": token}, {"openkam_csrf": token})

    def family(self) -> list[psutil.Process]:
        """The process and all it started."""
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def stop(self, number: int) -> tuple[int, str]:
        """Send a signal and give exit code and stderr."""
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=STOP_SECONDS)
        return self.process.returncode, err


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Start servers over the test's workspace, and leave none behind."""
    started: list[Served] = []

    def one(*options: str) -> Served:
        started.append(Served(tmp_path / "workspace", *options))
        return started[-1]

    yield one
    for served in started:
        if served.process.poll() is None:
            served.process.terminate()
            served.process.communicate(timeout=STOP_SECONDS)


def gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=STOP_SECONDS)
    return not alive


def test_a_site_from_nothing_to_its_stop(start: Callable[..., Served], tmp_path: Path):
    """Two starts at once in a folder that is not there yet; one founder of eight; people; a healthy doctor; a clean stop."""
    home = tmp_path / "workspace"
    site, second = start(), start("--no-worker")
    for served in (site, second):
        served.wait_for_address()
        response, body = served.ask("/health/ready")
        assert (response.status, json.loads(body)["status"]) == (200, "ready")
    assert {"secret.key", "static"} <= {path.name for path in home.iterdir()}
    assert home.stat().st_mode & 0o077 == 0

    assert site.ask("/")[0].headers["Location"] == "/welcome/"
    firm = {"organisation": "Firm", "currency": "EUR", "fiscal_year_start_month": "1", "fiscal_year_start_day": "1"}
    founders = [
        {"name": f"Ada {n}", "email": f"ada{n}@example.org", "password": PASSWORD, "repeated": PASSWORD, **firm} for n in range(8)
    ]
    with ThreadPoolExecutor(8) as visitors:
        answers = list(
            visitors.map(lambda pair: pair[0].send_form("/welcome/", pair[1])[0], zip([site, second] * 4, founders, strict=True))
        )
    assert sum(answer.status == 302 and answer.headers["Location"] == "/" for answer in answers) == 1
    assert {answer.status for answer in answers} <= {302, 404}
    assert site.ask("/welcome/")[0].status == 404

    made = subprocess.run(
        [OPENKAM, "createuser", "max@example.org", "--name", "Max", "--role", "manager", "--password-stdin", "--home", home],
        input=f"{PASSWORD}\n",
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert (made.returncode, made.stdout) == (0, "Max may sign in with max@example.org.\n")
    signed_in, _ = second.send_form("/sign-in/login/", {"login": "max@example.org", "password": PASSWORD})
    assert (signed_in.status, signed_in.headers["Location"]) == (302, "/")

    _, page = site.ask("/sign-in/login/")
    style = re.search(r'href="(/static/ui/css/openkam\.[0-9a-f]+\.css)"', page)[1]
    answer, _ = site.ask(style)
    assert (answer.status, "immutable" in answer.headers["Cache-Control"]) == (200, True)

    found = subprocess.run(
        [OPENKAM, "doctor", "--json", "--home", home], capture_output=True, text=True, env=environment(), check=False
    )
    assert (found.returncode, [finding for finding in json.loads(found.stdout) if finding["problem"]]) == (0, [])

    family = site.family()
    assert any("worker" in process.cmdline() for process in family)
    code, err = site.stop(signal.SIGTERM)
    assert code == 0, err
    assert gone(family)
    assert PASSWORD not in err
    code, err = second.stop(signal.SIGINT)
    assert code == 0, err


def test_nothing_outlives_a_killed_site(start: Callable[..., Served]):
    site = start()
    site.wait_for_address()
    family = site.family()
    assert any("worker" in process.cmdline() for process in family)
    assert len(family) >= 3

    site.process.kill()
    site.process.wait()

    try:
        assert gone([process for process in family if process.pid != site.process.pid])
    finally:
        for process in family:
            if process.is_running():
                process.kill()
        site.process.communicate()


def test_a_worker_that_failed_is_started_again(start: Callable[..., Served]):
    site = start()
    site.wait_for_address()
    first = next(process for process in site.family() if "worker" in process.cmdline())

    first.kill()

    until = time.monotonic() + STOP_SECONDS
    while time.monotonic() < until:
        now = [process for process in site.family() if process.status() != psutil.STATUS_ZOMBIE and "worker" in process.cmdline()]
        if now and now != [first]:
            break
        time.sleep(0.2)
    assert now
    assert now != [first]
    assert "started again" in site.stop(signal.SIGTERM)[1]


def test_a_taken_port_is_named(openkam: Callable[..., Ran]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = openkam("serve", "--port", str(port), "--home", "workspace")

    assert ran.code == 1
    assert f"openkam: 127.0.0.1:{port} cannot be listened on" in ran.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENKAM_LOG_LEVEL", "loud"),
        ("DATABASE_URL", "mysql://kam:hidden@db/kam"),
        ("OPENKAM_MAIL_URL", "imap://kam:hidden@mail"),
    ],
)
def test_a_wrong_environment_is_one_line(tmp_path: Path, name: str, value: str):
    for command in (["serve", "--port", "0"], ["worker"]):
        done = subprocess.run(
            [sys.executable, "-m", "openkam.cli", *command, "--home", tmp_path],
            env=environment(**{name: value}),
            capture_output=True,
            text=True,
            check=False,
            timeout=START_SECONDS,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert re.fullmatch(rf"openkam: {name}.*\n", done.stderr), done.stderr
        assert "hidden" not in done.stderr


def test_a_database_that_is_away_is_one_line(tmp_path: Path):
    done = subprocess.run(
        [OPENKAM, "serve", "--port", "0", "--home", tmp_path],
        env=environment(DATABASE_URL="postgres://kam:hidden@127.0.0.1:1/kam"),
        capture_output=True,
        text=True,
        check=False,
        timeout=START_SECONDS,
    )
    assert done.returncode == 1
    assert "openkam: The database does not do its work" in done.stderr
    assert "Traceback" not in done.stderr
    assert "hidden" not in done.stderr
