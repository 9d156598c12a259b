"""The programme's limits as linear limits over the candidates: Σ numerator·x ≤ bound · (Σ denominator·x, or 1)."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openkam.analytics.selection.criteria import Vector
from openkam.analytics.selection.problem import Limit, Sense
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_document import Place, counted, did_you_mean, listed, shown

MOST_VALUES_OF_EACH = 500
"""Beyond this many values a floor or cap "for each" makes more limits than anybody reads and any solver likes."""

_FIELD_WORDS = {"group_name": "group"}


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """What limits read of the candidates, by index of the problem. `attributes` maps a field to its values, overrides applied;
    `known_values` to every value that any account of the firm has. NaN = missing. `cost` is None where nothing says it."""

    hours: Vector
    cost: Vector | None
    net_sales: Vector
    expected_loss: Vector
    is_prospect: npt.NDArray[np.bool_]
    attributes: dict[str, list[str | None]]
    known_values: dict[str, frozenset[str]]


def limits_of(programme: Programme, facts: CandidateFacts, currency: str) -> tuple[tuple[Limit, ...], list[str]]:
    """All limits in the order of the reference page, and notes on what was missing; raises `ProgrammeError` on unknown values."""
    notes: list[str] = []
    limits = [*_counts(programme, facts), *_resources(programme, facts, currency)]
    bound = programme.limits.mean_expected_loss_rate_at_most
    if bound is not None:
        limits.append(_expected_loss(facts, bound, notes))
    limits += _floors(programme, facts)
    limits += _caps(programme, facts, notes)
    return tuple(limits), notes


def _counts(programme: Programme, facts: CandidateFacts) -> list[Limit]:
    given, ones = programme.limits, np.ones(len(facts.hours))
    found: list[Limit] = []
    if given.accounts_at_most is not None:
        found.append(Limit("accounts_at_most", "Accounts", "accounts", Sense.AT_MOST, ones, float(given.accounts_at_most), 1.0))
    if given.accounts_at_least:
        found.append(
            Limit("accounts_at_least", "Accounts", "accounts", Sense.AT_LEAST, ones, float(given.accounts_at_least), 1.0)
        )
    if given.prospects_at_least:
        prospects = facts.is_prospect.astype(np.float64)
        found.append(Limit("prospects", "Prospects", "accounts", Sense.AT_LEAST, prospects, float(given.prospects_at_least), 1.0))
    return found


def _resources(programme: Programme, facts: CandidateFacts, currency: str) -> list[Limit]:
    given = programme.limits
    found: list[Limit] = []
    if given.budget_per_year is not None and facts.cost is not None:
        bound, step = given.budget_per_year, _money_step(given.budget_per_year)
        unit = f"{currency}/year"
        found.append(Limit("budget", "Budget", unit, Sense.AT_MOST, facts.cost, bound, step, own_label="its own cost"))
    if given.hours_per_year is not None:
        label, bound = "Manager hours in all", given.hours_per_year
        found.append(Limit("hours", label, "hours/year", Sense.AT_MOST, facts.hours, bound, 1.0, own_label="its own hours"))
    return found


def _expected_loss(facts: CandidateFacts, bound: float, notes: list[str]) -> Limit:
    """Σ expected loss ≤ ρ̄ · Σ net sales over the chosen accounts whose expected loss is known."""
    known = ~np.isnan(facts.expected_loss)
    loss = np.where(known, facts.expected_loss, 0.0)
    sales = np.where(known, _sales(facts), 0.0)
    unknown = int((~known).sum())
    if unknown:
        notes.append(f"Mean expected loss leaves out {counted(unknown, 'candidate')} for which it is unknown.")
    label, unit = "Mean expected loss", "share of sales"
    return Limit("mean_expected_loss", label, unit, Sense.AT_MOST, loss, bound, 0.001, sales, "its own expected loss")


def _floors(programme: Programme, facts: CandidateFacts) -> list[Limit]:
    found: dict[str, Limit] = {}
    for number, floor in sorted(enumerate(programme.floors, 1), key=lambda pair: pair[1].value is not None):
        for value in _values(facts, programme.place("floor", number), floor.field, floor.value):
            name = f"floor:{floor.field}:{value}"
            label = f"Accounts in {_words(floor.field)} {value}"
            bound = float(floor.accounts_at_least)
            found[name] = Limit(name, label, "accounts", Sense.AT_LEAST, _members(facts, floor.field, value), bound, 1.0)
    return list(found.values())


def _caps(programme: Programme, facts: CandidateFacts, notes: list[str]) -> list[Limit]:
    found: dict[str, Limit] = {}
    sales = _sales(facts)
    for number, cap in sorted(enumerate(programme.caps, 1), key=lambda pair: pair[1].value is not None):
        for value in _values(facts, programme.place("cap", number), cap.field, cap.value):
            name = f"cap:{cap.field}:{value}"
            label = f"{_words(cap.field).capitalize()} {value}"
            sold = sales * _members(facts, cap.field, value)
            bound = cap.share_of_sales_at_most
            if sold.any():
                found[name] = Limit(name, label, "share of sales", Sense.AT_MOST, sold, bound, 0.01, sales)
    unknown, negative = int(np.isnan(facts.net_sales).sum()), int((facts.net_sales < 0).sum())
    if programme.caps and unknown:
        notes.append(f"Caps on shares of sales count {counted(unknown, 'candidate')} without net sales as 0.")
    if programme.caps and negative:
        notes.append(f"Caps on shares of sales count {counted(negative, 'candidate')} with negative net sales as 0.")
    return list(found.values())


def _values(facts: CandidateFacts, place: Place, field: str, value: str | None) -> list[str]:
    """The value named, checked against the firm's accounts, or each value that a candidate has."""
    known = facts.known_values[field]
    if value is not None:
        if value not in known:
            hint = did_you_mean(value, sorted(known))
            problem = f"no account has {field} {shown(value)}{hint}: correct it. Known: {listed(sorted(known)) or 'none'}."
            raise place.fault(problem, "value")
        return [value]
    each = sorted({v for v in facts.attributes[field] if v is not None})
    if len(each) > MOST_VALUES_OF_EACH:
        raise place.fault(
            f"{field} has {len(each):,} values, more than {MOST_VALUES_OF_EACH}: name the ones that matter, a table each."
        )
    return each


def _members(facts: CandidateFacts, field: str, value: str) -> Vector:
    return (np.array(facts.attributes[field], dtype=object) == value).astype(np.float64)


def _sales(facts: CandidateFacts) -> Vector:
    return np.maximum(np.nan_to_num(facts.net_sales), 0.0)


def _words(field: str) -> str:
    return _FIELD_WORDS.get(field, field)


def _money_step(bound: float) -> float:
    """About a hundredth of the bound, a power of ten."""
    return 10.0 ** max(math.floor(math.log10(bound)) - 2, 0) if bound >= 1 else 1.0
