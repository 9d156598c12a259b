"""The charts' look, and the colours they are drawn in before each becomes a class of the page's style sheet."""

from typing import Any

FONT = "Liberation Sans"
"""Text is measured in this family, which the renderer carries inside: equal layout on every machine. The page sets its own."""

COLOURS = {
    "ink": "#1a2124",
    "ink-2": "#465157",
    "ink-3": "#626d73",
    "line-2": "#d3d2ca",
    "edge": "#868b8c",
    "grid": "#e9e8e3",
    "surface": "#fefefe",
    "tint": "#e4f0f0",
    "good": "#28694a",
    "warn": "#855000",
    "warn-t": "#fbf0da",
    "bad": "#ab2e27",
    "bad-t": "#fbeae7",
    "d1": "#0b6570",
    "d2": "#4796a0",
    "d3": "#a3cdd0",
    "d4": "#5a666d",
    "d5": "#b3b9bb",
    "d6": "#cdb98a",
}
"""Design token to the colour that stands for it while drawing; each colour stands for one token only."""

INK, QUIET, EDGE = COLOURS["ink"], COLOURS["ink-3"], COLOURS["edge"]
WIDE, NARROW, PHONE = 718, 500, 326
"""Widths drawn in pixels: a card of seven columns, one of five, and a phone of 390."""


def configuration() -> dict[str, Any]:
    """The Vega-Lite configuration of the design language."""
    axis = {
        "labelColor": COLOURS["ink-2"],
        "labelFontSize": 12,
        "titleColor": COLOURS["ink-3"],
        "titleFontSize": 12,
        "titleFontWeight": 400,
        "domain": False,
        "ticks": False,
        "labelPadding": 8,
        "titlePadding": 8,
        "gridColor": COLOURS["grid"],
        "gridWidth": 1,
        "tickCount": 5,
    }
    return {
        "background": None,
        "padding": 2,
        "font": FONT,
        "customFormatTypes": False,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False, "domain": True, "domainColor": COLOURS["line-2"]},
        "text": {"color": INK, "fontSize": 12},
        "rule": {"color": EDGE},
        "bar": {"color": COLOURS["d1"], "cornerRadiusEnd": 2},
        "line": {"color": COLOURS["d1"], "strokeWidth": 2, "strokeJoin": "round", "strokeCap": "round"},
        "point": {"color": COLOURS["d1"], "filled": True, "size": 60},
    }
