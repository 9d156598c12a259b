"""What keeps an account out, in words and units."""

from math import fsum

import numpy as np

from openkam.analytics.selection.displacement import Case
from openkam.analytics.selection.words import amount, limit_words, lower, number, used_of, used_words


def broken_limits(case: Case, account: int) -> list[int]:
    """Limits (rows of the model) that the selection would break if the account simply joined it."""
    model = case.model
    with_it = np.append(case.chosen, account)
    return [row for row in range(len(model.limit_rows)) if fsum(model.limit_rows[row, with_it].tolist()) > model.bounds[row]]


def free_hours(case: Case) -> np.ndarray:
    """Hours that each manager (of the model) has left."""
    accounts, managers = np.divmod(case.columns, case.model.manager_count)
    used = np.bincount(managers, case.model.hours[accounts], minlength=case.model.manager_count)
    return (case.model.capacity - used) * case.model.hours_scale


def full_managers(case: Case, account: int) -> list[int]:
    """Managers (of the model) who fit the account, where none of them has the hours for it; else none."""
    if not case.model.has_managers:
        return []
    able = np.flatnonzero(np.isfinite(case.model.worth[account]))
    need = case.model.hours[account] * case.model.hours_scale
    if not len(able) or (free_hours(case)[able] >= need).any():
        return []
    return able[np.argsort(-case.model.worth[account, able], kind="stable")].tolist()


def binding_names(case: Case, account: int) -> tuple[str, ...]:
    """Names of the limits that keep the account from simply joining, and of the manager who fits it best where hours do."""
    names = [case.problem.limits[case.model.limit_order[row]].name for row in broken_limits(case, account)]
    managers = full_managers(case, account)
    if managers:
        names.append(f"manager:{case.problem.managers[case.model.manager_order[managers[0]]]}")
    return tuple(names)


def pair_words(case: Case, account: int) -> list[str]:
    """Pairs that keep the account from joining: a chosen account it excludes, a missing one it depends on."""
    position = int(case.model.order[account])
    chosen = {int(case.model.order[i]) for i in case.chosen}
    name = case.problem.accounts
    words: list[str] = []
    for pair in case.problem.conflicts:
        other = pair.second if pair.first == position else pair.first
        if position in {pair.first, pair.second} and other in chosen:
            words.append(f"it excludes {name[other]}, which is in ({pair.reason})")
    for pair in case.problem.coherence:
        if pair.first == position and pair.second not in chosen:
            words.append(f"it goes only with {name[pair.second]}, which is out ({pair.reason})")
    return words


def alone_words(case: Case, account: int) -> list[str]:
    """Limits that the account exceeds all by itself, whatever else is chosen."""
    model = case.model
    least = np.minimum(model.limit_rows, 0.0).sum(axis=1) - np.minimum(model.limit_rows[:, account], 0.0)
    words: list[str] = []
    for row in np.flatnonzero(model.limit_rows[:, account] + least > model.bounds[: len(least)]):
        limit = case.problem.limits[int(model.limit_order[row])]
        words.append(f"its {amount(float(limit.numerator[model.order[account]]), limit.unit)} alone exceed {limit_words(limit)}")
    return words


def binding_words(case: Case, account: int, displaced: tuple[int, ...]) -> str:
    """Why the account is out: pairs, then limits and hours with what is used of them; or that its utility is lower."""
    pairs = pair_words(case, account)
    rows = broken_limits(case, account)
    used = [_used_words(case, row) for row in rows] + _manager_words(case, account)
    labels = [lower(case.problem.limits[int(case.model.limit_order[row])].label) for row in rows]
    if full_managers(case, account):
        labels.append("manager hours")
    if pairs:
        return "out because " + " and ".join(pairs)
    utility = case.problem.utility
    position = int(case.model.order[account])
    if not used:
        return f"out because it adds nothing: its utility is {number(float(utility[position]))}"
    beaten = [other for other in displaced if utility[other] < utility[position]]
    if displaced and not beaten:
        least = min(float(utility[other]) for other in displaced)
        own, other = _told_apart(float(utility[position]), least)
        against = f"utility {own} against {other} of what it would displace"
        return f"out on merit: {against}; {' and '.join(used)}"
    return f"out because of {_listed(labels)}, not merit: {' and '.join(used)}"


def _told_apart(one: float, other: float) -> tuple[str, str]:
    """Two utilities with three decimals, or with as many as show which is greater."""
    for decimals in range(3, 10):
        words = f"{one:.{decimals}f}", f"{other:.{decimals}f}"
        if words[0] != words[1]:
            return words
    return f"{one:.3f}", f"{other:.3f}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _used_words(case: Case, row: int) -> str:
    limit = case.problem.limits[int(case.model.limit_order[row])]
    return used_words(limit, used_of(limit, case.model.order[case.chosen]))


def _manager_words(case: Case, account: int) -> list[str]:
    managers = full_managers(case, account)
    if not managers:
        return []
    free = free_hours(case)
    need = amount(float(case.model.hours[account] * case.model.hours_scale), "hours")
    name = case.problem.managers[case.model.manager_order[managers[0]]]
    left = amount(max(0.0, round(float(free[managers[0]]), 6)), "hours")
    who = (
        f"{name}, who fits best, has {left} left"
        if len(managers) == 1
        else f"no manager who fits it has the hours left ({name}: {left})"
    )
    return [f"it needs {need} and {who}"]
