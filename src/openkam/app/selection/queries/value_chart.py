"""A value function as a picture drawn on the server, the accounts of the latest round behind it, and what both say in words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from openkam.analytics.selection.criteria import Points, Shape, Vector, fault_of_points, shape_of
from openkam.analytics.selection.level_spread import LevelSpread, spread_levels
from openkam.app.ui.templatetags.figures import as_decimal, short_text

TICKS_WANTED = 5
TALLEST_BAR = 62.0
"""The tallest bar, percent of the height: the function stands before the bars and must stay readable."""
SHAPE_WORDS = {
    Shape.RISING: "Rising: more is better",
    Shape.FALLING: "Falling: less is better",
    Shape.PEAKED: "Peaked: best in the middle",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """Accounts of one bin; left, width, top and height in percent of the picture."""

    x: str
    width: str
    y: str
    height: str
    count: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A level on the axis; `anchor` keeps the first and last inside the picture."""

    x: str
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ValueChart:
    """Everything that the picture and its table show; all places are percent of the picture's width and height."""

    points: Points
    shape: str
    worst: str
    best: str
    lines: tuple[tuple[str, str, str, str], ...]
    dots: tuple[tuple[str, str, str], ...]
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    middle: str
    spread: LevelSpread | None
    text: str

    @property
    def trace(self) -> str:
        """The function as a line in a box of 100 by 30, for a small picture."""
        low, high = self.points[0][0], self.points[-1][0]
        return " ".join(f"{2 + 96 * (x - low) / (high - low):.1f},{28 - 26 * v:.1f}" for x, v in self.points)


def shape_named(name: str) -> Shape | None:
    """The shape of that name; None for any other word."""
    return Shape(name) if name in tuple(Shape) else None


def points_fault(points: Points) -> str:
    """What is wrong with points, as a sentence; empty where nothing is."""
    fault = fault_of_points(points)
    return f"{fault[0].upper()}{fault[1:]}." if fault else ""


def value_chart(points: Points, levels: Vector | None) -> ValueChart:
    """The picture of faultless points, over the levels where they are known."""
    spread = spread_levels(points, levels) if levels is not None else None
    margin = (points[-1][0] - points[0][0]) * 0.06
    low, high = (spread.low, spread.high) if spread else (points[0][0] - margin, points[-1][0] + margin)

    def across(level: float) -> str:
        return f"{100 * (level - low) / (high - low):.2f}%"

    outline = [(low, points[0][1]), *points, (high, points[-1][1])]
    shape = shape_of(points)
    middle = next((level for share, level, _ in spread.quantiles if share == 0.5), None) if spread else None
    return ValueChart(
        points=points,
        shape=SHAPE_WORDS[shape],
        worst=_where(points, min(v for _, v in points)),
        best=_where(points, max(v for _, v in points)),
        lines=tuple((across(x1), _down(y1), across(x2), _down(y2)) for (x1, y1), (x2, y2) in pairwise(outline)),
        dots=tuple((across(x), _down(v), f"{_figure(x)} → {v:.3g}") for x, v in points),
        ticks=tuple(_tick(level, low, high, across(level)) for level in nice_levels(low, high)),
        bars=_bars(spread) if spread else (),
        middle=across(middle) if middle is not None and low <= middle <= high else "",
        spread=spread,
        text=_words(points, shape, spread),
    )


def nice_levels(low: float, high: float) -> list[float]:
    """Round levels between two, about five of them."""
    rough = (high - low) / TICKS_WANTED
    size = 10.0 ** math.floor(math.log10(rough))
    step = size * next(factor for factor in (1, 2, 2.5, 5, 10) if factor * size >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round(number * step, 12) for number in range(first, math.floor(high / step + 1e-9) + 1)]


def _tick(level: float, low: float, high: float, x: str) -> Tick:
    place = (level - low) / (high - low)
    return Tick(x, _figure(level), "start" if place < 0.04 else "end" if place > 0.96 else "middle")


def _bars(spread: LevelSpread) -> tuple[Bar, ...]:
    tallest, width = max(spread.counts, default=0), 100 / len(spread.counts)
    return tuple(
        Bar(f"{position * width + 0.2:.2f}%", f"{width - 0.4:.2f}%", f"{100 - height:.2f}%", f"{height:.2f}%", count)
        for position, count in enumerate(spread.counts)
        if count and (height := max(TALLEST_BAR * count / tallest, 1.5))
    )


def _where(points: Points, value: float) -> str:
    """The levels that have a value: `up to 100`, `from 100 on`, `at 50`, `40 to 60`."""
    levels = [x for x, v in points if v == value]
    starts, ends = levels[0] == points[0][0], levels[-1] == points[-1][0]
    if starts and ends:
        return f"up to {_figure(points[0][0])} and from {_figure(points[-1][0])} on"
    if starts:
        return f"up to {_figure(levels[-1])}"
    if ends:
        return f"from {_figure(levels[0])} on"
    return f"at {_figure(levels[0])}" if len(levels) == 1 else f"{_figure(levels[0])} to {_figure(levels[-1])}"


def _words(points: Points, shape: Shape, spread: LevelSpread | None) -> str:
    told = f"{SHAPE_WORDS[shape]}; {', '.join(f'{_figure(x)} gives {v:.3g}' for x, v in points)}."
    if spread is None or spread.mean_value is None:
        return told
    return f"{told} {spread.known} accounts have a level; on average they get {spread.mean_value:.2f}."


def _down(value: float) -> str:
    return f"{100 * (1 - value):.2f}%"


def _figure(level: float) -> str:
    known = as_decimal(level)
    return short_text(known) if known is not None and abs(level) >= 100_000 else f"{level:,.6g}".replace("-", "−")


def rows_of(spread: LevelSpread | None) -> Sequence[tuple[str, float, float]]:
    """The table beside the picture: at most so many of the accounts, their level, their value."""
    names = {0.05: "lowest 5 %", 0.25: "lowest quarter", 0.5: "half", 0.75: "three quarters", 0.95: "all but the top 5 %"}
    return [(names[share], level, value) for share, level, value in spread.quantiles] if spread else []
