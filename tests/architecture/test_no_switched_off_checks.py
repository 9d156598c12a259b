"""A check that is switched off without a reason is a check that nobody will switch on again."""

import ast
import re
from pathlib import Path
from typing import Any

from tests.architecture.law import HOUSE, dotted, python_files, settings, syntax_trees

IMPORT_LINTER_ESCAPES = {"ignore_imports", "exclude_type_checking_imports", "exhaustive_ignores", "skip_descendants"}
# A dynamic import or a clock is a hole in the law itself, so no comment may excuse it.
UNEXCUSABLE = re.compile(r"#\s*noqa(\s*$|:[^#]*\b(TID251|PLC0415)\b)|#\s*ruff:\s*noqa", re.IGNORECASE | re.MULTILINE)
# Spark is an extra: its modules import it on use and say what to install (design, part 5).
# The library's face and the command load the engine, which takes seconds, when it is first asked for; so do `init` and a CSV's import,
# which need neither the review nor Polars.
MAY_IMPORT_ON_USE = re.compile(r"spark|engine\.py$|^src/openkam/(__init__|cli/(command|programme)|analytics/ledger/read)\.py$")


def import_linter_escapes(root: Path) -> list[str]:
    linter: dict[str, Any] = settings(root)["tool"]["importlinter"]
    tables = [linter, *linter["contracts"]]
    return [f"{table.get('name', 'importlinter')}: {key}" for table in tables for key in table if key in IMPORT_LINTER_ESCAPES]


def unexplained_skips(root: Path) -> list[str]:
    violations: list[str] = []
    for name, tree in syntax_trees(root, "tests"):
        for node in ast.walk(tree):
            call = node if isinstance(node, ast.Call) else None
            marker = dotted(call.func if call else node) if isinstance(node, ast.Call | ast.Attribute) else ""
            if re.fullmatch(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)", marker) and not (
                call and _has_reason(call, marker)
            ):
                if call is None and _is_called(tree, node):
                    continue
                violations.append(f"{name}:{getattr(node, 'lineno', 0)} {marker} without a reason")
    return violations


def _has_reason(call: ast.Call, marker: str) -> bool:
    reasons = [keyword.value for keyword in call.keywords if keyword.arg == "reason"]
    if not reasons and marker in {"pytest.skip", "pytest.xfail", "pytest.mark.skip"}:
        reasons = call.args[:1]
    return any(not (isinstance(reason, ast.Constant) and not reason.value) for reason in reasons)


def _is_called(tree: ast.Module, function: ast.AST) -> bool:
    return any(isinstance(node, ast.Call) and node.func is function for node in ast.walk(tree))


def excused_holes(root: Path) -> list[str]:
    violations: list[str] = []
    for path in python_files(root, "src"):
        name = path.relative_to(root).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            excused = UNEXCUSABLE.search(line)
            if excused and not ("PLC0415" in excused.group() and MAY_IMPORT_ON_USE.search(name)):
                violations.append(f"{name}:{number} {excused.group().strip()}")
    return violations


def test_import_linter_has_no_exceptions():
    assert import_linter_escapes(HOUSE) == []


def test_every_skip_says_why():
    assert unexplained_skips(HOUSE) == []


def test_no_comment_excuses_a_hole_in_the_law():
    assert excused_holes(HOUSE) == []
