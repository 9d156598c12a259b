"""What an account buys, when, how much, where and by which channel, and how that differs from a year ago."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

import ibis
import numpy as np
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.change_point import MONTHS_OF_A_YEAR, ChangePoint, change_point, seasonal_differences
from openkam.analytics.behaviour.facts import Facts, first_day_of_period
from openkam.analytics.behaviour.sales import NET_TYPES
from openkam.analytics.behaviour.sales_change import Cell, SalesChange, sales_change
from openkam.analytics.engine import Rows
from openkam.analytics.terms import OpenKamError, Period

HISTORY_MONTHS = 36
"""Months of the series on which change points are sought: 24 differences to the year before."""

WITHOUT_NAME = "not recorded"
TOLD_PARTS = 3


@dataclass(frozen=True, slots=True)
class UsageShare:
    """One product, site or channel: net sales (currency) and quantity (units) of the period and of the same a year before."""

    name: str
    amount: Decimal
    quantity: Decimal
    amount_before: Decimal
    quantity_before: Decimal


@dataclass(frozen=True, slots=True)
class UsagePattern:
    """How one account buys in `period`, against `period_before`.

    `products`, `sites` and `channels` come with the largest sales first; a sale without one stands under "not recorded".
    `months` are net sales (currency) of the last 36 months counted back from the as-of day, oldest first. `season` is each
    calendar month's share of the net sales of whole years (12 shares from January on), NaN below 12 months or where they are
    not positive. `told` is the change in one sentence.
    """

    account: str
    period: Period
    period_before: Period
    products: tuple[UsageShare, ...]
    sites: tuple[UsageShare, ...]
    channels: tuple[UsageShare, ...]
    months: Vector
    season: Vector
    change: SalesChange
    since: ChangePoint | None
    told: str


def usage_pattern(facts: Facts, account: str) -> UsagePattern:
    """The pattern of one account. Raises `OpenKamError` where there is no such account."""
    return usage_patterns(facts, [account])[account]


def usage_patterns(facts: Facts, accounts: Sequence[str]) -> dict[str, UsagePattern]:
    """The patterns of accounts, from three questions to the engine however many they are.

    Raises `OpenKamError` where one of them does not exist.
    """
    ids = _ids(facts, accounts)
    if not ids:
        return {}
    lines = _lines(facts, list(ids.values()))
    channels, cells = _cells(facts, lines, ("channel",)), _cells(facts, lines, ("site", "product"))
    histories, nothing = _histories(facts, lines), History.without_sales()
    found: dict[str, UsagePattern] = {}
    for account, one in ids.items():
        own = [cell for _, cell in cells.get(one, [])]
        history, change = histories.get(one, nothing), sales_change(own)
        found[account] = UsagePattern(
            account=account,
            period=facts.parameters.period,
            period_before=facts.parameters.period_before,
            products=_shares([(cell.product, cell) for cell in own]),
            sites=_shares([(cell.site, cell) for cell in own]),
            channels=_shares(channels.get(one, [])),
            months=history.months,
            season=_season(history, facts.parameters.as_of),
            change=change,
            since=history.since,
            told=_told(facts, one, change, history),
        )
    return found


def usage_sentences(facts: Facts, accounts: Sequence[str]) -> dict[str, str]:
    """The `told` of each account's pattern, by account, from two questions to the engine however many accounts there are.

    Raises `OpenKamError` where one of them does not exist.
    """
    ids = _ids(facts, accounts)
    if not ids:
        return {}
    lines = _lines(facts, list(ids.values()))
    cells, histories = _cells(facts, lines, ("site", "product")), _histories(facts, lines)
    nothing = History.without_sales()
    return {
        account: _told(facts, one, sales_change([cell for _, cell in cells.get(one, [])]), histories.get(one, nothing))
        for account, one in ids.items()
    }


@dataclass(frozen=True, slots=True)
class History:
    """Net sales (currency) of an account's last 36 months, oldest first; the first whole month since the first sale is
    `months[first_month]`."""

    months: Vector
    first_month: int

    @classmethod
    def without_sales(cls) -> Self:
        """That of an account which never bought."""
        return cls(np.zeros(HISTORY_MONTHS), HISTORY_MONTHS)

    @property
    def known(self) -> Vector:
        """The months that were whole since the first sale."""
        return self.months[self.first_month :]

    @property
    def since(self) -> ChangePoint | None:
        """The likeliest change of level against the year before, None for a short history or one without a change."""
        return change_point(seasonal_differences(self.known)) if len(self.known) > MONTHS_OF_A_YEAR else None


def _ids(facts: Facts, accounts: Sequence[str]) -> dict[str, int]:
    """Each account once with its id. Raises `OpenKamError` naming the first that does not exist."""
    wanted = set(accounts)
    found = {name: place for place, name in enumerate(facts.directory.names) if name in wanted}
    for account in accounts:
        if account not in found:
            raise OpenKamError(
                f"There is no account {account!r} on {facts.parameters.as_of}: give its key as the accounts list it."
            )
    return {account: found[account] for account in accounts}


def _lines(facts: Facts, account_ids: Sequence[int]) -> Rows:
    """The net sales lines of the accounts; a line without a site stands on that of the customer it is sold to."""
    lines = facts.by_account(facts.transactions)
    wanted = facts.engine.table(pa.table({"account_id": pa.array(sorted(account_ids), pa.int32())}))
    mine = lines.filter(lines.line_type.isin(NET_TYPES)).semi_join(wanted, "account_id")
    named = facts.products.group_by("source", "product_key").agg(product_name=facts.products.name.max())
    joined = mine.left_join(named, ["source", "product_key"])
    return joined.select(
        "account_id",
        "transacted_on",
        "net_amount",
        "quantity",
        "channel",
        site=ibis.coalesce(joined.site_key, joined.customer_key),
        product=ibis.coalesce(joined.product_name, joined.product_key),
    )


def _cells(facts: Facts, lines: Rows, by: tuple[str, ...]) -> dict[int, list[tuple[str | None, Cell]]]:
    """By account, sums of the period and of the one before for each cell of the columns `by`, with the name in the first."""
    period, before = facts.parameters.period, facts.parameters.period_before
    is_now = lines.transacted_on >= ibis.literal(period.start_on)
    is_before = (lines.transacted_on >= ibis.literal(before.start_on)) & (lines.transacted_on <= ibis.literal(before.end_on))
    keys = ("account_id", *by)
    rows = (
        lines.filter(is_now | is_before)
        .group_by(*keys)
        .agg(
            amount_before=lines.net_amount.sum(where=is_before),
            amount_now=lines.net_amount.sum(where=is_now),
            quantity_before=lines.quantity.sum(where=is_before),
            quantity_now=lines.quantity.sum(where=is_now),
        )
        .order_by(*keys)
    )
    found: dict[int, list[tuple[str | None, Cell]]] = {}
    table, zero = facts.engine.to_arrow(rows), Decimal(0)
    sums = [table[name].to_pylist() for name in ("amount_before", "amount_now", "quantity_before", "quantity_now")]
    numbers = zip(*([value or zero for value in column] for column in sums), strict=True)
    nothing = [None] * table.num_rows
    named = [table[name].to_pylist() if name in by else nothing for name in (by[0], "site", "product")]
    for account, name, site, product, amounts in zip(table["account_id"].to_pylist(), *named, numbers, strict=True):
        found.setdefault(account, []).append((name, Cell(site, product, *amounts)))
    return found


def _shares(cells: list[tuple[str | None, Cell]]) -> tuple[UsageShare, ...]:
    sums: dict[str, list[Decimal]] = {}
    for name, cell in cells:
        total = sums.setdefault(name or WITHOUT_NAME, [Decimal(0)] * 4)
        for place, value in enumerate((cell.amount_now, cell.quantity_now, cell.amount_before, cell.quantity_before)):
            total[place] += value
    ranked = sorted(sums.items(), key=lambda item: (-item[1][0], -item[1][2], item[0]))
    return tuple(UsageShare(name, *total) for name, total in ranked)


def _histories(facts: Facts, lines: Rows) -> dict[int, History]:
    """The months of every account that has a line."""
    as_of = facts.parameters.as_of
    day = lines.transacted_on
    back = (as_of.year - day.year()) * 12 + (as_of.month - day.month()) - ibis.ifelse(day.day() > as_of.day, 1, 0)
    dated = lines.mutate(month_back=back.cast("int64"))
    rows = facts.engine.to_arrow(dated.group_by("account_id", "month_back").agg(net=dated.net_amount.sum()))
    months: dict[int, Vector] = {}
    oldest: dict[int, int] = {}
    for account, month_back, net in zip(*(rows[name].to_pylist() for name in ("account_id", "month_back", "net")), strict=True):
        series = months.setdefault(account, np.zeros(HISTORY_MONTHS))
        oldest[account] = max(oldest.get(account, 0), month_back)
        if month_back < HISTORY_MONTHS:
            series[HISTORY_MONTHS - 1 - month_back] = float(net)
    return {account: History(series, max(HISTORY_MONTHS - oldest[account], 0)) for account, series in months.items()}


def _season(history: History, as_of: date) -> Vector:
    """Shares of the calendar months; a month counted back is named after the one it ends in."""
    months = history.months
    whole = len(history.known) // 12 * 12
    if not whole or months[-whole:].sum() <= 0:
        return np.full(12, np.nan)
    back = np.arange(whole - 1, -1, -1)
    calendar_month = (as_of.month - 1 - back) % 12
    return np.bincount(calendar_month, weights=months[-whole:], minlength=12) / months[-whole:].sum()


def _since_on(facts: Facts, history: History) -> date | None:
    """First day of the month since which the account buys at the new level, None where none is told."""
    since = history.since
    if since is None or not since.is_told:
        return None
    return first_day_of_period(facts.parameters.as_of, len(history.known) - MONTHS_OF_A_YEAR - since.month)


def _told(facts: Facts, account_id: int, change: SalesChange, history: History) -> str:
    """The change in one sentence, its largest parts first."""
    parameters = facts.parameters
    currency = parameters.reporting_currency
    name = facts.directory.attributes["name"][account_id].as_py()
    since_on = _since_on(facts, history)
    opening = f"In {parameters.period_words} {name} bought {_money(change.now)} {currency}"
    if not change.before and not change.now:
        return f"{name} bought nothing in {parameters.period_words} nor a year before."
    if change.before <= 0:
        return f"{opening}, after {_money(change.before)} a year before."
    if not change.change:
        compared = f"as much as a year before ({_money(change.before)})"
    else:
        word = "more" if change.change > 0 else "less"
        compared = f"{abs(change.change) / change.before:.1%} {word} than a year before ({_money(change.before)})"
    ranked = sorted(((words, part) for words, part in change.parts.items() if part), key=lambda item: -abs(item[1]))
    told, left = ranked[:TOLD_PARTS], sum((part for _, part in ranked[TOLD_PARTS:]), Decimal(0))
    parts = [f"{words} {_money(part, signed=True)}" for words, part in told]
    if len(ranked) > TOLD_PARTS:
        parts.append(f"all else {_money(left, signed=True)}")
    reasons = f": {', '.join(parts)}" if parts else ""
    since = f"; on its new level since {since_on}" if since_on else ""
    return f"{opening}, {compared}{reasons}{since}."


def _money(amount: Decimal, signed: bool = False) -> str:
    return f"{amount:{'+' if signed else ''},.0f}".replace("-", "−")
