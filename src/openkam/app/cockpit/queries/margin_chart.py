"""From sales to contribution, drawn as a staircase."""

from collections.abc import Sequence
from typing import Any

from openkam.analytics.valuation.margin_steps import MarginStep
from openkam.app.ui.templatetags.charts import Chart, amount_axis, framed, number
from openkam.app.ui.templatetags.ui import amount, share

ROOM_FOR_WORDS = 1.2
"""How far the axis runs beyond the longest bar, for the figure at its end."""


def margin_chart(steps: Sequence[MarginStep], currency: str) -> Chart | None:
    """The staircase: levels dark, what is taken away pale; None without steps."""
    if not steps:
        return None
    order = [step.label for step in steps]
    y = {"field": "label", "type": "nominal", "sort": order, "title": None}
    ends = [end for step in steps for end in (step.start, step.end)]
    room = {"domainMax": ROOM_FOR_WORDS * max(step.end for step in steps), "nice": False}
    x = {"field": "end", "type": "quantitative", "title": None, "axis": amount_axis(*ends), "scale": room}
    tooltip = [{"field": "label", "title": "Step"}, {"field": "text", "title": currency}]
    bars = {"y": y, "x": {**x, "field": "start"}, "x2": {"field": "end"}, "tooltip": tooltip}
    values = [
        {
            "label": step.label,
            "start": step.start,
            "end": step.end,
            "top": max(step.start, step.end),
            "text": number(step.amount),
            "level": step.is_level,
        }
        for step in steps
    ]
    layers: list[dict[str, Any]] = [
        {"transform": [{"filter": "datum.level"}], "mark": {"type": "bar"}, "encoding": bars},
        {
            "transform": [{"filter": "!datum.level"}],
            "mark": {"type": "bar", "style": "comparison", "opacity": 0.5, "cornerRadiusEnd": 0},
            "encoding": bars,
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": 600},
            "encoding": {"y": y, "x": {**x, "field": "top"}, "text": {"field": "text"}},
        },
    ]
    last = steps[-1]
    return Chart(
        spec=framed(data={"values": values}, layer=layers),
        text="; ".join(f"{step.label} {number(step.amount)}" for step in steps) + f" {currency}.",
        columns=("Step", currency, "Of sales"),
        rows=[(step.label, amount(step.amount), share(step.share_of_sales)) for step in steps],
        note=f"{last.label.lower()} {number(last.amount)} {currency}",
    )
