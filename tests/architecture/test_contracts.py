"""The import contracts of `pyproject.toml`, run by import-linter."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.law import HOUSE, settings

LINT = "import sys; from importlinter.application.use_cases import lint_imports; from importlinter import configuration; "
LINT += "configuration.configure(); sys.exit(0 if lint_imports(cache_dir=None, no_logo=True) else 1)"


def broken_contracts(root: Path) -> list[str]:
    """The names of the contracts that the house breaks.

    A process of its own: import-linter finds the package on the path, and this process has already loaded this house's.
    """
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "300", "NO_COLOR": "1"}
    # -S would hide import-linter; -P keeps the tests' own folders out of the search.
    done = subprocess.run(
        [sys.executable, "-P", "-c", LINT], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    broken = re.findall(r"^(.+) BROKEN", done.stdout, re.MULTILINE)
    reported = re.findall(r"^(.+) (?:KEPT|BROKEN)", done.stdout, re.MULTILINE)
    if len(reported) != len(settings(root)["tool"]["importlinter"]["contracts"]) or bool(broken) != bool(done.returncode):
        raise AssertionError(f"import-linter did not judge every contract:\n{done.stdout}\n{done.stderr}")
    return [name.strip() for name in broken]


def test_the_house_keeps_every_contract():
    assert broken_contracts(HOUSE) == []
