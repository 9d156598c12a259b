"""The matrix: every account on two measured axes, told apart by how it stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from openkam.analytics.report.portfolio import axis_range
from openkam.app.cockpit.queries.portfolio import Spot
from openkam.app.cockpit.terms import Axes, Standing
from openkam.app.ui.templatetags.charts import Chart, framed, percent_axis
from openkam.app.ui.templatetags.ui import amount, fixed, share, signed_share

LABELLED = 4
NAME_WIDTH, NAME_HEIGHT = 0.42, 0.08
"""The room of a name, as shares of the frame."""
"""Spots that bear their name: the largest of those that stand for something."""
SERIES = (Standing.STRATEGIC, None, Standing.KEY, Standing.PROPOSED, Standing.PROSPECTIVE, Standing.OTHER)
"""The standings in the order of the theme's colours; graphite, the second, stays free for comparisons."""


SHAPES = ("circle", "cross", "circle", "diamond", "square", "circle")


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: what it says, where a spot stands on it, and how a figure of it is written in the table and on the chart."""

    title: str
    of: Callable[[Spot], float | None]
    write: Callable[[object], object]
    format: str

    @property
    def labels(self) -> dict[str, Any]:
        """How the chart writes the figures along it."""
        return percent_axis(signed=self.format.startswith("+")) if self.format.endswith("%") else {"format": self.format}


SALES = Axis("net sales", lambda spot: spot.place.net_sales, amount, "~s")
CONTRIBUTION = Axis("contribution", lambda spot: spot.place.contribution, amount, "~s")
GROWTH = Axis("growth of net sales a year", lambda spot: spot.place.growth_per_year, signed_share, "+.0%")
MARGIN = Axis("contribution of sales", lambda spot: spot.place.margin_share, share, ".0%")
HOURS = Axis("hours a year", lambda spot: spot.hours, amount, "~s")
UTILITY = Axis("utility", lambda spot: spot.utility, lambda value: fixed(value, 3), ".1f")
PAIRS = {
    Axes.GROWTH: (GROWTH, MARGIN, SALES),
    Axes.SALES: (SALES, CONTRIBUTION, MARGIN),
    Axes.HOURS: (HOURS, UTILITY, CONTRIBUTION),
}
"""By choice the axis across, the axis up, and what the area shows."""


def matrix_chart(axes: Axes, spots: Sequence[Spot]) -> Chart | None:
    """The matrix of the spots that have both figures; None where none has."""
    across, up, area = PAIRS[axes]
    known = [spot for spot in spots if across.of(spot) is not None and up.of(spot) is not None]
    scales = [_scale(axis, known) for axis in (across, up)]
    if not known:
        return None
    present = [standing for standing in Standing if any(spot.standing == standing for spot in known)]
    where = {
        name: {"field": name, "type": "quantitative", "title": axis.title, "scale": scale, "axis": axis.labels}
        for name, axis, scale in zip(("x", "y"), (across, up), scales, strict=True)
    }
    named = _apart([spot for spot in known if spot.standing != Standing.OTHER], (across, up), scales)
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "point", "clip": True}, "encoding": where | _looks(present, across, up, area)},
        {
            "data": {"values": [_point(spot, across, up, area) for spot in named]},
            "mark": {"type": "text", "align": "left", "dx": 13, "limit": 120, "style": "quiet"},
            "encoding": where | {"text": {"field": "name"}},
        },
    ]
    if axes == Axes.GROWTH:
        layers.insert(0, {"data": {"values": [{"x": 0}]}, "mark": "rule", "encoding": {"x": where["x"]}})
    shown = (across, up, area)
    outside = sum(
        not all(_is_within(axis, scale, spot) for axis, scale in zip((across, up), scales, strict=True)) for spot in known
    )
    return Chart(
        spec=framed(
            data={"values": [_point(spot, *shown) for spot in sorted(known, key=lambda spot: spot.standing != Standing.OTHER)]},
            layer=layers,
        ),
        text=f"{len(known)} accounts, {across.title} across, {up.title} up: "
        + ", ".join(f"{sum(spot.standing == one for spot in known)} {one.label.lower()}" for one in present),
        columns=("Account", "Standing", *(axis.title.capitalize() for axis in shown)),
        rows=[(_link(spot), spot.standing.label, *(axis.write(axis.of(spot)) for axis in shown)) for spot in known],
        note=_note(area, outside),
    )


def _scale(axis: Axis, spots: Sequence[Spot]) -> dict[str, Any]:
    """What stands for something is always within the frame."""
    seen = [axis.of(spot) for spot in spots]
    span = axis_range(seen, [value for spot, value in zip(spots, seen, strict=True) if spot.standing != Standing.OTHER])
    return {"domain": list(span), "nice": False, "zero": False} if span else {}


def _apart(spots: Sequence[Spot], axes: Sequence[Axis], scales: Sequence[dict[str, Any]]) -> list[Spot]:
    """The first spots whose names would not lie on each other, nor run out of the frame."""
    named: dict[int, tuple[float, float]] = {}
    for position, spot in enumerate(spots):
        x, y = (_fraction(axis, scale, spot) for axis, scale in zip(axes, scales, strict=True))
        is_free = all(abs(y - other) > NAME_HEIGHT or abs(x - beside) > NAME_WIDTH for beside, other in named.values())
        if x < 1 - NAME_WIDTH and is_free and len(named) < LABELLED:
            named[position] = (x, y)
    return [spots[position] for position in named]


def _fraction(axis: Axis, scale: dict[str, Any], spot: Spot) -> float:
    low, high = scale["domain"]
    return ((axis.of(spot) or 0.0) - low) / (high - low)


def _is_within(axis: Axis, scale: dict[str, Any], spot: Spot) -> bool:
    value, (low, high) = axis.of(spot), scale["domain"]
    return value is not None and low <= value <= high


def _note(area: Axis, outside: int) -> str:
    words = f"area: {area.title}"
    return f"{words}; {outside} further out, in the table" if outside else words


def _point(spot: Spot, across: Axis, up: Axis, area: Axis) -> dict[str, Any]:
    name = spot.account.name if spot.account else spot.place.name
    return {
        "x": across.of(spot),
        "y": up.of(spot),
        "area": max(area.of(spot) or 0.0, 0.0),
        "name": name,
        "standing": spot.standing.label,
    }


def _looks(present: Sequence[Standing], across: Axis, up: Axis, area: Axis) -> dict[str, Any]:
    """Colour and shape by standing, area by the third figure, and what pointing at a spot says."""
    domain = [one.label if one else "" for one in SERIES]
    legend = {"values": [one.label for one in present], "columns": 3}
    tips = [("name", "Account", None), ("standing", "Standing", None)]
    tips += [
        (field, axis.title.capitalize(), axis.format) for field, axis in zip(("x", "y", "area"), (across, up, area), strict=True)
    ]
    return {
        "color": {"field": "standing", "type": "nominal", "scale": {"domain": domain}, "legend": legend},
        "shape": {"field": "standing", "type": "nominal", "scale": {"domain": domain, "range": SHAPES}, "legend": legend},
        "size": {"field": "area", "type": "quantitative", "scale": {"range": [24, 420]}, "legend": None},
        "tooltip": [{"field": field, "title": title} | ({"format": form} if form else {}) for field, title, form in tips],
    }


def _link(spot: Spot) -> SafeString | str:
    if spot.account is None:
        return spot.place.name
    return format_html('<a class="name" href="{}">{}</a>', reverse("cockpit:account", args=[spot.account.pk]), spot.account.name)
