"""Find a benchmark by its file name and run it; a module of its own, because a spawned process cannot import `__main__`."""

import importlib
import resource
from pathlib import Path
from typing import Any

BENCHMARKS = Path(__file__).parent


def names() -> list[str]:
    """The benchmarks there are, by file name."""
    return sorted(path.stem for path in BENCHMARKS.glob("*_speed.py"))


def measured(name: str, quick: bool) -> dict[str, Any]:
    """Run one benchmark in this process and add the memory it took at its peak (Linux counts it in KiB)."""
    outcome = importlib.import_module(f"benchmarks.{name}").run(quick)
    outcome["peak_memory_gib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return outcome
