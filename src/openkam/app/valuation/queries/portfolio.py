"""The accounts that a person sees as a portfolio: who earns, who loses, how concentrated, and what margin says that sales do not."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from openkam.analytics.valuation.whale_band import WhaleBand
from openkam.analytics.worth.known_total import known_total
from openkam.analytics.worth.portfolio_worth import PortfolioColumns, PortfolioWorth, RankPair, portfolio_worth, restored
from openkam.app.people.models import User
from openkam.app.runs.models import Run
from openkam.app.runs.queries import visible_runs
from openkam.app.runs.terms import OPEN_STATUSES, RunStatus
from openkam.app.ui.templatetags.charts import Chart
from openkam.app.valuation.models import AccountWorth, Valuation
from openkam.app.valuation.permissions import sees_all_records
from openkam.app.valuation.queries.account_worth import source_of
from openkam.app.valuation.queries.alert_verdicts import is_dealt_with
from openkam.app.valuation.queries.rank_chart import DRAWN, rank_chart
from openkam.app.valuation.queries.scope import has_binned, latest_valuation, visible_worths
from openkam.app.valuation.terms import VALUATION_KIND

READ = ("account_id", "name", "net_invoice", "contribution", "cost_to_serve", "lifetime_value", "overdue_on")
NAME = READ.index("name")
SHOWN = 8
"""Accounts that a panel names before it says how many more there are."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shift:
    """An account that would lose or gain a place in the top if margin replaced sales."""

    row: Row
    ranks: RankPair


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of some accounts: `rows` are those that `found` ranks, `READ` of each; the others as in `PortfolioPage`."""

    found: PortfolioWorth
    rows: Sequence[tuple[Any, ...]]
    losers: Iterable[Row]
    overdue: Iterable[Row]
    overdue_count: int
    overdue_value: Decimal | None
    largest: Row | None


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
    shown = _kept(whole, seen, valuation, cut) if whole is not None else _reckoned(seen, valuation, cut)
    return PortfolioPage(
        valuation=valuation,
        run=run if run and (run.status in OPEN_STATUSES or run.pk > (valuation.run_id or 0)) else None,
        found=shown.found,
        losers=tuple(shown.losers),
        overdue=tuple(shown.overdue),
        overdue_count=shown.overdue_count,
        overdue_value=shown.overdue_value,
        shifts=tuple(Shift(_row(shown.rows[one.position]), one) for one in shown.found.shifts[:SHOWN]),
        rank_chart=rank_chart(shown.found, [row[NAME] for row in shown.rows]),
        largest=shown.largest,
        band=WhaleBand.restored(valuation.band) if whole is not None and valuation.band else None,
        source=source_of(valuation),
    )


def _kept(whole: Mapping[str, Any], seen: "QuerySet[AccountWorth]", valuation: Valuation, cut: int) -> Shown:
    """What the run kept of the whole firm, and the accounts that the page shows: each list asks the database for its few."""
    values = seen.values(*READ)
    ranked = seen.filter(Q(sales_rank__lte=DRAWN) | Q(margin_rank__lte=cut))
    rows = list(ranked.values_list(*READ, "sales_rank", "margin_rank"))
    found = restored(whole, [row[len(READ) :] for row in rows], cut)
    late = seen.filter(_is_open(valuation)).order_by()
    left = late.aggregate(count=Count("*"), value=Sum("lifetime_value"))
    return Shown(
        found,
        rows,
        losers=values.filter(contribution__lt=0).order_by("contribution", "pk")[:SHOWN],
        overdue=values.filter(_is_open(valuation)).order_by(F("lifetime_value").desc(nulls_last=True), "pk")[:SHOWN],
        overdue_count=left["count"],
        overdue_value=left["value"],
        largest=values.filter(contribution__isnull=False).order_by("-contribution", "pk").first() if found.stress else None,
    )


def _reckoned(seen: "QuerySet[AccountWorth]", valuation: Valuation, cut: int) -> Shown:
    """The accounts of who sees a part, read once: they are reckoned together here, and every list of the page is among them."""
    names = (*READ, "capacity_cost", "is_overdue", "group_name", "is_open")
    rows = list(seen.annotate(is_open=_is_open(valuation)).values_list(*names))
    columns: dict[str, Sequence[Any]] = dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True))
    accounts = PortfolioColumns(
        sales=_floats(columns["net_invoice"]),
        contribution=_floats(columns["contribution"]),
        capacity_cost=_floats(columns["capacity_cost"]),
        lifetime_value=_floats(columns["lifetime_value"]),
        is_overdue=[bool(late) for late in columns["is_overdue"]],
        groups=columns["group_name"],
    )
    found, left, ahead = portfolio_worth(accounts, cut), columns["contribution"], columns["lifetime_value"]
    late = [place for place, is_open in enumerate(columns["is_open"]) if is_open]
    losing = [place for place, amount in enumerate(left) if amount is not None and amount < 0]
    return Shown(
        found,
        rows,
        losers=[_row(rows[place]) for place in heapq.nsmallest(SHOWN, losing, key=lambda place: left[place])],
        overdue=[
            _row(rows[place])
            for place in heapq.nsmallest(SHOWN, late, key=lambda place: (ahead[place] is None, -(ahead[place] or 0)))
        ],
        overdue_count=len(late),
        overdue_value=known_total(ahead[place] for place in late),
        largest=_row(rows[found.stress.lost[0]]) if found.stress else None,
    )


def _is_open(valuation: Valuation) -> Q:
    """Of rows: whether the order is overdue and nobody dealt with it."""
    return Q(is_overdue=True) & ~Q(is_dealt_with(valuation))


def valuation_run(user: User) -> Run | None:
    """The newest valuation's run where it is at work or has failed, as far as the person sees it."""
    newest = visible_runs(user).filter(kind=VALUATION_KIND).first()
    shown: Sequence[str] = (*OPEN_STATUSES, RunStatus.FAILED, RunStatus.LOST)
    return newest if newest is not None and newest.status in shown else None


def _row(values: Sequence[Any]) -> Row:
    return dict(zip(READ, values, strict=False))


def _floats(amounts: Iterable[Decimal | None]) -> list[float | None]:
    return [None if amount is None else float(amount) for amount in amounts]
