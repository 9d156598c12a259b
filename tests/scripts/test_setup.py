"""Which Python serves the site: the distribution's where it is of the version that was asked for."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
ASK = """
import pathlib, sys
sys.path.insert(0, sys.argv[1])
import setup
setup.DISTRIBUTION_PYTHON = pathlib.Path(sys.argv[2])
print(setup.python_for_the_site())
"""


@pytest.mark.parametrize(
    ("says", "is_taken"),
    [(f"echo {sys.version_info.major}.{sys.version_info.minor}", True), ("echo 3.4", False), ("exit 1", False), (None, False)],
)
def test_the_distributions_python_is_taken_where_it_is_of_the_same_version(tmp_path: Path, says: str | None, is_taken: bool):
    python = tmp_path / "python3"
    if says is not None:
        python.write_text(f"#!/bin/sh\n{says}\n", encoding="utf-8")
        python.chmod(python.stat().st_mode | stat.S_IXUSR)
    asked = [sys.executable, "-c", ASK, str(SCRIPTS), str(python)]
    answer = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    assert answer == str(python if is_taken else Path(sys.executable))
