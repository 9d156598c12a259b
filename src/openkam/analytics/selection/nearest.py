"""The accounts left out that would cost least to force in, proven to be the nearest."""

from bisect import insort
from dataclasses import dataclass

import numpy as np

from openkam.analytics.selection.displacement import Case, entry_start, force_in, least_losses
from openkam.analytics.selection.model import Indices
from openkam.analytics.selection.search import SAME_VALUE


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One account left out (canonical position), the best selection that takes it, and how much less that is worth.

    Without such a selection `columns` is None and `regret` infinite.
    """

    account: int
    columns: Indices | None
    regret: float


def exclusion(case: Case, account: int) -> Exclusion:
    """The exact regret of forcing an account in."""
    return exclusion_within(case, account, -np.inf) or Exclusion(account, None, np.inf)


def exclusion_within(case: Case, account: int, floor: float) -> Exclusion | None:
    """The same, or None where no selection with the account is worth the floor."""
    found = force_in(case, case.model, account, start=entry_start(case, case.model, account), floor=floor)
    return None if found is None else Exclusion(account, found.columns, max(0.0, case.value - found.value))


def nearest_exclusions(case: Case, nearest: int) -> list[Exclusion]:
    """The `nearest` smallest regrets among the accounts that are neither in nor pinned out, smallest first, ties by utility
    and name.

    The prices bound every account's regret from below (its loss less the gap), so the search may stop at the first account
    whose bound exceeds the regrets found. Accounts that no selection can contain come last.
    """
    chosen = np.zeros(case.model.account_count, dtype=bool)
    chosen[case.chosen] = True
    outside = np.flatnonzero(~chosen & ~case.model.barred)
    at_least = np.maximum(least_losses(case.bounds)[outside] - (case.bounds.bound - case.value), 0.0)
    order = np.lexsort((outside, at_least))
    worst = _known_worst(case, outside[order[np.isfinite(at_least[order])]], nearest)
    found: list[tuple[float, int, Exclusion]] = []
    impossible: list[Exclusion] = []
    for done, at in enumerate(order):
        worst = min(worst, found[nearest - 1][0]) if len(found) >= nearest else worst
        if at_least[at] > worst + SAME_VALUE:
            break
        if not np.isfinite(at_least[at]):
            impossible.append(Exclusion(int(outside[at]), None, np.inf))
            continue
        case.watch.tell("pricing the accounts left out", min(1.0, 0.3 + 0.3 * done / (3 * nearest)))
        item = exclusion_within(case, int(outside[at]), case.value - worst - SAME_VALUE)
        if item is not None:
            insort(found, (item.regret, item.account, item), key=lambda entry: entry[:2])
        elif not np.isfinite(worst):
            impossible.append(Exclusion(int(outside[at]), None, np.inf))
    ranked = [item for _, _, item in found[:nearest]]
    return ranked + sorted(impossible, key=lambda item: item.account)[: nearest - len(ranked)]


def _known_worst(case: Case, accounts: Indices, nearest: int) -> float:
    """A regret that the `nearest` smallest do not exceed: the worst of as many selections found by simple exchange; else
    infinite."""
    regrets: list[float] = []
    for account in accounts[: 3 * nearest]:
        start = entry_start(case, case.model, int(account))
        if start is not None:
            regrets.append(case.value - case.model.value(start))
    return sorted(regrets)[nearest - 1] if len(regrets) >= nearest else np.inf
