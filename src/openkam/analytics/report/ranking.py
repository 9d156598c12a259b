"""Who is in and who is nearly in, by utility, with the make-up of the utility and the price of deciding otherwise."""

import math
from dataclasses import dataclass

import numpy as np

from openkam.analytics.report.account_columns import account_names, flags, numbers, rows_by_problem_index, texts
from openkam.analytics.review.review import CriterionNote, Review
from openkam.analytics.selection.problem import Pin, WhyIn, WhyOut

NEAR_TIE_PERCENT = 0.25
"""A decision is close when deciding otherwise costs less than this, in percent of the whole selection's utility."""
SHOWN_OUT = 20
SERIES = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion's share in an account's utility: weight · value."""

    label: str
    series: int
    value: float
    weight: float

    @property
    def utility(self) -> float:
        """What the criterion adds to the utility."""
        return self.value * self.weight


@dataclass(frozen=True, slots=True)
class Ranked:
    """One account of the ranking. `reversal_percent` is what deciding otherwise would cost.

    It is None where nothing else is possible, and where the account was not examined (`is_examined` tells which).
    """

    row: int
    account: str
    name: str
    rank: int | None
    utility: float
    parts: tuple[Part, ...]
    is_selected: bool
    is_new: bool
    manager: str
    hours: float | None
    region: str
    pin_reason: str
    is_pinned_in: bool
    reversal_percent: float | None
    is_examined: bool

    @property
    def is_near_tie(self) -> bool:
        """True where the opposite decision costs less than `NEAR_TIE_PERCENT` and nobody has fixed it."""
        return not self.pin_reason and self.reversal_percent is not None and self.reversal_percent < NEAR_TIE_PERCENT


@dataclass(frozen=True, slots=True)
class Ranking:
    """`chosen` and the nearest `left_out`, each by falling utility; `longest` is the highest utility shown."""

    chosen: tuple[Ranked, ...]
    left_out: tuple[Ranked, ...]

    @property
    def longest(self) -> float:
        """The highest utility shown, at least a hair above zero."""
        return max([r.utility for r in (*self.chosen, *self.left_out)] + [1e-9])

    @property
    def near_ties(self) -> tuple[Ranked, ...]:
        """Decisions that are close, the closest first."""
        close = [r for r in (*self.chosen, *self.left_out) if r.is_near_tie]
        return tuple(sorted(close, key=lambda r: (r.reversal_percent or 0.0, r.account)))


def series_of(criteria: tuple[CriterionNote, ...]) -> dict[str, int]:
    """Colour series (1 to 6) of each criterion: by falling weight; beyond five the rest share the last one."""
    by_weight = sorted(criteria, key=lambda c: (-c.weight, c.name))
    return {c.name: min(place, SERIES) for place, c in enumerate(by_weight, start=1)}


def ranking(review: Review) -> Ranking:
    """The chosen accounts and the nearest left out: those with an explanation first, filled up by utility."""
    reversals = _reversals(review)
    rows = rows_by_problem_index(review)
    pins = {rows[pin.account]: pin for pin in review.problem.pins if pin.account in rows}
    selected = flags(review.accounts, "is_selected")
    candidates = flags(review.accounts, "is_candidate")
    utility = numbers(review.accounts, "utility")
    chosen = [int(row) for row in np.flatnonzero(selected)]
    explained = [rows[why.account] for why in review.explanations.why_out if why.account in rows]
    others = [int(row) for row in np.flatnonzero(candidates & ~selected) if int(row) not in set(explained)]
    others.sort(key=lambda row: (-utility[row], row))
    left_out = [*explained, *others][:SHOWN_OUT] if len(explained) < SHOWN_OUT else explained
    examined = {rows[why.account] for why in (*review.explanations.why_in, *review.explanations.why_out) if why.account in rows}
    read = _Reader(review, pins, reversals, examined)
    return Ranking(
        chosen=tuple(read(row) for row in sorted(chosen, key=lambda row: (-utility[row], row))),
        left_out=tuple(read(row) for row in sorted(left_out, key=lambda row: (-utility[row], row))),
    )


def _reversals(review: Review) -> dict[int, float]:
    rows = rows_by_problem_index(review)
    prices = [(why, _price(why)) for why in (*review.explanations.why_in, *review.explanations.why_out)]
    return {rows[why.account]: price for why, price in prices if price is not None and why.account in rows}


def _price(why: WhyIn | WhyOut) -> float | None:
    price = why.loss_percent if isinstance(why, WhyIn) else why.regret_percent
    return price if price is not None and math.isfinite(price) else None


class _Reader:
    """Reads single rows of the table of accounts as `Ranked`."""

    def __init__(self, review: Review, pins: dict[int, Pin], reversals: dict[int, float], examined: set[int]) -> None:
        self._pins, self._reversals, self._examined = pins, reversals, examined
        accounts = review.accounts
        self._keys, self._names = texts(accounts, "account"), account_names(review)
        self._managers, self._regions = texts(accounts, "manager"), texts(accounts, "region")
        self._utility, self._rank, self._hours = (numbers(accounts, name) for name in ("utility", "rank", "hours"))
        self._selected, self._prospect = flags(accounts, "is_selected"), flags(accounts, "is_prospect")
        series = series_of(review.criteria)
        ordered = sorted(review.criteria, key=lambda c: (series[c.name], -c.weight, c.name))
        self._values = [(c, series[c.name], numbers(accounts, f"value_{c.name}")) for c in ordered]

    def __call__(self, row: int) -> Ranked:
        pin = self._pins.get(row)
        hours, rank = self._hours[row], self._rank[row]
        return Ranked(
            row=row,
            account=self._keys[row],
            name=self._names[row],
            rank=None if math.isnan(rank) else int(rank),
            utility=float(np.nan_to_num(self._utility[row])),
            parts=tuple(Part(c.label, place, float(np.nan_to_num(value[row])), c.weight) for c, place, value in self._values),
            is_selected=bool(self._selected[row]),
            is_new=bool(self._prospect[row]),
            manager=self._managers[row],
            hours=None if math.isnan(hours) else float(hours),
            region=self._regions[row],
            pin_reason=pin.reason if pin else "",
            is_pinned_in=bool(pin and pin.is_in),
            reversal_percent=self._reversals.get(row),
            is_examined=row in self._examined,
        )
