"""Trying every selection that prices leave possible, where those are few enough: faster than a solver, and just as exact.

The losses of what a selection takes add up to at most the gap. So group by group (an account's managers, or a manager's
loads) every combination within the gap is kept, and dropped as soon as some row can no longer be kept whatever follows.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openkam.analytics.selection.model import Vector

Table = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
DUST = 1e-9
MOST_CELLS = 20_000_000


@dataclass(frozen=True, slots=True)
class Group:
    """Choices of which exactly one is taken: each with its loss, its worth and what it uses of every row (choices × rows)."""

    loss: Vector
    worth: Vector
    use: Table


def best_choices(
    groups: list[Group], upper: Vector, price: Vector, gap: float, most: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int32]] | None:
    """Every combination within the gap that keeps use ≤ upper: their worths (falling) and choices (combinations × groups).

    `price` is each row's price: what a row leaves unused costs that much too. None where there are more than `most` on the way.
    """
    sequence = sorted(
        range(len(groups)), key=lambda at: (-np.partition(groups[at].loss, 1)[1] if len(groups[at].loss) > 1 else 0.0, at)
    )
    least, greatest = np.zeros((len(groups) + 1, len(upper))), np.zeros((len(groups) + 1, len(upper)))
    for at in range(len(groups) - 1, -1, -1):
        use = groups[sequence[at]].use
        least[at] = least[at + 1] + use.min(axis=0)
        greatest[at] = greatest[at + 1] + use.max(axis=0)
    # A row that even the greatest use keeps, and that costs nothing unused, tells no combination from another.
    telling = np.flatnonzero((greatest[0] > upper + DUST) | (price > 0.0))
    priced = np.flatnonzero(price[telling] > 0.0)
    cost = price[telling][priced]
    room = upper[telling] + DUST - least[:, telling]
    reach = (upper - greatest)[:, telling][:, priced]
    loss, used = np.zeros(1), np.zeros((len(telling), 1))
    steps: list[tuple[Places, Places]] = []
    for at, position in enumerate(sequence):
        group = groups[position]
        by_loss = np.argsort(group.loss, kind="stable")
        within = np.searchsorted(group.loss[by_loss], gap - loss, side="right")
        if int(within.sum()) * len(upper) > MOST_CELLS:
            return None
        state = np.repeat(np.arange(len(loss)), within)
        choice = by_loss[np.arange(len(state)) - np.repeat(np.cumsum(within) - within, within)]
        # Rows × combinations: each row lies together, so that all are compared in one sweep.
        use = used.take(state, axis=1)
        use += np.ascontiguousarray(group.use[:, telling].T).take(choice, axis=1)
        loss = loss[state] + group.loss[choice]
        keeps = (use <= room[at + 1][:, None]).all(axis=0)
        if len(priced):
            keeps &= loss + cost @ np.maximum(reach[at + 1][:, None] - use[priced], 0.0) <= gap
        kept = np.flatnonzero(keeps)
        if len(kept) > most:
            return None
        loss, used = loss[kept], use.take(kept, axis=1)
        steps.append((state[kept], choice[kept]))
    chosen = np.empty((len(loss), len(groups)), dtype=np.int32)
    worth, state = np.zeros(len(loss)), np.arange(len(loss))
    for position, (before, choice) in zip(reversed(sequence), reversed(steps), strict=True):
        chosen[:, position], state = choice[state], before[state]
    for position in sequence:
        worth += groups[position].worth[chosen[:, position]]
    order = np.lexsort((*chosen.T[::-1], -worth))
    return worth[order], chosen[order]
