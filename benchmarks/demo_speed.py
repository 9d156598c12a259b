"""How long a newcomer waits for the demo: the command, with the workspace, the review and the site, until the sign-in link works."""

import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

LIMIT_SECONDS = 90.0
ARRIVE = "/arrive/"
REPORT = "Wrote "


def run(quick: bool) -> dict[str, Any]:
    """One demo in an empty folder; `quick` changes nothing, as there is one sample company."""
    with tempfile.TemporaryDirectory(prefix="openkam-demo-") as folder:
        row = served_demo(Path(folder) / "home")
    return {
        "title": "The demo: from the command to the page",
        "method": (
            "`openkam demo` in an empty folder on an installed OpenKAM: the sample company's ledger is written, reviewed and "
            "explained, people, accounts, a round and a valuation are stored, the site starts, and its sign-in link is opened."
        ),
        "rows": [row],
        "targets": [{"what": "seconds until the site is ready", "measured": row["seconds until ready"], "limit": LIMIT_SECONDS}],
    }


def served_demo(home: Path) -> dict[str, Any]:
    """Seconds until the report is written, and until the link of the site answers."""
    command = [sys.executable, "-m", "openkam.cli", "demo", "--home", str(home), "--port", "0"]
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=home.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as demo:
        assert demo.stdout is not None
        reported = None
        try:
            for line in demo.stdout:
                if reported is None and REPORT in line:
                    reported = time.perf_counter() - started
                if ARRIVE in line:
                    with urllib.request.urlopen(line[line.index("http") :].strip()) as page:
                        assert page.status == 200
                    return {"seconds until the report": reported, "seconds until ready": time.perf_counter() - started}
        finally:
            demo.terminate()
    raise AssertionError("The demo ended before it said where to sign in.")
