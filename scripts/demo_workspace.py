"""The demo as people start it, up to the line that tells them how to sign in; then it is ended again and its workspace is left."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

READY = "Sign in once"


class DemoFailedError(Exception):
    """The demo ended before it was ready; the message is what it said."""


def make_demo(home: Path) -> float:
    """Make the demo's workspace and report in a fresh folder; returns the seconds until somebody can sign in."""
    shutil.rmtree(home, ignore_errors=True)
    openkam = Path(sys.executable).with_name("openkam")
    command = [openkam, "demo", "--home", home, "--out", home, "--port", "0"]
    began = time.monotonic()
    said: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as demo:
        assert demo.stderr is not None
        for line in demo.stderr:
            said.append(line)
            if READY in line:
                ready_after = time.monotonic() - began
                demo.send_signal(signal.SIGINT)
                demo.stderr.read()
                break
        else:
            raise DemoFailedError("".join(said[-20:]))
    return ready_after
