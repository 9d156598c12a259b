"""The whale curve, drawn: contribution added up from the best account to the worst."""

import altair as alt
import numpy as np

from openkam.analytics.report import number_format as nf
from openkam.analytics.report.charts.drawing import draw
from openkam.analytics.report.charts.figure import ChartFigure
from openkam.analytics.report.charts.theme import COLOURS, PHONE, WIDE
from openkam.analytics.report.table import Column, Kind, Table
from openkam.analytics.valuation.whale_curve import WhaleCurve

_POINTS = 400
"""Points drawn at most: more than the pixels of a phone."""


def whale_figure(curve: WhaleCurve, chosen: int, currency: str, is_illustrative: bool) -> ChartFigure:
    """The curve with its peak and the accounts below zero."""
    lost = f"{nf.compact(curve.lost)} {currency}"
    if curve.loser_count == 0:
        title = "No account’s contribution is below zero"
    elif curve.is_in_percent:
        share = nf.percent(curve.lost / curve.total)
        verb = "gives" if curve.loser_count == 1 else "give"
        title = f"{nf.counted(curve.loser_count, 'account')} below zero {verb} back {share} of contribution, {lost}"
    else:
        verb = "takes" if curve.loser_count == 1 else "take"
        title = f"{nf.counted(curve.loser_count, 'account')} below zero {verb} {lost}: all accounts together lose money"
    peak = nf.percent(curve.heights[curve.peak_at]) if curve.is_in_percent else f"{nf.compact(curve.peak)} {currency}"
    alternative = (
        f"Curve of cumulative contribution over {curve.account_count} accounts, best first. It rises to {peak} at account "
        f"{curve.peak_at} and ends at {nf.compact(curve.total)} {currency}; "
        f"{nf.counted(curve.loser_count, 'account')} below zero."
    )
    notes = (
        (f"{nf.counted(curve.missing_count, 'account')} without a known contribution left out",) if curve.missing_count else ()
    )
    return ChartFigure(
        key="whale",
        title=title,
        unit="cumulative contribution, " + ("% of the total" if curve.is_in_percent else currency),
        wide=_drawn(curve, chosen, currency, (WIDE, 430), alternative),
        phone=_drawn(curve, chosen, currency, (PHONE, 250), alternative),
        table=_table(curve, currency),
        source_notes=notes,
        is_illustrative=is_illustrative,
    )


def _drawn(curve: WhaleCurve, chosen: int, currency: str, size: tuple[int, int], description: str) -> str:
    width, height = size
    scale = 100.0 if curve.is_in_percent else 1.0
    heights, last = curve.heights * scale, curve.account_count
    kept = np.unique(
        np.concatenate([np.linspace(0, last, min(last + 1, _POINTS)).round().astype(int), [curve.peak_at, min(chosen, last)]])
    )
    rows = [{"place": int(place), "height": float(heights[place])} for place in kept]
    low, high = float(min(0.0, heights.min())), float(max(heights.max(), 0.0))
    high = high * 1.12 if high > 0 else 1.0
    x = alt.X(
        "place:Q",
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=alt.Axis(values=[0, last], format=",d"),
        title="accounts, by contribution",
    )
    y = alt.Y(
        "height:Q",
        scale=alt.Scale(domain=[low, high], nice=False),
        axis=alt.Axis(format="~s" if scale == 1.0 else "d"),
        title=None,
    )
    data = alt.Chart(alt.Data(values=rows))
    layers: list[alt.Chart] = []
    if curve.loser_count:
        region = [{"place": curve.peak_at, "to": last, "height": low, "top": high}]
        layers.append(
            alt.Chart(alt.Data(values=region))
            .mark_rect(color=COLOURS["bad-t"], opacity=0.7)
            .encode(x=x, x2="to:Q", y=y, y2="top:Q"),
        )
        at = {
            "place": (curve.peak_at + last) / 2,
            "height": low + 0.05 * (high - low),
            "text": f"{nf.decimal(curve.loser_count)} below zero",
        }
        is_wide_enough = (last - curve.peak_at) / last * width > 92
        end = {"place": curve.peak_at} if not is_wide_enough else {}
        layers.append(
            alt.Chart(alt.Data(values=[at | end]))
            .mark_text(
                align="center" if is_wide_enough else "right",
                dx=0 if is_wide_enough else -6,
                color=COLOURS["bad"],
                fontWeight=600,
            )
            .encode(x=x, y=y, text="text:N")
        )
    if curve.is_in_percent:
        whole = alt.Chart(alt.Data(values=[{"height": 100.0}]))
        layers.append(whole.mark_rule(strokeDash=[3, 3], color=COLOURS["edge"]).encode(y=y))
    layers.append(data.mark_line(color=COLOURS["d1"], clip=False).encode(x=x, y=y))
    marked = [(curve.peak_at, "Peak", COLOURS["d1"])]
    if 0 < chosen < last:
        marked.append((chosen, f"Best {nf.decimal(chosen)}", COLOURS["d4"]))
    for place, words, colour in marked:
        shown = (
            f"{nf.decimal(float(heights[place]))} %" if curve.is_in_percent else f"{nf.compact(float(heights[place]))} {currency}"
        )
        is_early = place < 0.55 * last
        point = alt.Chart(alt.Data(values=[{"place": place, "height": float(heights[place]), "text": f"{words}: {shown}"}]))
        layers.append(point.mark_point(size=70, color=colour, opacity=1).encode(x=x, y=y))
        layers.append(
            point.mark_text(
                align="left" if is_early else "right", dx=11 if is_early else 4, dy=6 if is_early else -14, fontWeight=600
            ).encode(x=x, y=y, text="text:N")
        )
    return draw(alt.layer(*layers), width, height, description)


def _table(curve: WhaleCurve, currency: str) -> Table:
    last = curve.account_count
    places = sorted({*(round(last * step / 10) for step in range(1, 11)), curve.peak_at} - {0})
    columns = (
        Column("Best accounts", Kind.NUMBER),
        Column("Cumulative contribution", Kind.NUMBER, currency),
        Column("Of the total", Kind.SHARE, digits=1),
    )
    rows = tuple(
        (place, float(curve.cumulative[place]), float(curve.heights[place]) if curve.is_in_percent else None) for place in places
    )
    return Table("Whale curve", "Contribution added up from the best account to the worst", columns, rows)
