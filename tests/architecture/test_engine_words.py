"""What the engine says is read on pages, in notebooks and in a terminal: only `by_command` names options of the command."""

import ast
import re
from pathlib import Path

from tests.architecture.law import HOUSE, syntax_trees

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+|\bopenkam (import|review|export|undo|init)\b")
COMMAND_ONLY = "by_command"


def command_words(root: Path) -> list[str]:
    """Texts of the engine that name an option or a subcommand, docstrings left out."""
    violations: list[str] = []
    for path, tree in syntax_trees(root, "src/openkam/analytics"):
        allowed = {id(text) for text in _texts_apart(tree)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in allowed:
                found = OPTION.search(node.value)
                if found:
                    violations.append(f"{path}:{node.lineno} says '{found[0]}': give it as `{COMMAND_ONLY}`")
    return violations


def _texts_apart(tree: ast.Module) -> list[ast.AST]:
    """Docstrings, and what stands under `by_command`."""
    apart: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            apart.append(node.value)
        if isinstance(node, ast.keyword) and node.arg == COMMAND_ONLY:
            apart.extend(ast.walk(node.value))
    return apart


def test_only_the_command_speaks_of_its_options():
    assert command_words(HOUSE) == []


def test_the_check_bites(tmp_path: Path):
    folder = tmp_path / "src/openkam/analytics"
    folder.mkdir(parents=True)
    bad = 'def f():\n    """Like --again."""\n    raise E(f"give --again to {f}", by_command="--again says it")\n'
    (folder / "bad.py").write_text(bad, encoding="utf-8")
    assert command_words(tmp_path) == ["src/openkam/analytics/bad.py:3 says '--again': give it as `by_command`"]
