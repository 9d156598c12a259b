"""From sales to contribution, drawn as a staircase."""

from collections.abc import Sequence

from openkam.analytics.valuation.margin_steps import MarginStep
from openkam.app.cockpit.queries.chart import Chart, framed, number
from openkam.app.ui.templatetags.ui import amount, share


def margin_chart(steps: Sequence[MarginStep], currency: str) -> Chart | None:
    """The staircase: levels dark, what is taken away pale; None without steps."""
    if not steps:
        return None
    x = {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": {"labelAngle": 0, "labelLimit": 110}}
    y = {"field": "end", "type": "quantitative", "title": None, "axis": {"format": "~s"}}
    top = {"x": x, "y": {"field": "top", "type": "quantitative"}, "text": {"field": "text"}}
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
    bars = {"x": x, "y": {**y, "field": "start"}, "y2": {"field": "end"}}
    tooltip = [{"field": "label", "title": "Step"}, {"field": "text", "title": currency}]
    layers = [
        {
            "transform": [{"filter": "datum.level"}],
            "mark": {"type": "bar", "cornerRadiusEnd": 2},
            "encoding": bars | {"tooltip": tooltip},
        },
        {
            "transform": [{"filter": "!datum.level"}],
            "mark": {"type": "bar", "style": "comparison", "opacity": 0.45, "cornerRadiusEnd": 0},
            "encoding": bars | {"tooltip": tooltip},
        },
        {"mark": {"type": "text", "dy": -8, "fontWeight": 600}, "encoding": top},
    ]
    last = steps[-1]
    return Chart(
        spec=framed(data={"values": values}, layer=layers),
        text="; ".join(f"{step.label} {number(step.amount)}" for step in steps) + f" {currency}.",
        columns=("Step", currency, "Of sales"),
        rows=[(step.label, amount(step.amount), share(step.share_of_sales)) for step in steps],
        note=f"{last.label.lower()} {number(last.amount)} {currency}",
    )
