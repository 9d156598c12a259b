"""How long the proven best selection takes as candidates, managers and tightness of capacity grow."""

import argparse
import json
import time
from typing import Any

import numpy as np
from benchmarks.measuring import peak_memory_gib

from openkam.analytics.selection.problem import Limit, SelectionProblem, Sense
from openkam.analytics.selection.solve import solve_selection

REGIONS = 5
INDUSTRIES = 8
CRITERIA = ("contribution", "lifetime", "growth", "regularity", "credit", "strategic")
WEIGHT = np.array([0.32, 0.22, 0.16, 0.12, 0.06, 0.12])
TIGHTNESS = {"loose": 2.0, "tight": 0.85}
"""Managers' hours in all as a multiple of the mean hours of the chosen number of accounts."""


def speed_problem(candidates: int, managers: int, chosen: int, tightness: str, seed: int) -> SelectionProblem:
    """A made-up firm: skewed sales, hours that grow with utility, regions, industries, and managers who fit their own region
    best."""
    draw = np.random.default_rng(seed)
    value = draw.beta(1.6, 3.0, (candidates, len(CRITERIA)))
    utility = value @ WEIGHT
    hours = np.round(20 + 120 * utility + draw.gamma(2.0, 12.0, candidates))
    sales = np.round(np.exp(draw.normal(12, 1.2, candidates) + 2 * utility))
    cost = np.round(2_000 + 60 * hours + draw.uniform(0, 4_000, candidates))
    region, industry = draw.integers(0, REGIONS, candidates), draw.integers(0, INDUSTRIES, candidates)
    ones = np.ones(candidates)
    limits = [
        Limit("accounts", "Accounts at most", "accounts", Sense.AT_MOST, ones, float(chosen), 1.0),
        Limit(
            "budget",
            "Budget",
            "currency/year",
            Sense.AT_MOST,
            cost,
            float(round(chosen * cost.mean() * 1.05)),
            1_000.0,
            own_label="its own cost",
        ),
    ]
    if not managers:
        total = float(round(TIGHTNESS[tightness] * chosen * hours.mean()))
        limits.append(Limit("hours", "Hours", "hours/year", Sense.AT_MOST, hours, total, 1.0, own_label="its own hours"))
    for r in range(REGIONS):
        floor = float(chosen // (2 * REGIONS))
        limits.append(Limit(f"floor:region:{r}", f"Region {r}", "accounts", Sense.AT_LEAST, (region == r) * 1.0, floor, 1.0))
    for k in range(INDUSTRIES):
        share = (industry == k) * sales
        limits.append(
            Limit(f"cap:industry:{k}", f"Industry {k}", "share of sales", Sense.AT_MOST, share, 0.3, 0.01, denominator=sales)
        )
    fit = np.zeros((candidates, 0))
    capacity = np.zeros(0)
    if managers:
        home = np.arange(managers) % REGIONS
        near = home[None, :] == region[:, None]
        fit = np.round(np.where(near, draw.uniform(0.7, 1.0, near.shape), draw.uniform(0.0, 0.8, near.shape)), 2)
        fit[fit < 0.2] = 0.0
        capacity = np.round(TIGHTNESS[tightness] * chosen * hours.mean() / managers * draw.uniform(0.8, 1.2, managers))
    return SelectionProblem(
        accounts=tuple(f"A{i:06d}" for i in range(candidates)),
        utility=utility,
        criteria=CRITERIA,
        weight=WEIGHT,
        value=value,
        hours=hours,
        limits=tuple(limits),
        managers=tuple(f"Manager {m:02d}" for m in range(managers)),
        manager_hours=capacity,
        fit=fit,
    )


def measure(candidates: int, managers: int, chosen: int, tightness: str, seed: int) -> dict[str, float | int | str]:
    """Solve one made-up problem and say what it took; `tightness` is "loose" or "tight"."""
    problem = speed_problem(candidates, managers, chosen, tightness, seed)
    started = time.perf_counter()
    solution = solve_selection(problem)
    return {
        "candidates": candidates,
        "managers": managers,
        "tightness": tightness,
        "seed": seed,
        "status": solution.status,
        "chosen": int(solution.chosen.sum()),
        "objective": solution.objective,
        "relaxation_objective": solution.relaxation_objective,
        "gap": solution.gap,
        "seconds": round(time.perf_counter() - started, 3),
        "memory_gib": round(peak_memory_gib(), 2),
    }


def run(quick: bool) -> dict[str, Any]:
    """The promised sizes, with loose and with tight manager capacity, two seeds each."""
    candidates, managers, chosen = (500, 5, 20) if quick else (20_000, 50, 200)
    rows = [
        measure(candidates, managers, chosen, tightness, seed)
        for tightness in ("loose", "tight")
        for seed in ((1,) if quick else (1, 2))
    ]
    slowest = {t: max(float(row["seconds"]) for row in rows if row["tightness"] == t) for t in ("loose", "tight")}
    return {
        "title": "Selection: the proven best set of accounts and who looks after each",
        "method": (
            f"Made-up utilities, hours, fits and limits from a seed; {candidates:,} candidates, {managers} managers, {chosen} "
            "chosen. Timed from the problem to the proven optimum (gap 0), one thread. Loose: managers have hours to spare; "
            "tight: hours are what binds."
        ),
        "rows": rows,
        "targets": [
            {"what": "seconds with loose capacity", "measured": slowest["loose"], "limit": 30},
            {"what": "seconds with tight capacity", "measured": slowest["tight"], "limit": 60},
            {"what": "gap of the worst run", "measured": max(float(row["gap"]) for row in rows), "limit": 0},
        ],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=20_000)
    parser.add_argument("--managers", type=int, default=50)
    parser.add_argument("--chosen", type=int, default=200)
    parser.add_argument("--tightness", choices=sorted(TIGHTNESS), default="tight")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print(json.dumps(measure(chosen.candidates, chosen.managers, chosen.chosen, chosen.tightness, chosen.seed)))
