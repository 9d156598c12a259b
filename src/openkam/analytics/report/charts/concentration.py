"""How much of sales and contribution the largest accounts carry."""

import altair as alt

from openkam.analytics.report import number_format as nf
from openkam.analytics.report.charts.drawing import draw
from openkam.analytics.report.charts.figure import ChartFigure
from openkam.analytics.report.charts.theme import COLOURS, NARROW, PHONE
from openkam.analytics.report.concentration import LabelledConcentration
from openkam.analytics.report.table import Column, Kind, Table

_SERIES = (1, 4)


def concentration_figure(found: tuple[LabelledConcentration, ...], is_illustrative: bool) -> ChartFigure | None:
    """Bars of the top shares by account; the table adds HHI, effective number and buying groups."""
    by_account = [c for c in found if "joined" not in c.label]
    if not by_account:
        return None
    first = by_account[0]
    place = max(n for n in first.top_share if n <= 20)
    carried = f"The top {place} carry {nf.percent(first.top_share[place], 0)} of {first.label.lower()}"
    title = f"{carried}; it is as if {_effective(first)} equal accounts bought"
    alternative = "Bars. " + " ".join(
        f"{c.label}: {', '.join(f'top {n} {nf.percent(share, 0)}' for n, share in c.top_share.items())}." for c in by_account
    )
    return ChartFigure(
        key="concentration",
        title=title,
        unit="share of the sum above zero, %",
        wide=_drawn(by_account, NARROW, alternative),
        phone=_drawn(by_account, PHONE, alternative),
        table=concentration_table(found),
        legend=tuple(zip(_SERIES, (c.label for c in by_account), strict=False)),
        is_illustrative=is_illustrative,
    )


def concentration_table(found: tuple[LabelledConcentration, ...]) -> Table:
    """One row per amount: top shares, HHI and effective number."""
    tops = sorted({n for c in found for n in c.top_share})
    columns = (
        Column("Amount"),
        Column("Above zero", Kind.NUMBER),
        *(Column(f"Top {n}", Kind.SHARE, digits=1) for n in tops),
        Column("HHI", Kind.NUMBER, digits=3),
        Column("Effective number", Kind.NUMBER, digits=1),
    )
    rows = tuple((c.label, c.count, *(c.top_share.get(n) for n in tops), c.hhi, c.effective_number) for c in found)
    return Table("Concentration", "Shares of the largest, Herfindahl-Hirschman index and effective number", columns, rows)


def _effective(found: LabelledConcentration) -> str:
    return nf.decimal(found.effective_number, 0 if found.effective_number >= 10 else 1)


def _drawn(found: list[LabelledConcentration], width: int, description: str) -> str:
    rows: list[dict[str, object]] = []
    for top in sorted({n for c in found for n in c.top_share}):
        for order, c in enumerate(found):
            if top in c.top_share:
                share = c.top_share[top]
                rows.append({"top": f"Top {top}", "order": top, "series": order, "share": share, "words": nf.percent(share, 0)})
    data = alt.Chart(alt.Data(values=rows))
    y = alt.Y(
        "top:N",
        sort=alt.EncodingSortField(field="order", op="min"),
        title=None,
        scale=alt.Scale(paddingInner=0.32, paddingOuter=0.1),
    )
    x = alt.X("share:Q", scale=alt.Scale(domain=[0, 1.12], nice=False), axis=None)
    offset = alt.YOffset("series:O", scale=alt.Scale(paddingInner=0.12))
    bars = [
        data.transform_filter(f"datum.series == {order}").mark_bar(color=colour).encode(x=x, y=y, yOffset=offset)
        for order, colour in enumerate(COLOURS[f"d{series}"] for series in _SERIES)
    ]
    words = data.mark_text(align="left", dx=5).encode(x=x, y=y, yOffset=offset, text="words:N")
    return draw(alt.layer(*bars, words), width, 50 * len({row["top"] for row in rows}) + 6, description)
