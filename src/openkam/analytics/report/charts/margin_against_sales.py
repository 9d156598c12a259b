"""Rank by net sales against rank by contribution: who gains and who loses when margin replaces volume."""

import math

import altair as alt
import numpy as np

from openkam.analytics.report import number_format as nf
from openkam.analytics.report.charts.drawing import draw
from openkam.analytics.report.charts.figure import ChartFigure
from openkam.analytics.report.charts.theme import COLOURS, PHONE, WIDE
from openkam.analytics.report.margin_against_sales import MarginAgainstSales, Place
from openkam.analytics.report.table import Column, Kind, Table
from openkam.analytics.valuation.margin_against_sales import Quadrant

_COLOUR = {
    Quadrant.BOTH: COLOURS["d1"],
    Quadrant.LOSES: COLOURS["bad"],
    Quadrant.GAINS: COLOURS["good"],
    Quadrant.NEITHER: COLOURS["d5"],
}
_SHAPE = {Quadrant.BOTH: "circle", Quadrant.LOSES: "triangle-down", Quadrant.GAINS: "triangle-up", Quadrant.NEITHER: "circle"}

_BACKGROUND = 600
"""Dots drawn at most for accounts that are key by neither figure: more would only make the page heavy."""


def margin_against_sales_figure(comparison: MarginAgainstSales, currency: str, is_illustrative: bool) -> ChartFigure:
    """The scatter with its four quadrants and the table of those who change sides."""
    gains, loses = comparison.of(Quadrant.GAINS), comparison.of(Quadrant.LOSES)
    if loses:
        title = f"{nf.counted(len(loses), 'account')} of the top {comparison.cut} by sales would not be there by contribution"
    else:
        title = f"The top {comparison.cut} by sales are the top {comparison.cut} by contribution"
    alternative = (
        f"Scatter of {len(comparison.places)} accounts, rank by net sales across, rank by contribution up, best top right. "
        f"{len(comparison.of(Quadrant.BOTH))} are in the top {comparison.cut} by both. "
        f"Lose: {nf.listed([p.name for p in loses]) or 'none'}. Gain: {nf.listed([p.name for p in gains]) or 'none'}."
    )
    known = nf.decimal(len(comparison.places))
    notes = (f"{comparison.missing_count} accounts lack one of the figures",) if comparison.missing_count else ()
    drawn = len(_drawn_places(comparison))
    if drawn < len(comparison.places):
        notes = (*notes, f"{nf.decimal(drawn)} of {known} accounts drawn")
    return ChartFigure(
        key="margin-against-sales",
        title=title,
        unit=f"rank by contribution (up) against rank by net sales (across), of {known}; logarithmic",
        wide=_drawn(comparison, WIDE, 400, 26, alternative),
        phone=_drawn(comparison, PHONE, 340, 0, alternative),
        table=quadrant_table(comparison, currency),
        source_notes=notes,
        is_illustrative=is_illustrative,
    )


def quadrant_table(comparison: MarginAgainstSales, currency: str) -> Table:
    """The accounts that are key by one of the two figures or by both."""
    columns = (
        Column("Account"),
        Column("By sales", Kind.NUMBER),
        Column("By contribution", Kind.NUMBER),
        Column("Net sales", Kind.NUMBER, currency),
        Column("Contribution", Kind.NUMBER, currency),
        Column("Of sales", Kind.SHARE, digits=1),
        Column("Place"),
        Column("Chosen", Kind.FLAG),
    )
    shown = [place for place in comparison.places if place.quadrant is not Quadrant.NEITHER]
    rows = tuple(
        (p.name, p.sales_rank, p.margin_rank, p.sales, p.margin, p.margin_share, str(p.quadrant), p.is_selected) for p in shown
    )
    return Table("Margin against sales", f"The top {comparison.cut} by net sales and by contribution", columns, rows)


