"""What the README tells a newcomer to type is what CI runs and what the Makefile knows."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def make_commands(text: str) -> set[str]:
    return set(re.findall(r"^\s*(make [a-z-]+)", text, re.MULTILINE))


def test_ci_runs_the_readmes_commands():
    shown = make_commands((ROOT / "README.md").read_text(encoding="utf-8"))
    run = make_commands((ROOT / ".ci/run").read_text(encoding="utf-8"))
    assert {"make demo", "make test"} <= shown & run


def test_the_makefile_knows_every_command_that_is_shown():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in ("README.md", "CONTRIBUTING.md", "SECURITY.md", ".ci/run"):
        shown = re.findall(r"(?:^\s*|`)make ([a-z-]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
        assert set(shown) <= targets, page
