"""Dates and seeds are arguments: the engine reads no clock and no unseeded generator, so a review can be re-run bit for bit.

Stopwatches (`time.perf_counter`, `time.monotonic`) are no clock: they say how long, not when.
"""

import ast
import re
from pathlib import Path

from tests.architecture.law import HOUSE, dotted, syntax_trees

CLOCKS = re.compile(
    r"(^|\.)(datetime|date|Timestamp)\.(now|utcnow|today)$"
    r"|^time\.(time|time_ns|localtime|gmtime|ctime|strftime)$"
    r"|^ibis\.(now|today)$"
)
CHANCE = re.compile(
    r"^random\.(?!Random$)\w+$"
    r"|(^|\.)random\.(?!default_rng$|Generator$|SeedSequence$|RandomState$|PCG64$|Philox$)[a-z]\w*$"
    r"|^uuid\.uuid[14]$|^os\.urandom$|^secrets\.\w+$|^ibis\.(random|uuid)$"
)
SEEDED = re.compile(r"(^|\.)(default_rng|RandomState|Random|SeedSequence|PCG64|Philox)$")
CLOCK_OR_CHANCE_IN_SQL = re.compile(
    r"\b(current_date|current_timestamp|localtimestamp)\b|\b(now|today|random|gen_random_uuid|uuid)\(\s*\)", re.IGNORECASE
)
IMPORTED_CLOCKS = {"time": {"time", "time_ns", "localtime", "gmtime"}, "uuid": {"uuid1", "uuid4"}, "os": {"urandom"}}


def clock_readers(root: Path) -> list[str]:
    violations: list[str] = []
    for name, tree in syntax_trees(root, "src/openkam/analytics"):
        documentation = {id(text) for text in _docstrings(tree)}
        for node in ast.walk(tree):
            what = _what_it_reads(node) if id(node) not in documentation else None
            if what:
                violations.append(f"{name}:{getattr(node, 'lineno', 0)} {what}: take the date or the seed as an argument")
    return violations


def _what_it_reads(node: ast.AST) -> str | None:
    if isinstance(node, ast.Call):
        called = dotted(node.func)
        if CLOCKS.search(called):
            return f"reads the clock ({called})"
        if CHANCE.search(called):
            return f"draws without a seed ({called})"
        if SEEDED.search(called) and not node.args and not node.keywords:
            return f"makes an unseeded generator ({called})"
    if isinstance(node, ast.ImportFrom) and node.module in {*IMPORTED_CLOCKS, "random", "secrets"}:
        hidden = [alias.name for alias in node.names if alias.name in IMPORTED_CLOCKS.get(node.module, {alias.name})]
        if hidden and hidden != ["Random"]:
            return f"imports {', '.join(hidden)} from {node.module}"
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and CLOCK_OR_CHANCE_IN_SQL.search(node.value):
        return "asks the database for the time or for chance"
    return None


def _docstrings(tree: ast.Module) -> list[ast.expr]:
    owners = [
        node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    firsts = [owner.body[0] for owner in owners if owner.body]
    return [first.value for first in firsts if isinstance(first, ast.Expr)]


def test_the_engine_reads_no_clock_and_no_unseeded_generator():
    assert clock_readers(HOUSE) == []
