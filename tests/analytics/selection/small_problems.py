"""Random small selections with every kind of limit, and their optimum by trying everything."""

from itertools import product

import numpy as np
from hypothesis import strategies as st

from openkam.analytics.selection.problem import Limit, Pair, Pin, SelectionProblem, Sense

ROOM = 1e-9


@st.composite
def small_problems(draw: st.DrawFn, most_accounts: int = 7, most_managers: int = 2) -> SelectionProblem:
    """Up to seven accounts, two managers; half-integer hours, tied utilities, floors, ratios, pairs and pins included."""
    seed = draw(st.integers(0, 2**32 - 1))
    managers = draw(st.integers(0, most_managers))
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, most_accounts + 1))
    step = rng.choice([0.01, 0.2])
    value = np.round(rng.uniform(0, 1, (n, 2)) / step) * step
    weight = np.array([0.6, 0.4])
    hours = np.round(rng.uniform(1, 9, n) * 2) / 2 if rng.random() < 0.7 else rng.uniform(1, 9, n)
    region = rng.integers(0, 2, n)
    sales = np.round(rng.uniform(1, 100, n))
    limits = [Limit("accounts", "Accounts", "accounts", Sense.AT_MOST, np.ones(n), float(rng.integers(1, n + 1)), 1.0)]
    if rng.random() < 0.6:
        limits.append(
            Limit(
                "hours", "Hours", "hours/year", Sense.AT_MOST, hours, float(rng.integers(4, 25)), 1.0, own_label="its own hours"
            )
        )
    if rng.random() < 0.5:
        limits.append(
            Limit("floor:west", "West", "accounts", Sense.AT_LEAST, (region == 1) * 1.0, float(rng.integers(0, 3)), 1.0)
        )
    if rng.random() < 0.5:
        limits.append(
            Limit(
                "cap:west",
                "West",
                "share of sales",
                Sense.AT_MOST,
                (region == 1) * sales,
                float(rng.choice([0.3, 0.5, 0.7])),
                0.05,
                sales,
            )
        )
    if rng.random() < 0.3:
        limits.append(
            Limit(
                "sales",
                "Sales",
                "currency/year",
                Sense.AT_LEAST,
                sales,
                float(rng.integers(1, 120)),
                1.0,
                own_label="its own sales",
            )
        )
    pairs = [Pair(int(a), int(b), "random") for a, b in (rng.choice(n, 2, replace=False) for _ in range(2))]
    pins = tuple(Pin(int(i), bool(rng.random() < 0.5), "random") for i in rng.choice(n, int(rng.integers(0, 2)), replace=False))
    fit = np.round(rng.uniform(0, 1, (n, managers)) * 4) / 4
    return SelectionProblem(
        accounts=tuple(f"A{i}" for i in rng.permutation(n)),
        utility=value @ weight,
        criteria=("one", "two"),
        weight=weight,
        value=value,
        hours=hours,
        limits=tuple(limits),
        managers=tuple(f"M{m}" for m in range(managers)),
        manager_hours=np.round(rng.uniform(3, 15, managers) * 2) / 2,
        fit=fit,
        conflicts=tuple(pairs[: int(rng.integers(0, 2))]),
        coherence=tuple(pairs[1 : 1 + int(rng.integers(0, 2))]),
        pins=pins,
    )


def is_allowed(problem: SelectionProblem, chosen: np.ndarray) -> bool:
    """Whether a mask of accounts keeps limits, pairs and pins."""
    for limit in problem.limits:
        left = float(limit.numerator[chosen].sum())
        right = limit.bound * (1.0 if limit.denominator is None else float(limit.denominator[chosen].sum()))
        over = left - right if limit.sense is Sense.AT_MOST else right - left
        if over > ROOM * 100:
            return False
    return (
        all(chosen[pin.account] == pin.is_in for pin in problem.pins)
        and all(not (chosen[pair.first] and chosen[pair.second]) for pair in problem.conflicts)
        and all(chosen[pair.second] or not chosen[pair.first] for pair in problem.coherence)
    )


def best_by_trying(problem: SelectionProblem, chosen_must: dict[int, bool] | None = None) -> float | None:
    """The optimum over every selection and every division among managers; None where there is none."""
    n, managers = len(problem.accounts), len(problem.managers)
    best: float | None = None
    for given in product(range(-1, max(managers, 1)), repeat=n):
        manager = np.array(given)
        chosen = manager >= 0
        if any(chosen[i] != wanted for i, wanted in (chosen_must or {}).items()) or not is_allowed(problem, chosen):
            continue
        worth = problem.utility[chosen]
        if managers:
            fit = problem.fit[np.flatnonzero(chosen), manager[chosen]]
            load = np.bincount(manager[chosen], problem.hours[chosen], minlength=managers)
            if (fit <= 0).any() or (load > problem.manager_hours + ROOM * 100).any():
                continue
            worth = worth * fit
        best = max(float(worth.sum()), -1.0 if best is None else best)
    return best
