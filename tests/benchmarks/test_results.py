"""The page of benchmarks says what was measured, where, and what was missed."""

import json
import re
from pathlib import Path

import pytest
from benchmarks.results import Outcome, machine, record

RESULT = {
    "title": "Import: CSV to committed ledger",
    "method": "Five million rows.",
    "rows": [{"rows": 1_000_000, "seconds": 1.5, "engine": "duckdb"}, {"rows": 5_000_000, "seconds": 7.25, "engine": "duckdb"}],
    "targets": [
        {"what": "rows per second", "measured": 689_655.2, "limit": 500_000, "at_most": False},
        {"what": "memory (GiB)", "measured": 3.5, "limit": 3},
    ],
    "chart": {"x": "rows", "y": "seconds", "by": "engine"},
    "peak_memory_gib": 3.5,
}


def test_it_records_what_was_measured_and_where(tmp_path: Path):
    record(tmp_path, "import_speed", Outcome.of(RESULT), machine())

    page = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert "| rows per second | ≥ 500,000 | 689,655 | met |" in page
    assert "| memory (GiB) | ≤ 3 | 3.5 | **missed** |" in page
    assert "| 5,000,000 | 7.25 | duckdb |" in page
    assert "![seconds by rows](benchmarks/import_speed.svg)" in page
    assert (tmp_path / "benchmarks/import_speed.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "duckdb " in page.split("*Ran ")[1]
    assert re.search(r"a million squares in plain Python \d[\d.]* ms;", page)


def test_one_benchmark_leaves_the_others_results_alone(tmp_path: Path):
    record(tmp_path, "import_speed", Outcome.of(RESULT), machine())
    before = json.loads((tmp_path / "benchmarks.json").read_text(encoding="utf-8"))["import_speed"]
    record(tmp_path, "review_speed", Outcome.of({**RESULT, "title": "Review", "chart": None}), machine())

    recorded = json.loads((tmp_path / "benchmarks.json").read_text(encoding="utf-8"))
    assert recorded["import_speed"] == before
    assert set(recorded) == {"import_speed", "review_speed"}
    page = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert page.index("## Import") < page.index("## Review")


def test_a_misspelt_key_is_refused():
    with pytest.raises(TypeError, match="row_s"):
        Outcome.of({**RESULT, "row_s": []})
