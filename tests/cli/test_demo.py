import re
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.cli.conftest import OPENKAM, Ran

from openkam.analytics.ledger.ledger import Ledger
from openkam.cli.sample import fill

ANSWER_SECONDS = 60


def test_the_demo_reviews_the_sample_company_and_says_where_the_report_is(openkam: Callable[..., Ran], tmp_path: Path):
    ran = openkam("demo", "--no-serve", "--home", "demo", "--json")
    document = ran.json
    assert ran.code == 0
    assert document["accounts"] == {"total": 303, "candidates": 279, "selected": 14}
    assert document["solver"]["gap"] == 0.0
    assert len(document["nearest_excluded"]) == 20
    assert all(item["binding"] for item in document["nearest_excluded"])
    assert document["illustrative"] == ["customers", "interactions", "market_volumes", "service_activities"]
    page = tmp_path / "demo" / "review" / "review.html"
    assert page.resolve().as_uri() in ran.err
    assert page.stat().st_size > 100_000


def test_a_demo_that_is_killed_leaves_no_half_ledger(tmp_path: Path):
    home = tmp_path / "demo"
    process = subprocess.Popen(
        [OPENKAM, "demo", "--no-serve", "--home", str(home)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not list(home.glob(".demo-*/ledger/*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    if (home / "ledger").exists():
        assert Ledger.open(home / "ledger").latest_version == 8
    else:
        assert list(home.glob(".demo-*"))


def test_two_demos_that_fill_one_folder_at_once_make_one_whole_workspace(tmp_path: Path):
    with ThreadPoolExecutor(2) as pool:
        for filled in [pool.submit(fill, tmp_path / "home") for _ in range(2)]:
            filled.result()
    made = sorted(path.name for path in (tmp_path / "home").iterdir())
    assert made == [".demo.lock", "ledger", "programme.toml"]
    assert [batch.table for batch in Ledger.open(tmp_path / "home" / "ledger").batches()].count("transactions") == 1


def test_the_demos_site_answers_pages_that_compute(tmp_path: Path):
    """The engine has worked in the process that starts the site, whose server processes must compute as well."""
    home = tmp_path / "demo"
    command = [OPENKAM, "demo", "--home", str(home), "--port", "0"]
    told: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as demo:
        assert demo.stdout is not None
        try:
            for line in demo.stdout:
                told.append(line)
                if line.startswith("OpenKAM is at "):
                    break
            way_in = re.search(r"http://\S+/arrive/\S+", "".join(told))
            assert way_in, told
            browser = build_opener(HTTPCookieProcessor())
            form = browser.open(way_in[0], timeout=ANSWER_SECONDS).read().decode()
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
            assert token, form
            browser.open(way_in[0], urlencode({"csrfmiddlewaretoken": token[1]}).encode(), timeout=ANSWER_SECONDS)
            with closing(sqlite3.connect(home / "app.sqlite3")) as kept:
                account = kept.execute("SELECT account_id FROM relationships_interaction").fetchone()[0]
            site = "/".join(way_in[0].split("/")[:3])
            page = browser.open(f"{site}/relationships/accounts/{account}/timeline/", timeout=ANSWER_SECONDS)
            assert "monologue" in page.read().decode()
        finally:
            demo.terminate()
