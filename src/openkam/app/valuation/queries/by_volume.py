"""Who would look profitable, or lossmaking, if capacity were spread by sales: time-driven costing against the old way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Abs

from openkam.app.people.models import User
from openkam.app.ui.templatetags.charts import Chart, amount_axis, framed, number
from openkam.app.ui.templatetags.ui import amount
from openkam.app.valuation.models import Valuation
from openkam.app.valuation.queries.account_worth import source_of
from openkam.app.valuation.queries.scope import latest_valuation, visible_worths

SHOWN = 12
DRAWN = 600
READ = ("account_id", "name", "contribution", "contribution_by_volume", "capacity_cost", "service_by_volume")
LOSS, PROFIT, SAME = "hidden loss", "hidden profit", "same sign"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class VolumePage:
    """Accounts whose sign changes: `losses` lose money by time and do not by volume, `profits` the opposite, the largest change first.

    `by_time` and `by_volume` are what the capacity of the accounts seen costs in both ways (currency); `reason` says why nothing can
    be compared.
    """

    valuation: Valuation | None
    compared_count: int
    losses: Sequence[Row]
    profits: Sequence[Row]
    loss_count: int
    profit_count: int
    by_time: Decimal | None
    by_volume: Decimal | None
    chart: Chart | None
    reason: str
    source: str


def volume_page(user: User) -> VolumePage:
    """The page of a person, in a number of queries that does not depend on the accounts."""
    valuation = latest_valuation()
    if valuation is None:
        return VolumePage(None, 0, (), (), 0, 0, None, None, None, "", "")
    seen = visible_worths(user, valuation).filter(contribution__isnull=False, contribution_by_volume__isnull=False).order_by()
    sums = seen.aggregate(by_time=Sum("capacity_cost"), by_volume=Sum("service_by_volume"))
    change = Abs(F("contribution") - F("contribution_by_volume"))
    rows = seen.annotate(change=change).order_by("-change", "pk").values(*READ)
    losses = rows.filter(contribution__lt=0, contribution_by_volume__gte=0)
    profits = rows.filter(contribution__gte=0, contribution_by_volume__lt=0)
    drawn, loss_count, profit_count = list(rows[:DRAWN]), losses.count(), profits.count()
    return VolumePage(
        valuation=valuation,
        compared_count=seen.count(),
        losses=list(losses[:SHOWN]),
        profits=list(profits[:SHOWN]),
        loss_count=loss_count,
        profit_count=profit_count,
        by_time=sums["by_time"],
        by_volume=sums["by_volume"],
        chart=_chart(drawn, loss_count, profit_count, valuation.currency) if drawn else None,
        reason=next((one["reason"] for one in valuation.not_computed if one["part"] == "cost to serve by volume"), ""),
        source=source_of(valuation),
    )


def _kind(row: Row) -> str:
    by_time, by_volume = row["contribution"] < 0, row["contribution_by_volume"] < 0
    return SAME if by_time == by_volume else LOSS if by_time else PROFIT


def _chart(rows: Sequence[Row], loss_count: int, profit_count: int, currency: str) -> Chart:
    """A spot for every account, without the large ones that would press the others together."""
    values: list[dict[str, Any]] = [
        {
            "volume": float(row["contribution_by_volume"]),
            "time": float(row["contribution"]),
            "name": row["name"],
            "sign": _kind(row),
        }
        for row in rows
    ]
    kinds = [LOSS, PROFIT, SAME]
    colour = {"field": "sign", "type": "nominal", "title": None, "scale": {"domain": kinds}, "legend": {"columns": 2}}
    shape = {**colour, "scale": {"domain": kinds, "range": ["triangle-down", "triangle-up", "circle"]}}
    tips = [
        {"field": "name", "title": "Account"},
        {"field": "volume", "title": f"By volume, {currency}", "format": ",.0f"},
        {"field": "time", "title": f"By time, {currency}", "format": ",.0f"},
    ]
    # Those whose sign changes lie near zero and would vanish behind the largest account.
    moved = [value for value in values if value["sign"] != SAME] or values
    reach = 4 * max(max(abs(value["volume"]), abs(value["time"])) for value in moved) or 1.0
    near = [value for value in values if max(abs(value["volume"]), abs(value["time"])) <= reach] or values
    x, y = (
        {"field": field, "type": "quantitative", "title": title, "axis": amount_axis(*(value[field] for value in near))}
        for field, title in (("volume", "contribution, capacity by sales"), ("time", "contribution, capacity by time"))
    )
    zero: dict[str, Any] = {"data": {"values": [{"at": 0}]}, "mark": "rule"}
    order = sorted(rows, key=lambda row: _kind(row) == SAME)
    beyond = f"; {len(values) - len(near)} larger ones lie beyond" if len(near) < len(values) else ""
    return Chart(
        spec=framed(
            layer=[
                {**zero, "encoding": {"x": {"field": "at", "type": "quantitative"}}},
                {**zero, "encoding": {"y": {"field": "at", "type": "quantitative"}}},
                {
                    "data": {"values": near},
                    "mark": {"type": "point", "filled": True, "size": 40},
                    "encoding": {"x": x, "y": y, "color": colour, "shape": shape, "tooltip": tips},
                },
            ]
        ),
        text=f"{loss_count:,} accounts lose money by the time they take and seem to earn it by volume; with {profit_count:,} it is the "
        f"other way round. The largest difference is {number(_difference(rows[0]))} {currency}.",
        columns=("Account", f"By volume, {currency}", f"By time, {currency}", "Sign"),
        rows=[(row["name"], _whole(row["contribution_by_volume"]), _whole(row["contribution"]), _kind(row)) for row in order],
        note=f"who changes sign and who is as near zero{beyond}",
    )


def _difference(row: Row) -> float:
    return float(abs(row["contribution"] - row["contribution_by_volume"]))


def _whole(value: Decimal) -> object:
    return amount(round(value))
