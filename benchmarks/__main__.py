"""Run the benchmarks: `python -m benchmarks [NAME …] [--quick]`.

A benchmark is a module `benchmarks/*_speed.py` with `run(quick: bool) -> dict` (its shape: `results.py`). Each runs in a process
of its own, so that one's memory is not counted as another's. At full size the results and the machine are recorded in
`docs/benchmarks.json` and shown in `docs/benchmarks.md`; a target that is missed is recorded as missed and fails the run.
"""

import argparse
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

from benchmarks.measuring import BENCHMARKS, measured, names
from benchmarks.results import Outcome, machine, record

DOCS = BENCHMARKS.parent / "docs"


def main() -> None:
    """Run the named benchmarks, or all of them."""
    known = names()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(known)}; none means all")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that they run; records nothing")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.names) - set(known)):
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(known)}")
    missed: list[str] = []
    for name in arguments.names or known:
        print(f"{name} …", flush=True)
        with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as process:
            outcome = Outcome.of(process.submit(measured, name, arguments.quick).result())
        print(outcome.as_markdown(name), flush=True)
        missed += [f"{name}: {target.what}" for target in outcome.targets if not target.is_met]
        if not arguments.quick:
            record(DOCS, name, outcome, machine())
    if missed and not arguments.quick:
        sys.exit("Missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
