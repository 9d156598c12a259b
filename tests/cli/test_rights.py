"""Erasures applied again from the shell, as a restore does."""

import os
import subprocess
from pathlib import Path

from tests.cli.conftest import OPENKAM


def test_a_list_is_applied_and_a_file_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("OPENKAM_HOME", "DJANGO_SETTINGS_MODULE")}
    known = tmp_path / "erasures.jsonl"
    known.write_text('{"contact": 7, "name": "x", "addresses": ["0a"], "erased_at": "2026-01-01T00:00:00+00:00"}\n')
    other = tmp_path / "other.jsonl"
    other.write_text("[1]\n")

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [OPENKAM, "reapply-erasures", *arguments, "--home", tmp_path / "home"]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=200)

    done = run(known)
    assert (done.returncode, done.stdout) == (0, "0 erased again.\n"), done.stderr
    refused = run(other)
    assert refused.returncode == 1
    assert "is no erasure" in refused.stderr
    assert "Traceback" not in refused.stderr
