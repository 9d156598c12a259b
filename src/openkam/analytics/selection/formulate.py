"""From a programme and the table of accounts to the selection problem, ready to solve."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa

from openkam.analytics.selection.account_columns import flags, numbers, words
from openkam.analytics.selection.candidates import Rows, candidate_rows, decisions_of, pins_of
from openkam.analytics.selection.criteria import Vector
from openkam.analytics.selection.fit import fit_of
from openkam.analytics.selection.limits import CandidateFacts, limits_of
from openkam.analytics.selection.problem import Pair, SelectionProblem
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_document import counted, did_you_mean, shown
from openkam.analytics.selection.programme_terms import FIELDS, Effort, EffortCurve
from openkam.analytics.selection.utility import Scores, check_measure, score
from openkam.analytics.terms import OpenKamError


@dataclass(frozen=True, slots=True)
class Formulation:
    """A selection problem and how it joins the table of accounts.

    `candidate_rows` gives the row of `accounts` for each index of the problem, `excluded_because` the words for each row that is
    no candidate. `scores` covers all rows. `hours` and `cost` are a year's effort per index of the problem, None where the
    programme does not say it (`problem.hours` is then 0). `notes` say what was missing and what was done about it.
    """

    problem: SelectionProblem
    candidate_rows: Rows
    excluded_because: dict[int, str]
    scores: Scores
    hours: Vector | None
    cost: Vector | None
    notes: tuple[str, ...]


def formulate(programme: Programme, accounts: pa.Table, currency: str | None = None) -> Formulation:
    """The selection problem of the programme over the accounts (one row each, `account` unique).

    `currency` is the reporting currency in force, for the units of limits; the programme's own unless given. Candidates stand in
    the order of their account keys. Raises `ProgrammeError` where the programme names a measure, an account or an attribute that
    the accounts do not have, and `OpenKamError` where nobody is a candidate.
    """
    names = _account_keys(accounts)
    row_of = {name: row for row, name in enumerate(names)}
    _check_accounts(programme, row_of)
    scores = score(programme, accounts)
    decisions, gate_notes = decisions_of(programme, accounts, row_of)
    rows, excluded = candidate_rows(programme, accounts, scores, decisions)
    if not len(rows):
        raise OpenKamError(_nobody(programme, excluded))
    index_of = {int(row): index for index, row in enumerate(rows)}
    keys = [names[row] for row in rows]
    hours = _effort(programme, accounts, rows, keys, "hours")
    cost = _effort(programme, accounts, rows, keys, "cost")
    attributes = _attributes(programme, accounts, row_of)
    facts = CandidateFacts(
        hours=np.zeros(len(rows)) if hours is None else hours,
        cost=cost,
        net_sales=numbers(accounts, "net_sales")[rows],
        expected_loss=numbers(accounts, "expected_loss")[rows],
        is_prospect=flags(accounts, "is_prospect")[rows],
        attributes={field: [values[row] for row in rows] for field, values in attributes.items()},
        known_values={field: frozenset(v for v in set(values) if v is not None) for field, values in attributes.items()},
    )
    limits, limit_notes = limits_of(programme, facts, currency or programme.currency or "currency")
    coherence, parent_notes = _coherence(programme, accounts, row_of, index_of)
    known = {**facts.known_values, "account": frozenset(names)}
    problem = SelectionProblem(
        accounts=tuple(keys),
        utility=scores.utility[rows],
        criteria=tuple(c.name for c in programme.criteria),
        weight=scores.weight,
        value=scores.value[rows],
        hours=facts.hours,
        limits=limits,
        managers=tuple(m.name for m in programme.managers),
        manager_hours=np.array([m.hours_per_year for m in programme.managers], dtype=np.float64),
        fit=fit_of(programme, keys, facts.attributes["region"], facts.attributes["industry"], known),
        conflicts=_conflicts(programme, row_of, index_of),
        coherence=coherence,
        pins=pins_of(decisions, index_of),
    )
    notes = (*scores.notes, *_missing_notes(programme, scores, rows), *gate_notes, *limit_notes, *parent_notes)
    return Formulation(
        problem, rows, excluded, scores, hours, cost, (*notes, *_cut_note(programme, accounts.num_rows, rows, excluded))
    )


def _account_keys(accounts: pa.Table) -> list[str]:
    if "account" not in accounts.column_names:
        raise OpenKamError("The table of accounts has no column account: give one row per account with its key in it.")
    names = words(accounts, "account")
    found = [n for n in names if n is not None]
    if len(found) != len(names):
        raise OpenKamError("The table of accounts has a row without an account key: fill or remove it.")
    if len(set(found)) != len(found):
        twice = next(n for i, n in enumerate(sorted(found)) if i and sorted(found)[i - 1] == n)
        raise OpenKamError(f"Account {shown(twice)} stands in two rows of the table of accounts: give one row per account.")
    return found


def _check_accounts(programme: Programme, row_of: dict[str, int]) -> None:
    """Raises `ProgrammeError` naming the first account that the programme speaks of and nobody has."""
    spoken: list[tuple[str, str, Iterable[tuple[str, ...]]]] = [
        ("rating", "account", ((r.account,) for r in programme.ratings)),
        ("account", "account", ((o.account,) for o in programme.overrides)),
        ("conflict", "accounts", (c.accounts for c in programme.conflicts)),
        ("pin", "account", ((p.account,) for p in programme.pins)),
    ]
    for table, key, groups in spoken:
        for number, group in enumerate(groups, 1):
            for account in group:
                if account not in row_of:
                    hint = did_you_mean(account, row_of)
                    problem = f"account {shown(account)} does not exist in the ledger{hint}: correct the key or remove it."
                    raise programme.place(table, number).fault(problem, key)


def _effort(programme: Programme, accounts: pa.Table, rows: Rows, keys: list[str], which: str) -> Vector | None:
    """Hours or cost a year per candidate: the programme's number or curve, then what it says of single accounts."""
    effort: Effort | None = getattr(programme, which)
    own: dict[str, float] = {o.account: getattr(o, which) for o in programme.overrides if getattr(o, which) is not None}
    if effort is None and not own:
        return None
    if isinstance(effort, EffortCurve):
        check_measure(accounts, effort.measure, programme.place("effort"), which)
        level = numbers(accounts, effort.measure)[rows]
        x, y = np.asarray(effort.points, dtype=np.float64).T
        spent = np.where(np.isnan(level), effort.missing, np.interp(level, x, y))
    else:
        spent = np.full(len(rows), effort or 0.0)
    return np.array([own.get(key, float(usual)) for key, usual in zip(keys, spent, strict=True)])


