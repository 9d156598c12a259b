"""The programs that the tests need beside Python: a browser for the pages and the report, a Java runtime for Spark.

As root or with sudo they are installed; without that right, or on a system without apt-get, the tests do not start and the
message says exactly what is missing. Nothing is skipped in silence.
"""

import ctypes
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SPARK_JAVA = (17, 21)  # the Java releases that PySpark 4 runs on
SERVER_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


class MissingPackagesError(Exception):
    """Something the tests need is missing and cannot be installed by this user; the message says what to do."""


@dataclass(frozen=True)
class Program:
    """A program, how to tell that it is there, and the Debian packages that bring it (the first set that exists is taken)."""

    meaning: str
    is_there: Callable[[], bool]
    packages: tuple[tuple[str, ...], ...]


def has_browser() -> bool:
    """Whether Chromium is on the path under one of its names."""
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def has_java() -> bool:
    """Whether the Java on the path (or of JAVA_HOME) is a release that Spark runs on."""
    home = os.environ.get("JAVA_HOME")
    java = os.path.join(home, "bin", "java") if home else shutil.which("java")  # noqa: PTH118 - an unset home stays None
    if not java or not shutil.which(java):
        return False
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    release = re.search(r'version "(\d+)', said)
    return release is not None and int(release[1]) in SPARK_JAVA


def has_mail_server() -> bool:
    """Whether Dovecot is there with what it needs to speak IMAP; Debian keeps servers where not every user looks for programs."""
    return shutil.which("dovecot", path=SERVER_PATH) is not None and Path("/usr/lib/dovecot/imap").exists()


def has_atomic_library() -> bool:
    """Whether the library is there that Playwright's driver is linked with; only Linux keeps it in a package of its own."""
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


NEEDED = (
    Program("Chromium (browser tests)", has_browser, (("chromium", "fonts-liberation"),)),
    Program("libatomic (Playwright)", has_atomic_library, (("libatomic1",),)),
    Program("Dovecot (tests of mailboxes)", has_mail_server, (("dovecot-imapd",),)),
    Program(
        f"Java {' or '.join(map(str, SPARK_JAVA))} (tests of the Spark engine)",
        has_java,
        tuple((f"openjdk-{release}-jre-headless",) for release in SPARK_JAVA),
    ),
)


def ensure() -> None:
    """Install what is missing, or raise with the exact command when this user may not."""
    missing = [program for program in NEEDED if not program.is_there()]
    if not missing:
        return
    what = ", ".join(program.meaning for program in missing)
    apt_get = shutil.which("apt-get")
    if apt_get is None:
        raise MissingPackagesError(
            f"The tests need {what}. This system has no apt-get: install it your way, on the PATH, and run again."
        )
    right = right_to_install()
    if right is None:
        packages = " ".join(name for program in missing for name in program.packages[0])
        raise MissingPackagesError(
            f"The tests need {what}, and this user may not install it. As root, run\n\n"
            f"  apt-get update && apt-get install -y --no-install-recommends {packages}\n\nand then make test again."
        )
    print(f"Set-up: Debian packages for {what}", flush=True)
    run_apt([*right, apt_get, "update", "-qq"])
    packages = [name for program in missing for name in available(program)]
    run_apt([*right, apt_get, "install", "-y", "-qq", "--no-install-recommends", *packages])
    still = [program.meaning for program in missing if not program.is_there()]
    if still:
        raise MissingPackagesError(
            f"{' '.join(packages)} is installed, and still there is no {', '.join(still)}; look at PATH and JAVA_HOME."
        )


def right_to_install() -> list[str] | None:
    """How this user runs apt-get: directly, through sudo, or not at all."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def available(program: Program) -> tuple[str, ...]:
    """The first set of packages that this release of Debian knows."""
    for packages in program.packages:
        # `show` also succeeds for a name that only other packages mention; `madison` lists what can be installed.
        if all(subprocess.run(["apt-cache", "madison", name], capture_output=True, check=False).stdout for name in packages):
            return packages
    names = " or ".join(" ".join(packages) for packages in program.packages)
    raise MissingPackagesError(
        f"The tests need {program.meaning}, and this system's package lists know no {names}: install it your way."
    )


def run_apt(command: list[str]) -> None:
    """Run apt-get without questions; what it says is shown only when it fails."""
    done = subprocess.run(
        ["env", "DEBIAN_FRONTEND=noninteractive", *command], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise MissingPackagesError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
