"""Why sales and contribution differ from those of a year before: of one account, and of all that a person sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Abs

from openkam.analytics.worth.bridge_columns import COLUMNS, BridgeLine, BridgeStair, bridge_line, bridge_stairs
from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.ui.templatetags.charts import Chart
from openkam.app.valuation.models import Valuation
from openkam.app.valuation.queries.account_worth import source_of
from openkam.app.valuation.queries.bridge_chart import bridge_chart
from openkam.app.valuation.queries.scope import latest_valuation, visible_bridges
from openkam.app.valuation.terms import BridgeOf

SHOWN_OF_EACH = ("account_id", "name", *COLUMNS)
SHOWN = 15
"""Accounts that the page names, those that changed most first."""


@dataclass(frozen=True, slots=True)
class BridgePanel:
    """One bridge as drawn: its stairs, its chart, and the two periods that it leads between."""

    of: BridgeOf
    stairs: tuple[BridgeStair, ...]
    chart: Chart
    before_start_on: date | None
    before_end_on: date | None


@dataclass(frozen=True, slots=True)
class MovedAccount:
    """An account and the way it went; without `account_id` it has no record of ours."""

    account_id: int | None
    name: str
    line: BridgeLine


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The bridge of all accounts that the person sees, and the accounts that moved most; None and empty where nothing was bridged."""

    valuation: Valuation | None
    of: BridgeOf
    panel: BridgePanel | None
    rows: Sequence[MovedAccount]
    account_count: int
    source: str


def changes_page(user: User, asked: str) -> ChangesPage:
    """The page of a person, in a number of queries that does not depend on the accounts."""
    of = BridgeOf(asked) if asked in BridgeOf.values else BridgeOf.NET_SALES
    valuation = latest_valuation()
    if valuation is None:
        return ChangesPage(None, of, None, (), 0, "")
    seen = visible_bridges(user, valuation).filter(of=of).order_by()
    sums = seen.aggregate(**{name: Sum(name) for name in COLUMNS})
    count = seen.count()
    moved = seen.annotate(change=F("after") - F("before")).order_by(Abs(F("change")).desc(), "pk")
    return ChangesPage(
        valuation=valuation,
        of=of,
        panel=_panel(sums, of, valuation) if count else None,
        rows=[MovedAccount(row["account_id"], row["name"], bridge_line(row)) for row in moved.values(*SHOWN_OF_EACH)[:SHOWN]],
        account_count=count,
        source=source_of(valuation),
    )


def account_bridges(user: User, account: Account, valuation: Valuation) -> list[BridgePanel]:
    """The bridges of one account that the person sees, in one query; all its ledger accounts together."""
    found = visible_bridges(user, valuation).filter(account=account).order_by().values("of")
    rows = {row["of"]: row for row in found.annotate(**{f"sum_{name}": Sum(name) for name in COLUMNS})}
    sums = {of: {name: rows[of][f"sum_{name}"] for name in COLUMNS} for of in BridgeOf if of in rows}
    return [_panel(amounts, of, valuation) for of, amounts in sums.items()]


def _panel(sums: Mapping[str, Any], of: BridgeOf, valuation: Valuation) -> BridgePanel:
    stairs = bridge_stairs({name: int(sums[name]) for name in COLUMNS})
    return BridgePanel(of, stairs, bridge_chart(stairs, valuation.currency), valuation.before_start_on, valuation.before_end_on)
