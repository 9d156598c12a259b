"""How close the decisions are: what turning each one would cost, in percent of the whole selection's utility."""

import altair as alt

from openkam.analytics.report import number_format as nf
from openkam.analytics.report.charts.drawing import draw
from openkam.analytics.report.charts.figure import ChartFigure
from openkam.analytics.report.charts.theme import COLOURS, NARROW, PHONE
from openkam.analytics.report.ranking import NEAR_TIE_PERCENT, Ranked, Ranking
from openkam.analytics.report.table import Column, Kind, Table

_SHOWN = 9


def near_ties_figure(ranking: Ranking, is_illustrative: bool) -> ChartFigure | None:
    """The closest decisions on both sides of the line, or None where no price of turning one is known."""
    priced = [r for r in (*ranking.chosen, *ranking.left_out) if r.reversal_percent is not None and not r.pin_reason]
    if not priced:
        return None
    chosen = _closest([r for r in priced if r.is_selected])
    out = _closest([r for r in priced if not r.is_selected])
    close = len(ranking.near_ties)
    verb = "is" if close == 1 else "are"
    title = f"{nf.counted(close, 'decision')} {verb} near a tie" if close else "No decision is near a tie"
    nearest = min(priced, key=lambda r: (r.reversal_percent or 0.0, r.account))
    alternative = (
        f"Dot chart of {len(chosen)} chosen and {len(out)} left-out accounts by what turning the decision would cost. "
        f"Closest: {nearest.name}, {nf.decimal(nearest.reversal_percent, 2)} % of utility. "
        f"{nf.counted(close, 'decision')} below {NEAR_TIE_PERCENT} %."
    )
    return ChartFigure(
        key="near-ties",
        title=title,
        unit="what deciding otherwise costs, % of the selection’s utility",
        wide=_drawn(chosen, out, NARROW, 30, alternative),
        phone=_drawn(chosen, out, PHONE, 19, alternative),
        table=_table(priced),
        is_illustrative=is_illustrative,
        source_notes=("each priced by solving again", f"shaded: under {NEAR_TIE_PERCENT} %"),
    )


def _closest(ranked: list[Ranked]) -> list[Ranked]:
    return sorted(ranked, key=lambda r: (r.reversal_percent or 0.0, r.account))[:_SHOWN]


def _drawn(chosen: list[Ranked], out: list[Ranked], width: int, letters: int, description: str) -> str:
    rows: list[dict[str, object]] = []
    for group, members in (("Left out", out), ("Chosen", chosen)):
        rows.append({"place": len(rows), "text": group, "isHead": True, "isIn": False, "cost": 0.0, "words": ""})
        for ranked in members:
            cost = ranked.reversal_percent or 0.0
            rows.append(
                {
                    "place": len(rows),
                    "text": nf.shortened(ranked.name, letters),
                    "isHead": False,
                    "isIn": ranked.is_selected,
                    "cost": cost,
                    "words": nf.decimal(cost, 2),
                }
            )
    largest = max([float(str(row["cost"])) for row in rows] + [2 * NEAR_TIE_PERCENT]) * 1.18
    label_width = 7.0 * letters
    # The names hang left of zero on the same axis: one coordinate system, so nothing depends on measuring text.
    left = -largest * label_width / (width - label_width)
    x = alt.X("cost:Q", scale=alt.Scale(domain=[left, largest], nice=False), axis=None)
    y = alt.Y("place:O", axis=None, scale=alt.Scale(padding=0.0))
    edge = alt.X("left:Q", scale=alt.Scale(domain=[left, largest], nice=False), axis=None)
    zero = alt.X("zero:Q", scale=alt.Scale(domain=[left, largest], nice=False), axis=None)
    layer = alt.Chart(alt.Data(values=[row | {"left": left, "zero": 0.0} for row in rows]))
    names = layer.transform_filter("!datum.isHead")
    charts: list[alt.Chart] = [
        alt.Chart(alt.Data(values=[{"from": 0.0, "to": NEAR_TIE_PERCENT}]))
        .mark_rect(color=COLOURS["warn-t"])
        .encode(x=alt.X("from:Q", scale=alt.Scale(domain=[left, largest], nice=False), axis=None), x2="to:Q"),
        alt.Chart(alt.Data(values=[{"cost": 0.0}])).mark_rule(color=COLOURS["edge"]).encode(x=x),
        layer.transform_filter("datum.isHead")
        .mark_text(align="left", fontWeight=600, color=COLOURS["ink"])
        .encode(x=edge, y=y, text="text:N"),
        names.mark_text(align="left", color=COLOURS["ink-2"]).encode(x=edge, y=y, text="text:N"),
        names.mark_rule(strokeWidth=2, color=COLOURS["d5"]).encode(x=zero, x2="cost:Q", y=y),
        names.transform_filter("datum.isIn").mark_point(size=64, color=COLOURS["d1"], opacity=1).encode(x=x, y=y),
        names.transform_filter("!datum.isIn")
        .mark_point(size=58, filled=True, fill=COLOURS["surface"], stroke=COLOURS["d4"], strokeWidth=2, opacity=1)
        .encode(x=x, y=y),
        names.mark_text(align="left", dx=10, color=COLOURS["ink"], fontWeight=500).encode(x=x, y=y, text="words:N"),
    ]
    return draw(alt.layer(*charts), width, 24 * len(rows) + 8, description)


def _table(priced: list[Ranked]) -> Table:
    columns = (
        Column("Account"),
        Column("Decision"),
        Column("Utility", Kind.NUMBER, digits=3),
        Column("Turning it costs", Kind.SHARE, digits=2),
    )
    ordered = sorted(priced, key=lambda r: (r.reversal_percent or 0.0, r.account))
    rows = tuple((r.name, "in" if r.is_selected else "out", r.utility, (r.reversal_percent or 0.0) / 100.0) for r in ordered)
    return Table("Near-ties", "What turning each decision would cost, of the selection’s utility", columns, rows)
