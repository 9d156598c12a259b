"""Limits and amounts in words, as the selection's messages show them."""

from openkam.analytics.selection.problem import Limit

SHARE = "share"


def number(value: float) -> str:
    """A number with thousands marks and no more than four decimals: 1,180 or 0.25."""
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def amount(value: float, unit: str) -> str:
    """A number with its unit; shares as percent: "1,180 hours/year", "30 % of sales"."""
    if unit == SHARE or unit.startswith(f"{SHARE} "):
        return f"{number(100 * value)} %{unit.removeprefix(SHARE)}"
    return f"{number(value)} {unit}".rstrip()


def limit_words(limit: Limit) -> str:
    """A limit as a sentence part: "Accounts in West at least 5 accounts"."""
    return f"{limit.label} {limit.sense} {amount(limit.bound, limit.unit)}"
