"""Risk and return of the mix of segments: a sum of the whole firm, and so for who sees all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openkam.app.people.models import User
from openkam.app.ui.templatetags.charts import Chart, framed
from openkam.app.ui.templatetags.ui import share
from openkam.app.valuation.models import Valuation
from openkam.app.valuation.permissions import sees_all_records
from openkam.app.valuation.queries.account_worth import source_of
from openkam.app.valuation.queries.scope import latest_valuation

TODAY, FRONTIER, SAME = "today", "efficient", "today's return, least risk"
TABLE_POINTS = 8


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """One segment: its weights (shares of sales) today, at the least risk for today's return, and at the highest return.

    `margin` is contribution per month (currency), `beta` how it moves with the whole, `reward` contribution over beta.
    """

    name: str
    today: float
    same_return: float
    highest: float
    margin: float
    beta: float
    reward: float | None


@dataclass(frozen=True, slots=True)
class MixPage:
    """The frontier and its segments; `may_see` says whether the person sees the firm, `reason` why there is no mix."""

    valuation: Valuation | None
    may_see: bool
    mix: Mapping[str, Any] | None
    chart: Chart | None
    lines: Sequence[SegmentLine]
    reason: str
    source: str


def mix_page(user: User) -> MixPage:
    """The page of a person."""
    valuation = latest_valuation()
    if valuation is None or not sees_all_records(user):
        return MixPage(valuation, sees_all_records(user), None, None, (), "", "")
    mix = valuation.mix
    reason = next((one["reason"] for one in valuation.not_computed if one["part"].startswith("risk and return")), "")
    if mix is None:
        return MixPage(valuation, True, None, None, (), reason, "")
    return MixPage(valuation, True, mix, _chart(mix), _lines(mix), "", source_of(valuation))


def _lines(mix: Mapping[str, Any]) -> list[SegmentLine]:
    columns = (
        *(mix["today"]["weights"], mix["same_return"]["weights"], mix["mixes"][-1]["weights"]),
        *(mix["margins"], mix["beta"], mix["reward"]),
    )
    found = [SegmentLine(name, *values) for name, *values in zip(mix["segments"], *columns, strict=True)]
    return sorted(found, key=lambda line: -line.today)


def _chart(mix: Mapping[str, Any]) -> Chart:
    curve = [{"risk": one["deviation"], "mean": one["mean"]} for one in mix["mixes"]]
    spots = [
        {"risk": mix[key]["deviation"], "mean": mix[key]["mean"], "kind": kind}
        for key, kind in (("today", TODAY), ("same_return", SAME))
    ]
    x, y = (
        {
            "field": field,
            "type": "quantitative",
            "title": title,
            "scale": {"zero": False, "nice": True},
            "axis": {"format": ".2%"},
        }
        for field, title in (("risk", "swing of a month, of sales"), ("mean", "contribution of a month, of sales"))
    )
    kinds = {"field": "kind", "type": "nominal", "title": None, "scale": {"domain": [TODAY, SAME]}, "legend": {"columns": 1}}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": curve},
            "mark": {"type": "line", "point": True},
            "encoding": {"x": x, "y": y, "order": {"field": "mean"}},
        },
        {
            "data": {"values": spots},
            "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": kinds, "shape": kinds},
        },
    ]
    today, same = mix["today"], mix["same_return"]
    rows = [(FRONTIER, share(one["mean"], 2), share(one["deviation"], 2)) for one in _few(mix["mixes"])]
    return Chart(
        spec=framed(layer=layers),
        text=f"Today {_percent(today['mean'])} a month with a swing of {_percent(today['deviation'])}; the same return could be had with "
        f"{_percent(same['deviation'])}.",
        columns=("Mix", "Contribution of sales", "Swing of a month"),
        rows=[
            (TODAY, share(today["mean"], 2), share(today["deviation"], 2)),
            (SAME, share(same["mean"], 2), share(same["deviation"], 2)),
            *rows,
        ],
        note=f"no weight moves by more than {_percent(mix['largest_shift'])}",
    )


def _few(mixes: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    step = max(1, len(mixes) // TABLE_POINTS)
    return [*mixes[:-1:step], mixes[-1]]


def _percent(value: float) -> str:
    return f"{100 * value:.2f} %"
