"""The whale curve, drawn: contribution added up from the best account to the worst."""

from collections.abc import Callable
from typing import Any

from openkam.analytics.valuation.whale_band import WhaleBand
from openkam.analytics.valuation.whale_curve import WhaleOutline
from openkam.app.ui.templatetags.charts import Chart, amount_axis, framed, number, of_sum, percent_axis
from openkam.app.ui.templatetags.ui import amount, share

ROWS = 12


def whale_chart(curve: WhaleOutline, currency: str, band: WhaleBand | None = None) -> Chart:
    """The curve with its peak and the accounts that give something back, and its band where that is in the same unit."""
    if band is not None and band.is_in_percent != curve.is_in_percent:
        band = None
    shown = of_sum if curve.is_in_percent else (lambda height: f"{number(height)} {currency}")
    peak = shown(curve.height(curve.peak))
    words = f"Peak {peak} at account {curve.peak_at:,}"
    x: dict[str, Any] = {"field": "place", "type": "quantitative", "title": "accounts, by contribution", "scale": {"nice": False}}
    y = {
        "field": "height",
        "type": "quantitative",
        "title": None,
        "axis": percent_axis()
        if curve.is_in_percent
        else amount_axis(curve.height(curve.peak), *(curve.height(sum_) for _, sum_ in curve.points)),
    }
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "line", "clip": False}, "encoding": {"x": x, "y": y}},
        {
            "data": {"values": [{"place": curve.peak_at, "height": curve.height(curve.peak), "text": words}]},
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
    if band is not None:
        layers.insert(0, _band(curve, band, x, y))
    if curve.loser_count:
        layers.insert(0, _losers(curve, x))
    return Chart(
        spec=framed(
            data={"values": [{"place": place, "height": curve.height(amount)} for place, amount in curve.points]}, layer=layers
        ),
        text=f"{words}; {curve.loser_count:,} of {curve.account_count:,} accounts are below zero.{_band_words(curve, band)}",
        columns=("Best accounts", f"Cumulative contribution, {currency}", "Of the sum", *(("Band from", "to") if band else ())),
        rows=[
            (
                amount(place),
                amount(round(sum_)),
                share(curve.height(sum_)) if curve.is_in_percent else None,
                *(map(_height(curve), band.at(place / curve.account_count)) if band else ()),
            )
            for place, sum_ in curve.thinned(ROWS)
            if place
        ],
    )


def _height(curve: WhaleOutline) -> Callable[[float], object]:
    return share if curve.is_in_percent else lambda value: amount(round(value))


def _band(curve: WhaleOutline, band: WhaleBand, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    """The ground between the lower and the upper height."""
    bounds = zip(band.shares.tolist(), band.lower.tolist(), band.upper.tolist(), strict=True)
    values = [{"place": share * curve.account_count, "low": low, "height": high} for share, low, high in bounds]
    return {
        "data": {"values": values},
        "mark": {"type": "area", "style": "comparison", "opacity": 0.3, "line": False},
        "encoding": {"x": x, "y": y, "y2": {"field": "low"}},
    }


def _band_words(curve: WhaleOutline, band: WhaleBand | None) -> str:
    """What the minutes that were measured leave open."""
    if band is None:
        return ""
    if band.peak_share is None:
        return f" {band.total.confidence:.0%} of redrawn measurements give a sum of {band.total.lower:,.0f} to {band.total.upper:,.0f}."
    peak = band.peak_share
    return f" {peak.confidence:.0%} of redrawn measurements peak at {of_sum(peak.lower)} to {of_sum(peak.upper)}."


def _losers(curve: WhaleOutline, x: dict[str, Any]) -> dict[str, Any]:
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