def _drawn(comparison: MarginAgainstSales, width: int, height: int, letters: int, description: str) -> str:
    last, cut = len(comparison.places), comparison.cut + 0.5
    ticks = [tick for tick in (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 100_000) if tick <= last]
    scale = alt.Scale(type="log", domain=[last * 1.25, 0.8], nice=False)
    axis = alt.Axis(values=ticks, tickCount=4 * len(ticks), format="~d", grid=True, labelOverlap=False, domain=False)
    x = alt.X("sales:Q", scale=scale, axis=axis, title="rank by net sales, first at the right")
    y = alt.Y("margin:Q", scale=alt.Scale(type="log", domain=[last * 1.9, 0.5], nice=False), axis=axis, title=None)
    points = alt.Chart(alt.Data(values=[_point(place) for place in _drawn_places(comparison)]))
    marks = [
        points.transform_filter(f"datum.quadrant == '{quadrant.name}'")
        .mark_point(
            shape=_SHAPE[quadrant],
            size=46 if quadrant is Quadrant.NEITHER else 84,
            color=_COLOUR[quadrant],
            opacity=1,
            filled=True,
        )
        .encode(x=x, y=y)
        for quadrant in (Quadrant.NEITHER, Quadrant.BOTH, Quadrant.LOSES, Quadrant.GAINS)
    ]
    cut_data = alt.Chart(alt.Data(values=[{"sales": cut, "margin": cut}]))
    rules = [
        cut_data.mark_rule(strokeDash=[3, 3], color=COLOURS["edge"]).encode(x=x),
        cut_data.mark_rule(strokeDash=[3, 3], color=COLOURS["edge"]).encode(y=y),
    ]
    words = [
        {
            "sales": 0.82,
            "margin": 0.63,
            "text": f"key by both · {len(comparison.of(Quadrant.BOTH))}",
            "side": "right",
            "tone": "BOTH",
        },
        {
            "sales": last * 1.2,
            "margin": 0.63,
            "text": f"only by contribution · {len(comparison.of(Quadrant.GAINS))}",
            "side": "left",
            "tone": "GAINS",
        },
        {
            "sales": 0.82,
            "margin": last * 1.5,
            "text": f"only by sales · {len(comparison.of(Quadrant.LOSES))}",
            "side": "right",
            "tone": "LOSES",
        },
    ]
    texts = alt.Chart(alt.Data(values=words))
    labels = [
        texts.transform_filter(f"datum.side == '{side}' && datum.tone == '{tone}'")
        .mark_text(align="right" if side == "right" else "left", fontWeight=600, color=_COLOUR[Quadrant[tone]], baseline="middle")
        .encode(x=x, y=y, text="text:N")
        for side, tone in (("right", "BOTH"), ("left", "GAINS"), ("right", "LOSES"))
    ]
    # Without room for letters the list beside the chart names the accounts.
    callouts = [
        alt.Chart(alt.Data(values=[_point(place) | {"text": nf.shortened(place.name, letters)}]))
        .mark_text(
            align="left" if align == "left" else "right", dx=10 if align == "left" else -10, dy=offset, color=COLOURS["ink"]
        )
        .encode(x=x, y=y, text="text:N")
        for quadrant, align, offset in ((Quadrant.LOSES, "left", 4), (Quadrant.GAINS, "right", -4))
        for place in _notable(comparison.of(quadrant), 18.0 * math.log(last / 0.26) / height)
        if letters
    ]
    return draw(alt.layer(*rules, *marks, *callouts, *labels), width, height, description)


def _drawn_places(comparison: MarginAgainstSales) -> list[Place]:
    """Every account that is key by either figure; of the rest at most `_BACKGROUND`, evenly by the logarithm of rank."""
    rest = comparison.of(Quadrant.NEITHER)
    if len(rest) > _BACKGROUND:
        steps = np.unique(np.geomspace(1, len(rest), _BACKGROUND).round().astype(int)) - 1
        rest = tuple(rest[int(step)] for step in steps)
    return [*rest, *(place for place in comparison.places if place.quadrant is not Quadrant.NEITHER)]


def _notable(places: tuple[Place, ...], apart: float) -> list[Place]:
    """The places that moved most, at most three, none closer to another than `apart` in the logarithm of the rank."""
    kept: list[Place] = []
    for place in sorted(places, key=lambda p: (-abs(p.sales_rank - p.margin_rank), p.sales_rank)):
        is_clear = all(abs(math.log(place.margin_rank / other.margin_rank)) >= apart for other in kept)
        if is_clear and len(kept) < 3:
            kept.append(place)
    return kept


def _point(place: Place) -> dict[str, object]:
    return {"sales": place.sales_rank, "margin": place.margin_rank, "quadrant": place.quadrant.name}
