"""What an account buys, when, how much, where and by which channel, and how that differs from a year ago."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import ibis
import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.change_point import ChangePoint, change_point, seasonal_differences
from openkam.analytics.behaviour.facts import Facts, first_day_of_period, months_before
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
    if account not in facts.directory.names:
        raise OpenKamError(f"There is no account {account!r} on {facts.parameters.as_of}: give its key as the accounts list it.")
    parameters = facts.parameters
    period = parameters.period
    end_before = months_before(parameters.as_of, 12)
    before = Period(first_day_of_period(end_before, parameters.period_months), end_before)
    lines = _lines(facts, facts.directory.names.index(account))
    by_channel = _cells(facts, lines, "channel", period, before)
    cells = [cell for _, cell in _cells(facts, lines, None, period, before)]
    months, first_month = _months(facts, lines)
    change = sales_change(cells)
    since = change_point(seasonal_differences(months[first_month:])) if len(months) - first_month > 12 else None
    return UsagePattern(
        account=account,
        period=period,
        period_before=before,
        products=_shares([(cell.product, cell) for cell in cells]),
        sites=_shares([(cell.site, cell) for cell in cells]),
        channels=_shares(by_channel),
        months=months,
        season=_season(months, first_month, parameters.as_of),
        change=change,
        since=since,
        told=_told(facts, account, change, _since_on(facts, since, len(months) - first_month)),
    )


def _lines(facts: Facts, account_id: int) -> Rows:
    """The account's net sales lines; a line without a site stands on that of the customer it is sold to."""
    lines = facts.by_account(facts.transactions)
    mine = lines.filter(lines.account_id == account_id, lines.line_type.isin(NET_TYPES))
    named = facts.products.group_by("source", "product_key").agg(product_name=facts.products.name.max())
    joined = mine.left_join(named, ["source", "product_key"])
    return joined.select(
        "transacted_on",
        "net_amount",
        "quantity",
        "channel",
        site=ibis.coalesce(joined.site_key, joined.customer_key),
        product=ibis.coalesce(joined.product_name, joined.product_key),
    )


def _cells(facts: Facts, lines: Rows, by: str | None, period: Period, before: Period) -> list[tuple[str | None, Cell]]:
    """Sums of the two periods by site and product, or by one other column, with the name in that column."""
    is_now = lines.transacted_on >= ibis.literal(period.start_on)
    is_before = (lines.transacted_on >= ibis.literal(before.start_on)) & (lines.transacted_on <= ibis.literal(before.end_on))
    keys = ("site", "product") if by is None else (by,)
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
    found: list[tuple[str | None, Cell]] = []
    for row in facts.engine.to_arrow(rows).to_pylist():
        numbers = [row[name] or Decimal(0) for name in ("amount_before", "amount_now", "quantity_before", "quantity_now")]
        found.append((row.get(by or ""), Cell(row.get("site"), row.get("product"), *numbers)))
    return found


def _shares(cells: list[tuple[str | None, Cell]]) -> tuple[UsageShare, ...]:
    sums: dict[str, list[Decimal]] = {}
    for name, cell in cells:
        total = sums.setdefault(name or WITHOUT_NAME, [Decimal(0)] * 4)
        for place, value in enumerate((cell.amount_now, cell.quantity_now, cell.amount_before, cell.quantity_before)):
            total[place] += value
    ranked = sorted(sums.items(), key=lambda item: (-item[1][0], -item[1][2], item[0]))
    return tuple(UsageShare(name, *total) for name, total in ranked)


def _months(facts: Facts, lines: Rows) -> tuple[Vector, int]:
    """Net sales of the last months, oldest first, and the first whole month since the first sale."""
    as_of = facts.parameters.as_of
    day = lines.transacted_on
    back = (as_of.year - day.year()) * 12 + (as_of.month - day.month()) - ibis.ifelse(day.day() > as_of.day, 1, 0)
    dated = lines.mutate(month_back=back.cast("int64"))
    rows = facts.engine.to_arrow(dated.group_by("month_back").agg(net=dated.net_amount.sum()))
    months = np.zeros(HISTORY_MONTHS)
    backs = rows["month_back"].to_pylist()
    for month_back, net in zip(backs, rows["net"].to_pylist(), strict=True):
        if month_back < HISTORY_MONTHS:
            months[HISTORY_MONTHS - 1 - month_back] = float(net)
    return months, max(HISTORY_MONTHS - max(backs, default=0), 0)


def _season(months: Vector, first_month: int, as_of: date) -> Vector:
    """Shares of the calendar months; a month counted back is named after the one it ends in."""
    whole = (len(months) - first_month) // 12 * 12
    if not whole or months[-whole:].sum() <= 0:
        return np.full(12, np.nan)
    back = np.arange(whole - 1, -1, -1)
    calendar_month = (as_of.month - 1 - back) % 12
    return np.bincount(calendar_month, weights=months[-whole:], minlength=12) / months[-whole:].sum()


def _since_on(facts: Facts, since: ChangePoint | None, month_count: int) -> date | None:
    """First day of the month since which the account buys at the new level, None where none is told."""
    if since is None or not since.is_told:
        return None
    return first_day_of_period(facts.parameters.as_of, month_count - 12 - since.month)


def _told(facts: Facts, account: str, change: SalesChange, since_on: date | None) -> str:
    """The change in one sentence, its largest parts first."""
    parameters = facts.parameters
    currency = parameters.reporting_currency
    name = facts.directory.attributes["name"][facts.directory.names.index(account)].as_py()
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
