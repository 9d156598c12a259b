"""The whale curve, drawn: contribution added up from the best account to the worst."""

from typing import Any

from openkam.analytics.valuation.whale_curve import WhaleCurve
from openkam.app.ui.templatetags.charts import Chart, framed, number, of_sum, percent_axis
from openkam.app.ui.templatetags.ui import amount, share

POINTS, ROWS = 160, 12


def whale_chart(curve: WhaleCurve, currency: str) -> Chart:
    """The curve with its peak and the accounts that give something back."""
    shown = of_sum if curve.is_in_percent else (lambda height: f"{number(height)} {currency}")
    peak = shown(float(curve.heights[curve.peak_at]))
    words = f"Peak {peak} at account {curve.peak_at:,}"
    x: dict[str, Any] = {"field": "place", "type": "quantitative", "title": "accounts, by contribution", "scale": {"nice": False}}
    y = {
        "field": "height",
        "type": "quantitative",
        "title": None,
        "axis": percent_axis() if curve.is_in_percent else {"format": "~s"},
    }
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "line", "clip": False}, "encoding": {"x": x, "y": y}},
        {
            "data": {"values": [{"place": curve.peak_at, "height": float(curve.heights[curve.peak_at]), "text": words}]},
            "layer": [
                {"mark": {"type": "point", "opacity": 1}},
                {
                    "mark": {"type": "text", "align": "right", "dx": -2, "dy": -13, "fontWeight": 600},
                    "encoding": {"text": {"field": "text"}},
                },
            ],
            "encoding": {"x": x, "y": y},
        },
    ]
    if curve.is_in_percent:
        whole = {"data": {"values": [{"height": 1}]}, "mark": "rule", "encoding": {"y": y}}
        layers.insert(0, whole)
    if curve.loser_count:
        layers.insert(0, _losers(curve, x))
    return Chart(
        spec=framed(
            data={"values": [{"place": place, "height": height} for place, height in curve.outline(POINTS)]}, layer=layers
        ),
        text=f"{words}; {curve.loser_count:,} of {curve.account_count:,} accounts are below zero.",
        columns=("Best accounts", f"Cumulative contribution, {currency}", "Of the sum"),
        rows=[
            (amount(place), amount(round(float(curve.cumulative[place]))), share(height) if curve.is_in_percent else None)
            for place, height in curve.outline(ROWS)
            if place
        ],
    )


def _losers(curve: WhaleCurve, x: dict[str, Any]) -> dict[str, Any]:
    """The ground under the accounts below zero, with their number."""
    words = f"{curve.loser_count:,} below zero"
    return {
        "data": {"values": [{"from": curve.peak_at, "place": curve.account_count, "text": words}]},
        "layer": [
            {
                "mark": {"type": "rect", "style": "losing", "opacity": 0.1},
                "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "place"}},
            },
            {
                "mark": {"type": "text", "align": "right", "dx": -6, "dy": -10, "fontWeight": 600, "style": "losing"},
                "encoding": {"x": x, "y": {"value": "height"}, "text": {"field": "text"}},
            },
        ],
    }
