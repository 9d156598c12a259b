"""Limits and amounts in words, as the selection's messages show them."""

from math import fsum

from openkam.analytics.selection.model import Indices
from openkam.analytics.selection.problem import Limit, Sense

SHARE = "share"


def number(value: float) -> str:
    """A number with thousands marks, from 10 on with no more than one decimal, below with four: 1,168.8 or 0.25."""
    text = f"{value:,.{1 if abs(value) >= 10.0 else 4}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def amount(value: float, unit: str) -> str:
    """A number with its unit; shares as percent: "1,180 hours/year", "30 % of sales"."""
    if unit == SHARE or unit.startswith(f"{SHARE} "):
        return f"{number(100 * value)} %{unit.removeprefix(SHARE)}"
    return f"{number(value)} {unit}".rstrip()


def bare(value: float, unit: str) -> str:
    """The number alone, a share as percent: "43 %"."""
    return amount(value, SHARE) if unit.startswith(SHARE) else number(value)


def lower(label: str) -> str:
    """A label inside a sentence."""
    return label[:1].lower() + label[1:]


def bound_words(label: str, unit: str, sense: Sense, bound: float) -> str:
    """A bound as part of a sentence: "at least 5 accounts in region West", "budget at most 150,000 USD/year"."""
    if label.lower().startswith(unit.lower()):
        one = unit.removesuffix("s") + label[len(unit) :]
        return f"{sense} {number(bound)} {one if bound == 1.0 else lower(label)}"
    return f"{lower(label)} {sense} {amount(bound, unit)}"


def limit_words(limit: Limit) -> str:
    """A limit as part of a sentence."""
    return bound_words(limit.label, limit.unit, limit.sense, limit.bound)


def used_words(limit: Limit, used: float) -> str:
    """How far a limit is used: "12 of 12 accounts are taken", "1,180 of 1,180 hours/year are used"."""
    if limit.sense is Sense.AT_LEAST:
        return f"{limit_words(limit)}, with {number(used)} now"
    if limit.denominator is not None:
        return f"{lower(limit.label)} stands at {bare(used, limit.unit)} of at most {amount(limit.bound, limit.unit)}"
    if limit.label.lower().startswith(limit.unit.lower()):
        return f"{number(used)} of {number(limit.bound)} {lower(limit.label)} are taken"
    return f"{number(used)} of {amount(limit.bound, limit.unit)} are used"


def used_of(limit: Limit, accounts: Indices) -> float:
    """What some accounts of the problem use of a limit, in its unit."""
    top = fsum(limit.numerator[accounts].tolist())
    if limit.denominator is None:
        return top
    beneath = fsum(limit.denominator[accounts].tolist())
    return top / beneath if beneath else 0.0
