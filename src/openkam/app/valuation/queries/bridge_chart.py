"""The way from a year before to this period, drawn as a staircase."""

from collections.abc import Sequence
from typing import Any

from openkam.analytics.worth.bridge_columns import BridgeStair
from openkam.app.ui.templatetags.charts import Chart, amount_axis, framed, number
from openkam.app.ui.templatetags.ui import amount

ROOM_FOR_WORDS = 0.3
"""How far the axis runs beyond the longest bar, of the whole span: the figure at its end must have room on a phone too."""
RISE, FALL, LEVEL = "more", "less", "sum"


def bridge_chart(stairs: Sequence[BridgeStair], currency: str) -> Chart:
    """Sums at both ends dark, parts between them by what they add or take away."""
    values = [_value(stair) for stair in stairs]
    top = max(value["top"] for value in values)
    bottom = min(0.0, *(value["low"] for value in values))
    y = {"field": "label", "type": "nominal", "sort": [stair.label for stair in stairs], "title": None}
    x: dict[str, Any] = {
        "field": "end",
        "type": "quantitative",
        "title": None,
        "axis": amount_axis(top, bottom),
        "scale": {"domainMax": top + ROOM_FOR_WORDS * ((top - bottom) or 1), "nice": False},
    }
    bars = {"y": y, "x": {**x, "field": "start"}, "x2": {"field": "end"}}
    layers: list[dict[str, Any]] = [
        {"transform": [{"filter": f"datum.kind === '{LEVEL}'"}], "mark": {"type": "bar"}, "encoding": bars}
    ]
    # The chart library complains of a layer with nothing to draw.
    for kind, style in ((RISE, "comparison"), (FALL, "losing")):
        if any(value["kind"] == kind for value in values):
            layers.append(
                {
                    "transform": [{"filter": f"datum.kind === '{kind}'"}],
                    "mark": {"type": "bar", "style": style, "opacity": 0.6, "cornerRadiusEnd": 0},
                    "encoding": bars,
                }
            )
    layers.append(
        {
            "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": 600},
            "encoding": {"y": y, "x": {**x, "field": "top"}, "text": {"field": "text"}},
        }
    )
    return Chart(
        spec=framed(data={"values": values}, layer=layers),
        text="; ".join(f"{stair.label} {_signed(stair)}" for stair in stairs) + f" {currency}. The parts sum exactly.",
        columns=("Part", currency, "So far"),
        rows=[(stair.label, amount(stair.amount), amount(stair.end)) for stair in stairs],
        note="every part of the change",
    )


def _value(stair: BridgeStair) -> dict[str, Any]:
    start, end = float(stair.start), float(stair.end)
    kind = LEVEL if stair.is_level else RISE if stair.amount > 0 else FALL
    return {
        "label": stair.label,
        "start": start,
        "end": end,
        "top": max(start, end, 0.0),
        "low": min(start, end),
        "text": _signed(stair),
        "kind": kind,
    }


def _signed(stair: BridgeStair) -> str:
    text = number(float(stair.amount))
    return f"+{text}" if stair.amount > 0 and not stair.is_level else text
