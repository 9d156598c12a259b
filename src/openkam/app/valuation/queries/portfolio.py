"""The accounts that a person sees as a portfolio: who earns, who loses, how concentrated, and what margin says that sales do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openkam.analytics.worth.portfolio_worth import PortfolioAccount, PortfolioWorth, RankPair, portfolio_worth
from openkam.app.people.models import User
from openkam.app.runs.models import Run
from openkam.app.runs.queries import visible_runs
from openkam.app.runs.terms import OPEN_STATUSES, RunStatus
from openkam.app.ui.templatetags.charts import Chart
from openkam.app.valuation.models import Valuation
from openkam.app.valuation.queries.account_worth import source_of
from openkam.app.valuation.queries.rank_chart import rank_chart
from openkam.app.valuation.queries.scope import latest_valuation, visible_worths
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

    `run` is a valuation at work, or the last one where it failed and nothing was valued since.
    """

    valuation: Valuation | None
    run: Run | None
    found: PortfolioWorth | None
    losers: tuple[Row, ...]
    overdue: tuple[Row, ...]
    shifts: tuple[Shift, ...]
    rank_chart: Chart | None
    largest: Row | None
    source: str

    @property
    def losing(self) -> list[RankPair]:
        """Who would leave the top."""
        return [one for one in self.found.shifts if one.loses] if self.found else []


def portfolio_page(user: User, cut: int) -> PortfolioPage:
    """The page of a person, in a number of queries that does not depend on the accounts; sums are of what they see."""
    valuation, run = latest_valuation(), valuation_run(user)
    if valuation is None:
        return PortfolioPage(None, run, None, (), (), (), None, None, "")
    rows = list(visible_worths(user, valuation).order_by("pk").values(*READ))
    found = portfolio_worth([_account(row) for row in rows], cut)
    losers = sorted((row for row in rows if (row["contribution"] or 0) < 0), key=lambda row: row["contribution"])
    overdue = sorted((row for row in rows if row["is_overdue"]), key=lambda row: -(row["lifetime_value"] or 0))
    return PortfolioPage(
        valuation=valuation,
        run=run if run and (run.status in OPEN_STATUSES or run.pk > (valuation.run_id or 0)) else None,
        found=found,
        losers=tuple(losers[:SHOWN]),
        overdue=tuple(overdue[:SHOWN]),
        shifts=tuple(Shift(rows[one.position], one) for one in found.shifts[:SHOWN]),
        rank_chart=rank_chart(found, [row["name"] for row in rows]),
        largest=rows[found.stress.lost[0]] if found.stress else None,
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
