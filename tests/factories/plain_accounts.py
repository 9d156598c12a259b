"""Who belongs to which account and what a currency is worth, row by row in plain Python: an independent check on the engine."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

Rows = list[dict[str, Any]]
Key = tuple[str, str]


def newest(rows: Rows, *key: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The last imported version of every record."""
    latest: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda r: (r["batch_id"], -1 if r["source_row"] is None else r["source_row"])):
        latest[tuple(row[name] for name in key)] = row
    return latest


def account_names(tables: dict[str, Rows]) -> dict[Key, str]:
    """Account of every customer seen in any table."""
    first: dict[Key, str] = {}
    for name in ("customers", "transactions", "receivables", "service_activities", "interactions"):
        for row in tables[name]:
            if row["customer_key"] is not None:
                key = row["source"], row["customer_key"]
                first[key] = min(first.get(key, row["batch_id"]), row["batch_id"])
    records = newest(tables["customers"], "source", "customer_key")
    names: dict[Key, str] = {}
    taken: set[str] = set()
    for source, customer in sorted(first, key=lambda k: (k[1], first[k], k[0])):
        given = records.get((source, customer), {}).get("account_key")
        if given is None:
            given = f"{customer}@{source}" if customer in taken else customer
            taken.add(customer)
        names[source, customer] = given
    return names


def rate_on(quotes: Rows, code: str | None, reporting: str, day: date) -> Fraction:
    """Reporting currency for one unit of `code`: direct, else inverse, else through the first cross currency by name."""
    if code in {None, reporting}:
        return Fraction(1)
    best: dict[tuple[str, str], tuple[date, str, Decimal]] = {}
    for quote in quotes:
        pair = quote["from_currency"], quote["to_currency"]
        entry = quote["rated_on"], quote["batch_id"], quote["rate"]
        if quote["rated_on"] <= day and (pair not in best or entry[:2] >= best[pair][:2]):
            best[pair] = entry

    def leg(one: str, other: str) -> Fraction | None:
        if (one, other) in best:
            return Fraction(best[one, other][2])
        return 1 / Fraction(best[other, one][2]) if (other, one) in best else None

    direct = leg(code, reporting)
    if direct is not None:
        return direct
    for cross in sorted({one for pair in best for one in pair} - {code, reporting}):
        first, second = leg(code, cross), leg(cross, reporting)
        if first is not None and second is not None:
            return first * second
    raise AssertionError(f"no rate for {code} on {day}")


def group(rows: Rows, names: dict[Key, str]) -> dict[str, Rows]:
    """Rows by account; those without a customer fall out."""
    found: dict[str, Rows] = defaultdict(list)
    for row in rows:
        if row["customer_key"] is not None:
            found[names[row["source"], row["customer_key"]]].append(row)
    return found
