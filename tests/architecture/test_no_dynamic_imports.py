"""A string that names a module hides the direction from the contracts, so ruff bans the functions that take one."""

import ast
import json
import subprocess
from pathlib import Path

from ruff.__main__ import find_ruff_bin
from tests.architecture.law import HOUSE, syntax_trees


def dynamic_imports(root: Path) -> list[str]:
    command = [find_ruff_bin(), "check", "--no-cache", "--select", "TID251", "--output-format", "json", "--ignore-noqa", "src"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise AssertionError(f"ruff could not check the house:\n{done.stderr}")
    findings = json.loads(done.stdout)
    banned = [f"{Path(found['filename']).name}:{found['location']['row']} {found['message']}" for found in findings]
    # ruff bans no builtin, so the same by hand.
    builtin = [
        f"{name}:{node.lineno} __import__"
        for name, tree in syntax_trees(root, "src")
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "__import__"
    ]
    return banned + builtin


def test_no_dynamic_import_in_the_source():
    assert dynamic_imports(HOUSE) == []
