"""The accounts that a person sees as a portfolio: who earns, who loses, how concentrated, and what margin says that sales do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from openkam.analytics.valuation.whale_band import WhaleBand
from openkam.analytics.worth.portfolio_worth import PortfolioAccount, PortfolioWorth, RankPair, portfolio_worth, restored
from openkam.app.people.models import User
from openkam.app.runs.models import Run
from openkam.app.runs.queries import visible_runs
from openkam.app.runs.terms import OPEN_STATUSES, RunStatus
from openkam.app.ui.templatetags.charts import Chart
from openkam.app.valuation.models import Valuation
from openkam.app.valuation.permissions import sees_all_records
from openkam.app.valuation.queries.account_worth import source_of
from openkam.app.valuation.queries.alert_verdicts import is_dealt_with
from openkam.app.valuation.queries.rank_chart import DRAWN, rank_chart
from openkam.app.valuation.queries.scope import has_binned, latest_valuation, visible_worths
from openkam.app.valuation.terms import VALUATION_KIND

READ = (
    *("account_id", "name", "net_invoice", "contribution", "capacity_cost", "cost_to_serve"),
    *("lifetime_value", "is_overdue", "overdue_on", "group_name"),
)
SHOWN = 8
"""Accounts that a panel names before it says how many more there are."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shift:
    """An account that would lose or gain a place in the top if margin replaced sales."""

    row: Row
    ranks: RankPair


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """Everything the page shows; without a valuation all else is empty. `losers` and `overdue` are the first `SHOWN`, the worst first.

    `overdue_count` and `overdue_value` are the accounts whose order is overdue and that nobody dealt with, and their lifetime value.
    `band` says how sure the whale curve is, for who sees the whole firm. `run` is a valuation at work, or the last one where it failed
    and nothing was valued since.
    """

    valuation: Valuation | None
    run: Run | None
    found: PortfolioWorth | None
    losers: tuple[Row, ...]
    overdue: tuple[Row, ...]
    shifts: tuple[Shift, ...]
    rank_chart: Chart | None
    largest: Row | None
    band: WhaleBand | None
    source: str
    overdue_count: int = 0
    overdue_value: Decimal | None = None

    @property
    def losing(self) -> list[RankPair]:
        """Who would leave the top."""
        return [one for one in self.found.shifts if one.loses] if self.found else []


def portfolio_page(user: User, cut: int) -> PortfolioPage:
    """The page of a person, in a number of queries that does not depend on the accounts; sums are of what they see.

    Who sees the whole firm reads what the run kept of it, and of the accounts only those that are shown.
    """
    valuation, run = latest_valuation(), valuation_run(user)
    if valuation is None:
        return PortfolioPage(None, run, None, (), (), (), None, None, None, "")
    seen = visible_worths(user, valuation).order_by("pk")
    may_read_kept = valuation.portfolio is not None and sees_all_records(user) and not has_binned(valuation)
    whole = valuation.portfolio if may_read_kept else None
    if whole is not None:
        ranked = seen.filter(Q(sales_rank__lte=DRAWN) | Q(margin_rank__lte=cut))
        rows: list[Row] = list(ranked.values(*READ, "sales_rank", "margin_rank"))
        found = restored(whole, [(row["sales_rank"], row["margin_rank"]) for row in rows], cut)
    else:
        rows = list(seen.values(*READ))
        found = portfolio_worth([_account(row) for row in rows], cut)
    values = seen.values(*READ)
    overdue = values.filter(~is_dealt_with(valuation), is_overdue=True)
    left = (
        seen.filter(~is_dealt_with(valuation), is_overdue=True)
        .order_by()
        .aggregate(count=Count("*"), value=Sum("lifetime_value"))
    )
    return PortfolioPage(
        valuation=valuation,
        run=run if run and (run.status in OPEN_STATUSES or run.pk > (valuation.run_id or 0)) else None,
        found=found,
        losers=tuple(values.filter(contribution__lt=0).order_by("contribution", "pk")[:SHOWN]),
        overdue=tuple(overdue.order_by(F("lifetime_value").desc(nulls_last=True), "pk")[:SHOWN]),
        overdue_count=left["count"],
        overdue_value=left["value"],
        shifts=tuple(Shift(rows[one.position], one) for one in found.shifts[:SHOWN]),
        rank_chart=rank_chart(found, [row["name"] for row in rows]),
        largest=values.filter(contribution__isnull=False).order_by("-contribution", "pk").first() if found.stress else None,
        band=WhaleBand.restored(valuation.band) if whole is not None and valuation.band else None,
        source=source_of(valuation),
    )


def valuation_run(user: User) -> Run | None:
    """The newest valuation's run where it is at work or has failed, as far as the person sees it."""
    newest = visible_runs(user).filter(kind=VALUATION_KIND).first()
    shown: Sequence[str] = (*OPEN_STATUSES, RunStatus.FAILED, RunStatus.LOST)
    return newest if newest is not None and newest.status in shown else None


def _account(row: Row) -> PortfolioAccount:
    return PortfolioAccount(
        sales=_number(row["net_invoice"]),
        contribution=_number(row["contribution"]),
        capacity_cost=_number(row["capacity_cost"]),
        lifetime_value=_number(row["lifetime_value"]),
        is_overdue=bool(row["is_overdue"]),
        group=row["group_name"],
    )


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
