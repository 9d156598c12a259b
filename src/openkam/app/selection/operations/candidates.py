"""A solved programme as rows: one per candidate, and the use of its limits."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from openkam.analytics.report.decisions import change_words
from openkam.analytics.report.limits import LimitUse, uses_of
from openkam.analytics.review.review import CriterionNote
from openkam.analytics.selection.problem import Change, Explanations, SelectionProblem, Solution
from openkam.app.accounts.models import AccountKey
from openkam.app.audit.operations import insert_rows
from openkam.app.selection.models import Candidate, Robustness, Scenario

FIELDS = tuple(field.name for field in Candidate._meta.concrete_fields if field.name != "id")
COLUMNS = tuple(field.attname for field in Candidate._meta.concrete_fields if field.name != "id")
FEW_ENOUGH_TO_NAME = 10_000
"""Ledger accounts that are asked for by name; for more, all keys are read."""
EXPLAINED = ("is_explained", "regret_percent", "binding", "displaces", "brings_in", "needs", "partners")


def plain(value: object) -> object:
    """What JSON can hold; a figure that is missing or not finite is None."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return value
    number = float(value) if isinstance(value, Decimal | float) else float(str(value))
    return number if math.isfinite(number) else None


def criteria_of(notes: Sequence[CriterionNote]) -> list[dict[str, object]]:
    """The criteria as used, for the page."""
    return [{"name": c.name, "label": c.label, "weight": c.weight, "unit": c.unit, "measure": c.measure or ""} for c in notes]


def limits_used(problem: SelectionProblem, solution: Solution, currency: str) -> list[dict[str, object]]:
    """The use of every limit and of every manager's hours, by the engine's names of them."""
    names = [*(limit.name for limit in problem.limits), *(f"manager:{name}" for name in problem.managers)]
    return [_limit(name, use) for name, use in zip(names, uses_of(problem, solution, currency), strict=True)]


def _limit(name: str, use: LimitUse) -> dict[str, object]:
    worth = use.loosening_worth
    return {
        "name": name,
        "label": use.label,
        "sense": str(use.sense),
        "used": plain(use.used),
        "bound": plain(use.bound),
        "used_text": use.amount(use.used),
        "bound_text": use.amount(use.bound),
        "left_text": use.amount(use.slack),
        "unit": use.unit_words,
        "fill": use.fill,
        "is_binding": use.is_binding,
        "loosening": use.loosening if worth and worth > 0 else "",
        "worth": worth if worth and worth > 0 else None,
    }


@transaction.atomic
def store_candidates(
    scenario: Scenario,
    *,
    accounts: Iterable[Mapping[str, Any]],
    criteria: Sequence[CriterionNote],
    problem: SelectionProblem,
    measures: Sequence[str],
) -> None:
    """Replace a scenario's candidates; `accounts` are the candidates' rows of a review's table, `measures` the columns to keep."""
    Robustness.objects.filter(scenario=scenario).delete()
    Candidate.objects.filter(scenario=scenario).delete()
    accounts = list(accounts)
    ours = _our_accounts([row["account"] for row in accounts])
    pins = {problem.accounts[pin.account]: "in" if pin.is_in else "out" for pin in problem.pins}
    rows = []
    for row in accounts:
        key = row["account"]
        candidate = Candidate(
            scenario_id=scenario.pk,
            account_id=ours.get(key),
            ledger_account=key[:400],
            name=(row["name"] or key)[:300],
            rank=row["rank"],
            utility=row["utility"],
            is_selected=row["is_selected"],
            manager_name=(row["manager"] or "")[:150],
            region=(row["region"] or "")[:200],
            hours=row["hours"],
            cost=row["cost"],
            contributions=[round(c.weight * row[f"value_{c.name}"], 9) for c in criteria],
            levels=[plain(row.get(c.measure)) if c.measure else None for c in criteria],
            measures={name: plain(row[name]) for name in measures},
            pin=pins.get(key, ""),
        )
        rows.append([getattr(candidate, column) for column in COLUMNS])
    insert_rows(Candidate, FIELDS, rows)


def _our_accounts(ledger_accounts: Sequence[str]) -> dict[str, int]:
    """By ledger account the account that holds it, the first of several."""
    keys = AccountKey.objects.order_by("-id").values_list("ledger_account", "account_id")
    if len(ledger_accounts) > FEW_ENOUGH_TO_NAME:
        return dict(keys.iterator(chunk_size=2000))
    return dict(keys.filter(ledger_account__in=ledger_accounts))


@transaction.atomic
def store_explanations(scenario: Scenario, *, problem: SelectionProblem, explanations: Explanations, currency: str) -> None:
    """Write the reasons to the candidates they are of."""
    names = problem.accounts
    candidates = {candidate.ledger_account: candidate for candidate in Candidate.objects.filter(scenario=scenario)}
    changed: list[Candidate] = []
    for why in explanations.why_in:
        candidate = candidates[names[why.account]]
        candidate.is_explained, candidate.regret_percent = True, why.loss_percent
        candidate.displaces = [names[i] for i in why.displaces]
        changed.append(candidate)
    for why in explanations.why_out:
        candidate = candidates[names[why.account]]
        candidate.is_explained, candidate.regret_percent, candidate.binding = True, why.regret_percent, why.binding
        candidate.displaces, candidate.brings_in = [names[i] for i in why.displaces], [names[i] for i in why.brings_in]
        candidate.needs = [_need(change, currency) for change in why.needs]
        pairs = (*problem.conflicts, *problem.coherence)
        candidate.partners = sorted({names[i] for p in pairs if why.account in (p.first, p.second) for i in (p.first, p.second)})
        changed.append(candidate)
    Candidate.objects.bulk_update(changed, EXPLAINED, batch_size=200)
    Scenario.objects.filter(pk=scenario.pk).update(is_explained=True)


def _need(change: Change, currency: str) -> dict[str, object]:
    words = change_words(change, currency)
    return {
        "name": change.name,
        "label": words.label,
        "unit": words.unit,
        "from": words.from_text,
        "to": words.to_text,
        "is_stable": words.is_stable,
        "note": words.note,
    }
