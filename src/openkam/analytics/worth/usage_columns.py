"""What, when, where and by which channel an account buys, in as many lines as a page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

import numpy as np

from openkam.analytics.behaviour.usage_patterns import UsagePattern, UsageShare

LINES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class UsageLine:
    """A product, site or channel: net sales (currency) and quantity (units) of the period, and of the same days a year before."""

    name: str
    amount: Decimal
    quantity: Decimal
    amount_before: Decimal
    quantity_before: Decimal


@dataclass(frozen=True, slots=True)
class UsageTable:
    """The largest `lines`; what `rest_count` others brought together is `rest`, None without such."""

    lines: tuple[UsageLine, ...]
    rest_count: int
    rest: UsageLine | None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tables by product, site and channel; `season` are the 12 calendar months' shares of sales, empty where not known."""

    products: UsageTable
    sites: UsageTable
    channels: UsageTable
    season: tuple[float, ...]

    def kept(self) -> dict[str, Any]:
        """As plain values, to be stored: amounts as text, so that none is rounded."""
        tables = {name: _kept(getattr(self, name)) for name in ("products", "sites", "channels")}
        return tables | {"season": list(self.season)}

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """From what `kept` gave."""
        products, sites, channels = (_restored(kept[name]) for name in ("products", "sites", "channels"))
        return cls(products, sites, channels, tuple(kept["season"]))


def usage_of(pattern: UsagePattern, site_names: Mapping[str, str]) -> Usage | None:
    """A pattern as a page shows it, sites under the names of their customers; None for an account that bought in neither year."""
    if not pattern.products:
        return None
    return Usage(
        _table(pattern.products, {}),
        _table(pattern.sites, site_names),
        _table(pattern.channels, {}),
        () if np.isnan(pattern.season).any() else tuple(np.round(pattern.season, 4).tolist()),
    )


def _table(shares: Sequence[UsageShare], names: Mapping[str, str]) -> UsageTable:
    lines = [
        UsageLine(names.get(one.name, one.name), one.amount, one.quantity, one.amount_before, one.quantity_before)
        for one in shares
    ]
    # A rest of one line takes as much room as the line itself.
    shown = LINES_SHOWN if len(lines) > LINES_SHOWN + 1 else len(lines)
    rest = lines[shown:]
    if not rest:
        return UsageTable(tuple(lines), 0, None)
    sums = (
        sum((getattr(one, name) for one in rest), Decimal(0))
        for name in ("amount", "quantity", "amount_before", "quantity_before")
    )
    return UsageTable(tuple(lines[:shown]), len(rest), UsageLine("", *sums))


def _kept(table: UsageTable) -> dict[str, Any]:
    lines = [_text(one) for one in table.lines]
    return {"lines": lines, "rest_count": table.rest_count, "rest": _text(table.rest) if table.rest else None}


def _text(line: UsageLine) -> list[str]:
    numbers = (line.amount, line.quantity, line.amount_before, line.quantity_before)
    return [line.name, *(format(number.normalize(), "f") for number in numbers)]


def _restored(kept: Mapping[str, Any]) -> UsageTable:
    lines = tuple(_line(one) for one in kept["lines"])
    return UsageTable(lines, kept["rest_count"], _line(kept["rest"]) if kept["rest"] else None)


def _line(kept: Sequence[str]) -> UsageLine:
    name, *numbers = kept
    return UsageLine(name, *map(Decimal, numbers))
