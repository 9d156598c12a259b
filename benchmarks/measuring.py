"""Find a benchmark by its file name and run it; a module of its own, because a spawned process cannot import `__main__`."""

import importlib
from pathlib import Path
from typing import Any

BENCHMARKS = Path(__file__).parent


def names() -> list[str]:
    """The benchmarks there are, by file name."""
    return sorted(path.stem for path in BENCHMARKS.glob("*_speed.py"))


def measured(name: str, quick: bool) -> dict[str, Any]:
    """Run one benchmark in this process and add the memory it took at its peak."""
    outcome = importlib.import_module(f"benchmarks.{name}").run(quick)
    outcome["peak_memory_gib"] = peak_memory_gib()
    return outcome


def peak_memory_gib() -> float:
    """Peak memory of this process (GiB). `getrusage` would count what the parent took before it started this one."""
    return _told_gib("VmHWM:")


def memory_gib() -> float:
    """What this process has in memory now (GiB); the peak is counted anew from here."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _told_gib("VmRSS:")


def _told_gib(name: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith(name))
    return int(kib) / 2**20
