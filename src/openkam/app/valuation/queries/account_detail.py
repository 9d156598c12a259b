"""What an account's page of value shows beside its figures: its months ahead, what it buys where, and how it pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openkam.analytics.worth.outlook import FirmOutlook, SeriesAhead
from openkam.analytics.worth.payment_curves import PaymentCurve
from openkam.analytics.worth.usage_columns import Usage
from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.ui.templatetags.charts import Chart, framed, percent_axis
from openkam.app.ui.templatetags.ui import share
from openkam.app.valuation.models import Valuation, ValuationDetail
from openkam.app.valuation.queries.account_worth import source_of
from openkam.app.valuation.queries.outlook_chart import CLASS_WORDS, METHOD_WORDS, month_text, outlook_chart
from openkam.app.valuation.queries.payment_chart import payment_chart
from openkam.app.valuation.queries.scope import visible_details

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class AheadPanel:
    """The account's `whole` months ahead and its product groups; `coverage` was measured on buyers of its kind, None where on none.

    `kind` and `method` are in a page's words.
    """

    whole: SeriesAhead
    groups: Sequence[SeriesAhead]
    months: Sequence[str]
    chart: Chart | None
    kind: str
    method: str
    level: float
    coverage: float | None
    judged_count: int


@dataclass(frozen=True, slots=True)
class DetailPanel:
    """What the run found of an account beside its figures; `is_computed` is False while it has not come to it.

    `ahead` is None with a `reason` in words.
    """

    is_computed: bool
    ahead: AheadPanel | None
    reason: str
    usage: Usage | None
    season: Chart | None
    payments: PaymentCurve | None
    payments_chart: Chart | None
    source: str


def account_detail(user: User, account: Account, valuation: Valuation, ledger_account: str) -> DetailPanel:
    """The details of the account's row that its page shows, in two queries."""
    whole = ValuationDetail.objects.filter(valuation=valuation).values("outlook", "not_computed").first()
    row = visible_details(user, valuation).filter(account=account, ledger_account=ledger_account).first()
    if whole is None or row is None:
        return DetailPanel(whole is not None, None, "", None, None, None, None, source_of(valuation))
    usage = Usage.restored(row.usage) if row.usage else None
    curve = PaymentCurve.restored(row.payments) if row.payments else None
    outlook = FirmOutlook.restored(whole["outlook"]) if whole["outlook"] else None
    return DetailPanel(
        is_computed=True,
        ahead=_ahead(row.ahead, outlook, valuation.currency) if outlook and row.ahead else None,
        reason=next((one["reason"] for one in whole["not_computed"] if one["part"].startswith("months")), ""),
        usage=usage,
        season=_season(usage.season) if usage and usage.season else None,
        payments=curve,
        payments_chart=payment_chart(curve) if curve else None,
        source=source_of(valuation),
    )


def _ahead(stored: Sequence[dict[str, Any]], outlook: FirmOutlook, currency: str) -> AheadPanel:
    whole, *groups = (SeriesAhead(**one) for one in stored)
    judged = next((one for one in outlook.account_quality if one.demand_class == whole.demand_class), None)
    return AheadPanel(
        whole=whole,
        groups=groups,
        months=[month_text(day) for day in outlook.ends_on],
        chart=outlook_chart(whole, outlook.past_ends_on, outlook.ends_on, currency, outlook.level),
        kind=CLASS_WORDS.get(whole.demand_class, whole.demand_class),
        method=METHOD_WORDS.get(whole.method, whole.method),
        level=outlook.level,
        coverage=judged.coverage if judged else None,
        judged_count=judged.series_count if judged else 0,
    )


def _season(shares: Sequence[float]) -> Chart:
    """Each calendar month's share of sales; a twelfth is what it would be without a season."""
    values = [{"month": name, "share": one} for name, one in zip(MONTHS, shares, strict=True)]
    x = {
        "field": "month",
        "type": "ordinal",
        "sort": list(MONTHS),
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": True},
    }
    y = {"field": "share", "type": "quantitative", "title": None, "axis": percent_axis()}
    best = max(range(12), key=lambda month: shares[month])
    return Chart(
        spec=framed(
            layer=[
                {"data": {"values": values}, "mark": {"type": "bar"}, "encoding": {"x": x, "y": y}},
                {"data": {"values": [{"share": 1 / 12}]}, "mark": "rule", "encoding": {"y": y}},
            ]
        ),
        text=f"Most is bought in {MONTHS[best]}, {100 * shares[best]:.0f} % of a year. The line is a twelfth.",
        columns=("Month", "Of sales"),
        rows=[(name, share(one)) for name, one in zip(MONTHS, shares, strict=True)],
        note="line: a twelfth",
    )
