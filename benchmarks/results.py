"""What a benchmark gives back, what it ran on, and the page that shows both.

`run(quick)` returns a dictionary::

    {
        "title": "Import: CSV to committed ledger",
        "method": "What is timed, on which data, against what; two or three sentences.",
        "rows": [{"rows": 5_000_000, "seconds": 7.1}, …],                       # one table, same keys in each
        "targets": [{"what": "rows per second", "measured": 7e5, "limit": 5e5, "at_most": False}, …],
        "chart": {"x": "rows", "y": "seconds", "by": "engine"},                 # optional; `by` too; both axes are logarithmic
    }
"""

import json
import os
import platform
import subprocess
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import altair as alt
import psutil
import vl_convert

LIBRARIES = ("duckdb", "deltalake", "polars", "pyarrow", "ibis-framework", "numpy", "scipy", "highspy")
HEAD = """# Benchmarks

Recorded by `make bench`, never typed by hand; a target that was missed is shown as missed. Times are wall-clock seconds, memory
is the peak of the process that ran the benchmark. Repeat one with `.venv/bin/python -m benchmarks NAME`.
"""


@dataclass(frozen=True)
class Target:
    """A promise about speed or memory and what was measured; `at_most` tells whether less or more is better."""

    what: str
    measured: float
    limit: float
    at_most: bool = True

    @property
    def is_met(self) -> bool:
        """Whether the promise holds on this machine."""
        return self.measured <= self.limit if self.at_most else self.measured >= self.limit


@dataclass(frozen=True)
class Outcome:
    """One benchmark's result, in the shape the module's docstring tells."""

    title: str
    method: str
    rows: tuple[dict[str, Any], ...]
    targets: tuple[Target, ...]
    peak_memory_gib: float
    chart: dict[str, str] | None = None

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> Self:
        """From what `run` returned or the recorded JSON; a missing or misspelt key is an error."""
        targets = tuple(Target(**target) for target in result.get("targets", ()))
        return cls(**{**result, "rows": tuple(result["rows"]), "targets": targets})

    def as_markdown(self, name: str) -> str:
        """A section of the page: method, promises, table, chart."""
        parts = [f"## {self.title}", self.method, f"Peak memory {figure(self.peak_memory_gib)} GiB."]
        if self.targets:
            promises = [
                {
                    "promise": target.what,
                    "limit": ("≤ " if target.at_most else "≥ ") + figure(target.limit),
                    "measured": figure(target.measured),
                    "": "met" if target.is_met else "**missed**",
                }
                for target in self.targets
            ]
            parts.append(table(promises))
        parts.append(table(self.rows))
        if self.chart:
            parts.append(f"![{self.chart['y']} by {self.chart['x']}](benchmarks/{name}.svg)")
        return "\n\n".join(parts) + "\n"

    def as_svg(self) -> str:
        """The chart of the rows."""
        assert self.chart is not None
        x, y, by = self.chart["x"], self.chart["y"], self.chart.get("by")
        axes = {"x": alt.X(f"{x}:Q", scale=alt.Scale(type="log")), "y": alt.Y(f"{y}:Q", scale=alt.Scale(type="log"))}
        colour = {"color": alt.Color(f"{by}:N")} if by else {}
        chart = alt.Chart(alt.Data(values=list(self.rows)), width=560, height=300).mark_line(point=True).encode(**axes, **colour)
        return vl_convert.vegalite_to_svg(chart.to_json())


def record(docs: Path, name: str, outcome: Outcome, ran_on: Mapping[str, Any]) -> None:
    """Put one benchmark's result among the recorded ones and write the page anew; the others keep theirs."""
    path = docs / "benchmarks.json"
    recorded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    recorded[name] = {"machine": dict(ran_on), "outcome": asdict(outcome)}
    path.write_text(json.dumps(recorded, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    if outcome.chart:
        picture = docs / "benchmarks" / f"{name}.svg"
        picture.parent.mkdir(exist_ok=True)
        picture.write_text(outcome.as_svg(), encoding="utf-8")
    (docs / "benchmarks.md").write_text(page(recorded), encoding="utf-8")


def page(recorded: Mapping[str, Any]) -> str:
    """All recorded results as one Markdown page, each with the machine it ran on."""
    sections = [HEAD]
    for name, entry in sorted(recorded.items()):
        ran_on = dict(entry["machine"])
        libraries = ", ".join(f"{library} {number}" for library, number in ran_on["libraries"].items())
        place = f"{ran_on['cpu']}, {ran_on['cores']} cores, {figure(ran_on['memory_gib'])} GiB, {ran_on['system']}"
        if "squares_ms" in ran_on:
            place += f", a million squares in plain Python {figure(ran_on['squares_ms'])} ms"
        where = f"*Ran {ran_on['ran_on']} at {ran_on['code']} on {place}; Python {ran_on['python']}, {libraries}.*\n"
        sections += [Outcome.of(entry["outcome"]).as_markdown(name), where]
    return "\n".join(sections)


def machine() -> dict[str, Any]:
    """The machine, the libraries and the code that a result belongs to."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "cpu": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": psutil.virtual_memory().total / 2**30,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "squares_ms": squares_milliseconds(),
        "libraries": {library: version(library) for library in LIBRARIES},
        "code": described or "an unknown commit",
        "ran_on": datetime.now(UTC).date().isoformat(),
    }


def squares_milliseconds() -> float:
    """The pace of the hour: a million squares summed in plain Python, the best of five. A shared machine may run at half its own."""
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        sum(number * number for number in range(1_000_000))
        best = min(best, time.perf_counter() - started)
    return 1000 * best


def processor() -> str:
    """The processor's own name, where the system tells it."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or "an unnamed processor"


def table(rows: tuple[dict[str, Any], ...] | list[dict[str, Any]]) -> str:
    """Rows as a Markdown table, numbers to the right."""
    heads = list(rows[0])
    numeric = [isinstance(rows[0][head], int | float) for head in heads]
    lines = [heads, ["---:" if right else "---" for right in numeric], *[[figure(row[head]) for head in heads] for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def figure(value: Any) -> str:
    """A number with three significant digits and thousands apart; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
