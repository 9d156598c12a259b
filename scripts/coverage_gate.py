"""Fail when less than 95 % of the engine's branches, or of its lines, are run by the tests. Reads what `pytest --cov` left."""

import json
import subprocess
import sys
from pathlib import Path

ENGINE = "src/openkam/analytics/*"
LEAST_PERCENT = 95.0
REPORT = Path("build/coverage.json")


def main() -> None:
    REPORT.parent.mkdir(exist_ok=True)
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "json", "--quiet", f"--include={ENGINE}", "-o", REPORT], check=True)
    totals = json.loads(REPORT.read_text(encoding="utf-8"))["totals"]
    branches = percent(totals["covered_branches"], totals["num_branches"])
    lines = percent(totals["covered_lines"], totals["num_statements"])
    counted = f"of {totals['num_branches']} branches, {lines:.1f} % of {totals['num_statements']} lines"
    print(f"Engine covered: {branches:.1f} % {counted}")
    if min(branches, lines) < LEAST_PERCENT:
        subprocess.run([*coverage, "report", f"--include={ENGINE}"], check=False)
        sys.exit(f"The law asks for {LEAST_PERCENT:.0f} % of both in the engine.")


def percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0


if __name__ == "__main__":
    main()
