"""What one manager can carry: the best load by dynamic programming, and the sharper bound that follows.

A load is the set of accounts one manager looks after. Where hours are scarce the linear relaxation is weak, because it
splits accounts between managers. Pricing whole loads instead (Dantzig & Wolfe 1960) keeps every manager's hours exact: for
prices y ≥ 0 of the rows and π of the accounts (≥ 0 unless pinned in)

    L = y·b + Σ_i π_i + Σ_m K_m(H_m),   K_m(c) = max { Σ_{i∈S} gain_im : Σ_{i∈S} hours_i ≤ c },   gain_im = worth_im − Σ_r
    y_r a_ri − π_i

bounds the optimum. Hours are counted on a grid; where they are no whole multiples of its cell they are rounded down, so K
can only be too large and L stays a bound.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from openkam.analytics.selection.model import TOLERANCE, Indices, Model, Vector
from openkam.analytics.selection.relaxation import Bounds

FINEST_CELLS = 4_000
COARSE_CELLS = 1_000


@dataclass(frozen=True, slots=True)
class Grid:
    """Hours in whole cells: `weight` per account, `room` per manager."""

    weight: Indices
    room: Indices


@dataclass(frozen=True, slots=True)
class LoadPrices:
    """Prices of the scaled rows (≥ 0) and of each account (≥ 0 unless it is pinned in)."""

    rows: Vector
    accounts: Vector


@dataclass(frozen=True, slots=True)
class Load:
    """The accounts (canonical positions, rising) of one manager, and by how much they fall short of the manager's best under
    some prices."""

    manager: int
    accounts: tuple[int, ...]
    loss: float = field(default=0.0, compare=False)


def hours_grid(model: Model) -> Grid | None:
    """The grid of a model's hours; None where some manager's hours never run out."""
    if not np.isfinite(model.capacity).all():
        return None
    hours = model.hours * model.hours_scale
    room = (model.capacity - TOLERANCE) * model.hours_scale
    top = min(float(room.max(initial=0.0)), float(hours.sum()))
    cell = (
        1.0 if top <= FINEST_CELLS and np.allclose(hours, np.round(hours), atol=1e-9, rtol=0) else max(top, 1e-12) / COARSE_CELLS
    )
    slack = TOLERANCE * model.hours_scale / cell
    cells = np.floor(np.minimum(room, top) / cell + slack + 1e-9).astype(np.int64)
    return Grid(np.floor(hours / cell + 1e-9).astype(np.int64) if cell == 1.0 else np.floor(hours / cell).astype(np.int64), cells)


def load_gains(model: Model, prices: LoadPrices) -> npt.NDArray[np.float64]:
    """gain_im (n × M), −inf where a pair cannot be."""
    limits = len(model.limit_rows)
    price = prices.rows[:limits] @ model.limit_rows + prices.accounts
    if model.pair_count:
        price = price + prices.rows[limits:] @ model.pair_rows
    gain = model.worth - price[:, None]
    gain[model.barred] = -np.inf
    return gain


def _worthwhile(gain: Vector, weight: Indices, room: int) -> Indices:
    """Accounts that some best load may hold: a positive gain, and of one weight only as many as fit, the best first."""
    able = np.flatnonzero((gain > 0.0) & (weight <= room))
    order = able[np.lexsort((-gain[able], weight[able]))]
    heavy = weight[order]
    starts = np.flatnonzero(np.r_[True, heavy[1:] != heavy[:-1]]) if len(order) else np.zeros(0, dtype=np.int64)
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    return order[rank < room // np.maximum(heavy, 1)] if len(order) else order


def best_load(gain: Vector, weight: Indices, room: int, *, with_accounts: bool) -> tuple[Vector, tuple[int, ...]]:
    """K(c) for c = 0 … room, and the accounts of a best load at `room` if asked for. A weightless account is always worth
    its gain."""
    items = _worthwhile(gain, np.maximum(weight, 0), room)
    table = np.zeros(room + 1)
    taken: list[npt.NDArray[np.bool_]] = []
    for item in items:
        w, g = int(weight[item]), gain[item]
        better = table[: room + 1 - w] + g
        if with_accounts:
            taken.append(better > table[w:])
        np.maximum(table[w:], better, out=table[w:])
    accounts: list[int] = []
    left = room
    for at in range(len(taken) - 1, -1, -1):
        w = int(weight[items[at]])
        if left >= w and taken[at][left - w]:
            accounts.append(int(items[at]))
            left -= w
    return table, tuple(sorted(accounts))


def price_loads(model: Model, grid: Grid, prices: LoadPrices) -> Bounds:
    """Bound and losses under some prices; an account is best taken where its own price is positive."""
    gain = load_gains(model, prices)
    loss = np.full(gain.shape, np.inf)
    bound = float(prices.rows @ model.bounds + prices.accounts.sum())
    for manager, room in enumerate(grid.room):
        table, _ = best_load(gain[:, manager], grid.weight, int(room), with_accounts=False)
        bound += float(table[-1])
        fits = np.flatnonzero((grid.weight <= room) & np.isfinite(gain[:, manager]))
        loss[fits, manager] = table[-1] - gain[fits, manager] - table[room - grid.weight[fits]]
    return Bounds(bound, prices.accounts, loss)


def loads_within(model: Model, grid: Grid, prices: LoadPrices, columns: Indices, *, gap: float, most: int) -> list[Load] | None:
    """Every load of these columns that falls short of its manager's best by no more than `gap`; None where they are more
    than `most`.

    A selection worth at least L − gap consists of such loads only (the empty load included).
    """
    gain = load_gains(model, prices)
    accounts, managers = np.divmod(columns, model.manager_count)
    found: list[Load] = []
    for manager, room in enumerate(grid.room):
        best = best_load(gain[:, manager], grid.weight, int(room), with_accounts=False)[0][-1]
        items = accounts[managers == manager]
        loads = _near_best(gain[items, manager], grid.weight[items], int(room), float(best) - gap - 1e-12, most - len(found))
        if loads is None:
            return None
        for load in loads:
            members = items[load]
            if model.hours[members].sum() <= model.capacity[manager] + TOLERANCE:
                found.append(Load(manager, tuple(members.tolist()), float(best - gain[members, manager].sum())))
    return found


def _near_best(gain: Vector, weight: Indices, room: int, least: float, most: int) -> list[Indices] | None:
    """Sets of items of at least a gain that fit the room: item by item, dropping what can no longer reach it."""
    count = len(gain)
    rest = np.zeros((count + 1, room + 1))
    for t in range(count - 1, -1, -1):
        rest[t] = rest[t + 1]
        w = int(weight[t])
        if w <= room:
            np.maximum(rest[t][w:], rest[t + 1][: room + 1 - w] + gain[t], out=rest[t][w:])
    left, value, tail = np.array([room]), np.zeros(1), np.array([-1])
    if rest[0][room] < least:
        return []
    links: list[tuple[Indices, int]] = []
    size = 0
    for t in range(count):
        w = int(weight[t])
        fits = left >= w
        reach = np.full(len(left), -np.inf)
        reach[fits] = value[fits] + gain[t] + rest[t + 1][left[fits] - w]
        takes = reach >= least
        skips = value + rest[t + 1][left] >= least
        parents = tail[takes]
        links.append((parents, t))
        tail = np.concatenate([tail[skips], size + np.arange(len(parents))])
        size += len(parents)
        value = np.concatenate([value[skips], value[takes] + gain[t]])
        left = np.concatenate([left[skips], left[takes] - w])
        if len(left) > most:
            return None
    parent = np.concatenate([link[0] for link in links]) if links else np.zeros(0, dtype=np.int64)
    item = np.concatenate([np.full(len(link[0]), link[1]) for link in links]) if links else np.zeros(0, dtype=np.int64)
    sets: list[Indices] = []
    for end in tail:
        members: list[int] = []
        at = int(end)
        while at >= 0:
            members.append(int(item[at]))
            at = int(parent[at])
        sets.append(np.array(members[::-1], dtype=np.int64))
    return sets
