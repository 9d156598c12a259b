"""What lies ahead of the firm: sales of the coming months, and when what is invoiced is paid."""

from collections.abc import Sequence
from dataclasses import dataclass

from openkam.analytics.worth.outlook import ClassQuality, FirmOutlook, SeriesAhead
from openkam.analytics.worth.payment_curves import PaymentCurve
from openkam.app.people.models import User
from openkam.app.ui.templatetags.charts import Chart
from openkam.app.valuation.models import Valuation, ValuationDetail
from openkam.app.valuation.permissions import sees_all_records
from openkam.app.valuation.queries.account_worth import source_of
from openkam.app.valuation.queries.outlook_chart import CLASS_WORDS, METHOD_WORDS, month_text, outlook_chart
from openkam.app.valuation.queries.payment_chart import payment_chart
from openkam.app.valuation.queries.scope import has_binned, latest_valuation


@dataclass(frozen=True, slots=True)
class QualityLine:
    """How one class of demand was foretold on months that were unseen, in a page's words."""

    what: str
    method: str
    series_count: int
    mase: float | None
    mase_seasonal_naive: float | None
    coverage: float | None


@dataclass(frozen=True, slots=True)
class AheadPage:
    """The firm's months ahead and its invoices; `reason` says why there is no forecast, `is_kept_back` that the person sees a part.

    `months` name the coming ones, `groups` hold for each product group what is expected by month. `firm_lines` are how well the firm
    and its groups were foretold, `account_lines` the accounts.
    """

    valuation: Valuation | None
    is_kept_back: bool
    is_computed: bool
    outlook: FirmOutlook | None
    chart: Chart | None
    months: Sequence[str]
    groups: Sequence[tuple[SeriesAhead, Sequence[tuple[str, float | None]]]]
    firm_lines: Sequence[QualityLine]
    account_lines: Sequence[QualityLine]
    payments: PaymentCurve | None
    payments_chart: Chart | None
    reason: str
    source: str


def ahead_page(user: User) -> AheadPage:
    """The page of a person. It holds sums of the whole firm, so it is for who sees all of it."""
    valuation = latest_valuation()
    # An account in the bin is in these sums still, and nobody may see it any more.
    is_kept_back = not sees_all_records(user) or (valuation is not None and has_binned(valuation))
    detail = None if valuation is None or is_kept_back else ValuationDetail.objects.filter(valuation=valuation).first()
    if valuation is None or detail is None:
        return AheadPage(valuation, is_kept_back, False, None, None, (), (), (), (), None, None, "", "")
    outlook = FirmOutlook.restored(detail.outlook) if detail.outlook else None
    months = [month_text(day) for day in outlook.ends_on] if outlook else []
    curve = PaymentCurve.restored(detail.payments) if detail.payments else None
    return AheadPage(
        valuation=valuation,
        is_kept_back=False,
        is_computed=True,
        outlook=outlook,
        chart=outlook_chart(outlook.firm, outlook.past_ends_on, outlook.ends_on, valuation.currency, outlook.level)
        if outlook
        else None,
        months=months,
        groups=[(one, list(zip(months, one.expected, strict=True))) for one in outlook.categories] if outlook else (),
        firm_lines=_lines(outlook.firm_quality) if outlook else (),
        account_lines=_lines(outlook.account_quality) if outlook else (),
        payments=curve,
        payments_chart=payment_chart(curve) if curve else None,
        reason=next((one["reason"] for one in detail.not_computed if one["part"].startswith("months")), ""),
        source=source_of(valuation),
    )


def _lines(quality: Sequence[ClassQuality]) -> list[QualityLine]:
    return [
        QualityLine(
            CLASS_WORDS.get(one.demand_class, one.demand_class),
            METHOD_WORDS.get(one.method, one.method),
            one.series_count,
            one.mase,
            one.mase_seasonal_naive,
            one.coverage,
        )
        for one in quality
    ]
