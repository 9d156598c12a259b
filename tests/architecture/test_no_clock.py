"""Dates and seeds are arguments: the engine reads no clock and no unseeded generator, so a review can be re-run bit for bit.

Stopwatches (`time.perf_counter`, `time.monotonic`) are no clock: they say how long, not when.
"""

import ast
import re
from pathlib import Path

from tests.architecture.law import HOUSE, dotted, syntax_trees

CLOCK = re.compile(
    r"^datetime\.(datetime\.(now|utcnow|today)|date\.today)$"
    r"|^time\.(time|time_ns|localtime|gmtime|ctime|strftime)$"
    r"|^pandas\.Timestamp\.(now|today|utcnow)$|^ibis\.(now|today)$"
)
SEEDED = re.compile(r"^numpy\.random\.(default_rng|SeedSequence|PCG64|Philox|RandomState)$|^random\.Random$")
CHANCE = re.compile(r"^(numpy\.random|random|secrets)\.(?!Generator$)\w+$|^uuid\.uuid[14]$|^os\.urandom$|^ibis\.(random|uuid)$")
CLOCK_OR_CHANCE_IN_SQL = re.compile(
    r"\b(current_date|current_timestamp|localtimestamp)\b|\b(now|today|random|gen_random_uuid|uuid)\(\s*\)", re.IGNORECASE
)

NAMES_NOT_FIGURES = {
    # Keeps the ids of two processes apart that import in the same microsecond; no figure depends on it.
    ("src/openkam/analytics/ledger/batch.py", "os.urandom"),
}


def clock_readers(root: Path) -> list[str]:
    violations: list[str] = []
    for name, tree in syntax_trees(root, "src/openkam/analytics"):
        full_names = _full_names(tree)
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            what = None
            if isinstance(node, ast.Call):
                first, dot, rest = dotted(node.func).partition(".")
                called = full_names.get(first, "") + dot + rest
                is_seeded = bool(node.args or node.keywords) and SEEDED.search(called)
                if (name, called) not in NAMES_NOT_FIGURES and not is_seeded and (CLOCK.search(called) or CHANCE.search(called)):
                    what = called
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                found = CLOCK_OR_CHANCE_IN_SQL.search(node.value)
                what = found and f"{found.group()} in SQL"
            if what:
                violations.append(f"{name}:{getattr(node, 'lineno', 0)} {what}: take the date or the seed as an argument")
    return violations


def _full_names(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: `np` → `numpy`, `now` → `time.time` after `from time import time as now`."""
    full_names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                full_names[alias.asname or alias.name.split(".")[0]] = alias.name if alias.asname else alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom):
            full_names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return full_names


def test_the_engine_reads_no_clock_and_no_unseeded_generator():
    assert clock_readers(HOUSE) == []
