"""Rank by sales against rank by margin, drawn: who stands elsewhere once the margin counts."""

from collections.abc import Sequence
from typing import Any

from openkam.analytics.worth.portfolio_worth import PortfolioWorth, RankPair
from openkam.app.ui.templatetags.charts import Chart, framed

DRAWN = 600
"""Accounts drawn at most, the best by sales first: more would only make a chart heavy."""
NAMED = 3
APART = 0.07
"""Names lie at least so far from each other, of the whole height."""
NEITHER, LOSES, GAINS = "no change", "would lose", "would gain"


def rank_chart(found: PortfolioWorth, names: Sequence[str]) -> Chart | None:
    """A spot for every account, those that would lose or gain a place in the top marked; None where there is nothing to compare."""
    drawn = sorted(found.ranks, key=lambda one: one.sales_rank)[:DRAWN]
    if not drawn:
        return None
    x = _axis("sales", "rank by sales")
    y = _axis("margin", "rank by margin", reverse=True)
    values = [
        {"sales": one.sales_rank, "margin": one.margin_rank, "name": names[one.position], "change": _change(one)} for one in drawn
    ]
    end, shifts = max(max(one.sales_rank, one.margin_rank) for one in drawn), found.shifts
    named = _apart([one for one in shifts if one.sales_rank <= DRAWN], end)
    tips = [
        {"field": "name", "title": "Account"},
        {"field": "sales", "title": "By sales"},
        {"field": "margin", "title": "By margin"},
    ]
    colour = {
        "field": "change",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [GAINS, LOSES, NEITHER]},
        "legend": {"columns": 3},
    }
    shape = {**colour, "scale": {"domain": [GAINS, LOSES, NEITHER], "range": ["triangle-up", "triangle-down", "circle"]}}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": [{"sales": 1, "margin": 1}, {"sales": end, "margin": end}]},
            "mark": {"type": "line", "style": "comparison", "strokeDash": [3, 3], "strokeWidth": 1},
            "encoding": {"x": x, "y": y},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 34},
            "encoding": {"x": x, "y": y, "color": colour, "shape": shape, "tooltip": tips},
        },
        {
            "data": {
                "values": [{"sales": one.sales_rank, "margin": one.margin_rank, "name": names[one.position]} for one in named]
            },
            "mark": {"type": "text", "align": "left", "dx": 8, "limit": 150, "style": "quiet"},
            "encoding": {"x": x, "y": y, "text": {"field": "name"}},
        },
    ]
    loses, gains = (sum(getattr(one, name) for one in found.ranks) for name in ("loses", "gains"))
    return Chart(
        spec=framed(data={"values": values}, layer=layers),
        text=f"Of {found.ranked_count} accounts {loses} of the {found.cut} largest by sales are not among the {found.cut} best by margin; "
        f"{gains} others are.",
        columns=("Account", "Rank by sales", "Rank by margin", "By margin it"),
        rows=[(names[one.position], one.sales_rank, one.margin_rank, _change(one)) for one in (*shifts, *_kept(drawn))],
        note=f"above the line: better by margin; top {found.cut}",
    )


def _apart(shifts: Sequence[RankPair], end: int) -> list[RankPair]:
    """The largest shifts whose names would not lie on each other."""
    named: list[RankPair] = []
    for one in shifts:
        if len(named) < NAMED and all(abs(one.margin_rank - other.margin_rank) > APART * end for other in named):
            named.append(one)
    return named


def _kept(drawn: Sequence[RankPair]) -> list[RankPair]:
    return [one for one in drawn if not one.gains and not one.loses]


def _change(one: RankPair) -> str:
    return GAINS if one.gains else LOSES if one.loses else NEITHER


def _axis(field: str, title: str, *, reverse: bool = False) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, "scale": {"nice": False, "zero": False, "reverse": reverse}}