def _attributes(programme: Programme, accounts: pa.Table, row_of: dict[str, int]) -> dict[str, list[str | None]]:
    """Each attribute of every row: the ledger's, or the programme's own where it gives one."""
    attributes = {field: words(accounts, field) for field in FIELDS}
    for override in programme.overrides:
        for field, value in override.attributes:
            attributes[field][row_of[override.account]] = value
    return attributes


def _conflicts(programme: Programme, row_of: dict[str, int], index_of: dict[int, int]) -> tuple[Pair, ...]:
    pairs: dict[tuple[int, int], str] = {}
    for conflict in programme.conflicts:
        members = sorted(index_of[row_of[a]] for a in conflict.accounts if row_of[a] in index_of)
        for first, second in combinations(members, 2):
            pairs.setdefault((first, second), conflict.reason)
    return tuple(Pair(first, second, reason) for (first, second), reason in sorted(pairs.items()))


def _coherence(
    programme: Programme, accounts: pa.Table, row_of: dict[str, int], index_of: dict[int, int]
) -> tuple[tuple[Pair, ...], list[str]]:
    """x_child ≤ x_parent where both are candidates; a child whose parent is none stands for itself, and a note counts those."""
    if not programme.limits.group_coherence:
        return (), []
    names, parents = words(accounts, "account"), words(accounts, "parent_account")
    pairs: list[Pair] = []
    alone = 0
    for row, index in index_of.items():
        parent = parents[row]
        if parent is None or parent == names[row]:
            continue
        above = index_of.get(row_of.get(parent, -1))
        if above is None:
            alone += 1
        else:
            pairs.append(Pair(index, above, f"only together with its parent {parent}"))
    notes = [f"Group coherence leaves {counted(alone, 'candidate')} free, whose parent is no candidate."] if alone else []
    return tuple(pairs), notes


def _missing_notes(programme: Programme, scores: Scores, rows: Rows) -> list[str]:
    """How many candidates lack each criterion, where some have it, and what value they got."""
    notes: list[str] = []
    for j, criterion in enumerate(programme.criteria):
        lacking = int(np.isnan(scores.level[rows, j]).sum())
        if 0 < lacking < len(rows):
            value = f"counted as {criterion.missing_value:g}"
            notes.append(f"{criterion.label} is missing for {lacking:,} of {len(rows):,} candidates: {value}.")
    return notes


def _cut_note(programme: Programme, total: int, rows: Rows, excluded: dict[int, str]) -> list[str]:
    most = programme.candidates.at_most
    if most is None or len(rows) < most or not any(words.endswith("(at_most)") for words in excluded.values()):
        return []
    return [f"Of {total:,} accounts the {most:,} best by utility are candidates; the optimum is proven among those."]


def _nobody(programme: Programme, excluded: dict[int, str]) -> str:
    if not excluded:
        return "There are no accounts to choose from: import customers and transactions first."
    first = excluded[min(excluded)]
    return (
        f"{programme.document.file}: of {counted(len(excluded), 'account')} none is a candidate (the first: {first}): "
        "change [candidates] or the criteria's missing rule."
    )
