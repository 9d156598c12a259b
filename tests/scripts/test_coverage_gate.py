"""The gate looks at branches, not only at lines: a condition that was never false is not tested."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HALF_TESTED = "def sign(x):\n    word = 'plus'\n    if x < 0:\n        word = 'minus'\n    return word\n"


@pytest.mark.parametrize(("call", "status"), [("sign(-1)", 1), ("sign(-1), sign(1)", 0)])
def test_an_untested_branch_fails(tmp_path: Path, call: str, status: int):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    engine = tmp_path / "src/openkam/analytics"
    engine.mkdir(parents=True)
    (engine / "sign.py").write_text(HALF_TESTED + call + "\n", encoding="utf-8")
    run = [sys.executable, "-m", "coverage", "run", "--parallel-mode", "--source=src", "src/openkam/analytics/sign.py"]
    subprocess.run(run, cwd=tmp_path, check=True)
    subprocess.run([sys.executable, "-m", "coverage", "combine", "-q"], cwd=tmp_path, check=True)

    done = subprocess.run(
        [sys.executable, ROOT / "scripts/coverage_gate.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == status, done.stdout + done.stderr
    assert "Engine covered:" in done.stdout
