"""Who is looked at: the rows of the accounts table that become candidates, why the others do not, and who must be in or out."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openkam.analytics.selection.account_columns import flags, numbers
from openkam.analytics.selection.problem import Pin
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_document import counted
from openkam.analytics.selection.utility import Scores, check_measure

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Decision:
    """An account that must be in or out, before any search, with the words why."""

    is_in: bool
    reason: str


def decisions_of(programme: Programme, accounts: pa.Table, row_of: dict[str, int]) -> tuple[dict[int, Decision], list[str]]:
    """Pins and gates by row of `accounts`, and notes; raises `ProgrammeError` where a gate keeps out an account pinned in."""
    decisions = {row_of[p.account]: Decision(p.is_in, p.reason) for p in programme.pins}
    pin_number = {row_of[p.account]: number for number, p in enumerate(programme.pins, 1)}
    notes: list[str] = []
    for number, gate in enumerate(programme.gates, 1):
        check_measure(accounts, gate.measure, programme.place("gate", number), "measure")
        level = numbers(accounts, gate.measure)
        passes = level <= gate.at_most if gate.at_most is not None else level >= (gate.at_least or 0.0)
        unknown = np.isnan(level)
        bound = f"above {gate.at_most:g}" if gate.at_most is not None else f"below {gate.at_least:g}"
        for row in map(int, np.flatnonzero(~passes & ~unknown)):
            words = f"{gate.reason} ({gate.measure} is {level[row]:g}, {bound})"
            earlier = decisions.get(row)
            if earlier is not None and earlier.is_in:
                pin = programme.place("pin", pin_number[row])
                account = programme.pins[pin_number[row] - 1].account
                raise pin.fault(
                    f"{account} must be in, but [[gate]] {number} keeps it out: {words}. Remove the pin or change the gate."
                )
            decisions[row] = Decision(False, f"{earlier.reason}; {words}" if earlier else words)
        if unknown.any():
            notes.append(f"The gate on {gate.measure} lets {counted(int(unknown.sum()), 'account')} pass without it.")
    return decisions, notes


def candidate_rows(
    programme: Programme, accounts: pa.Table, scores: Scores, decisions: dict[int, Decision]
) -> tuple[Rows, dict[int, str]]:
    """Rows of the candidates in the order of their account keys, and by row the words why the others are none.

    An account that is pinned in is a candidate whatever else is said. Where more than `at_most` remain, the best by utility stay;
    those that a pin or gate keeps out go first.
    """
    rules = programme.candidates
    pinned = {row for row, decision in decisions.items() if decision.is_in}
    excluded: dict[int, str] = {}
    is_prospect, sales = flags(accounts, "is_prospect"), numbers(accounts, "net_sales")
    is_unwanted = is_prospect & (not rules.include_prospects)
    minimum = rules.minimum_net_sales
    is_small = np.zeros(accounts.num_rows, dtype=np.bool_) if minimum is None else ~is_prospect & ~(sales >= minimum)
    is_lacking = scores.lacks_excluded.any(axis=1)
    for row in map(int, np.flatnonzero(is_unwanted | is_small | is_lacking)):
        if row in pinned:
            continue
        if is_unwanted[row]:
            excluded[row] = "it never bought, and the programme takes no prospects (include_prospects)"
        elif is_small[row]:
            known = "no net sales are known" if np.isnan(sales[row]) else f"net sales of {sales[row]:,.0f}"
            excluded[row] = f"{known}, the minimum is {minimum:,.0f} (minimum_net_sales)"
        else:
            gone = [c.label for j, c in enumerate(programme.criteria) if scores.lacks_excluded[row, j]]
            excluded[row] = f'nothing is known for {", ".join(gone)} (missing = "exclude")'
    keys = pc.cast(accounts["account"], pa.string())
    by_key = pc.call_function("sort_indices", [keys]).to_numpy().astype(np.int64)
    rows = by_key[~np.isin(by_key, list(excluded))]
    if rules.at_most is not None and len(rows) > rules.at_most:
        standing = {row: 0 if decision.is_in else 2 for row, decision in decisions.items()}
        best = np.lexsort((-scores.utility[rows], np.array([standing.get(row, 1) for row in rows.tolist()])))
        for row in rows[best[rules.at_most :]].tolist():
            excluded[row] = f"its utility is below that of the {rules.at_most:,} best, who alone are candidates (at_most)"
        rows = rows[np.sort(best[: rules.at_most])]
    return rows, excluded


def pins_of(decisions: dict[int, Decision], index_of: dict[int, int]) -> tuple[Pin, ...]:
    """The decisions on candidates, by index of the problem."""
    found = [Pin(index_of[row], d.is_in, d.reason) for row, d in decisions.items() if row in index_of]
    return tuple(sorted(found, key=lambda pin: pin.account))
