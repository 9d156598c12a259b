"""The margin ladder of one account, drawn as a staircase with the middle of its segment beside it."""

from collections.abc import Sequence
from typing import Any

from openkam.analytics.worth.ladder_stairs import Stair
from openkam.app.ui.templatetags.charts import Chart, amount_axis, framed, number
from openkam.app.ui.templatetags.ui import amount, share

ROOM_FOR_WORDS = 0.45
"""How far the axis runs beyond the longest bar, of the whole span: the figure at its end must have room on a phone too."""
SMALLEST = 0.005


def ladder_chart(stairs: Sequence[Stair], currency: str, *, middle_of: str, sources: Sequence[str]) -> Chart | None:
    """Rungs dark, steps pale, a tick where the middle of the segment would stand; None where nothing of it is known.

    What is not known or nothing is in the table only. `sources` say of each stair where its amount comes from.
    """
    drawn = [stair for stair in stairs if stair.amount is not None and (stair.is_rung or abs(stair.amount) >= SMALLEST)]
    if not any(stair.amount for stair in drawn):
        return None
    return Chart(
        spec=framed(data={"values": [_value(stair) for stair in drawn]}, layer=_layers(drawn, currency, middle_of)),
        text="; ".join(f"{stair.label} {number(stair.amount)}" for stair in drawn if stair.amount is not None) + f" {currency}.",
        columns=("Step", currency, "Of net invoice", "Middle of segment", "Source"),
        rows=[
            (
                stair.label,
                amount(None if stair.amount is None else round(stair.amount)),
                share(stair.share),
                share(stair.median_share),
                source,
            )
            for stair, source in zip(stairs, sources, strict=True)
        ],
        note=f"line: middle of {middle_of}" if middle_of else "",
    )


def _value(stair: Stair) -> dict[str, Any]:
    return {
        "label": stair.label,
        "start": stair.start,
        "end": stair.end,
        # The figure stands beyond the bar and beyond the middle's tick.
        "top": max(stair.start, stair.end, 0.0, (stair.median_amount or 0.0) if stair.is_rung else 0.0),
        "text": number(stair.amount or 0.0),
        "level": stair.is_rung,
        "middle": stair.median_amount if stair.is_rung else None,
    }


def _layers(drawn: Sequence[Stair], currency: str, middle_of: str) -> list[dict[str, Any]]:
    y = {"field": "label", "type": "nominal", "sort": [stair.label for stair in drawn], "title": None}
    values = [_value(stair) for stair in drawn]
    top, bottom = max(value["top"] for value in values), min(0.0, *(value["end"] for value in values))
    x = {
        "field": "end",
        "type": "quantitative",
        "title": None,
        "axis": amount_axis(top, bottom),
        "scale": {"domainMax": top + ROOM_FOR_WORDS * (top - bottom), "nice": False},
    }
    tooltip = [{"field": "label", "title": "Step"}, {"field": "text", "title": currency}]
    bars = {"y": y, "x": {**x, "field": "start"}, "x2": {"field": "end"}, "tooltip": tooltip}
    figures = {
        "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": 600},
        "encoding": {"y": y, "x": {**x, "field": "top"}, "text": {"field": "text"}},
    }
    rungs = {"transform": [{"filter": "datum.level"}], "mark": {"type": "bar"}, "encoding": bars}
    steps = {
        "transform": [{"filter": "!datum.level"}],
        "mark": {"type": "bar", "style": "comparison", "opacity": 0.5, "cornerRadiusEnd": 0},
        "encoding": bars,
    }
    # The chart library complains of a layer with nothing to draw.
    layers: list[dict[str, Any]] = [rungs] if any(stair.is_rung for stair in drawn) else []
    layers += [steps] if any(not stair.is_rung for stair in drawn) else []
    layers.append(figures)
    if middle_of and any(value["middle"] is not None for value in values):
        layers.append(
            {
                "transform": [{"filter": "datum.level && isValid(datum.middle)"}],
                "mark": {"type": "tick", "style": "comparison", "thickness": 2.5, "opacity": 1},
                "encoding": {"y": y, "x": {**x, "field": "middle"}},
            }
        )
    return layers
