"""Put measures, problem, optimum and reasons together as the tables of a review."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openkam.analytics.review.review import CriterionNote
from openkam.analytics.selection.criteria import level_for
from openkam.analytics.selection.formulate import Formulation
from openkam.analytics.selection.problem import Change, Explanations, Solution
from openkam.analytics.selection.programme import Programme
from openkam.analytics.terms import Measure, Unit


def criterion_notes(programme: Programme, formulation: Formulation, catalogue: tuple[Measure, ...]) -> tuple[CriterionNote, ...]:
    """The criteria as used: weights normalised to 1, and the measure that was read in the end with its unit."""
    units = {measure.name: str(measure.unit) for measure in catalogue}
    scores = formulation.scores
    return tuple(
        CriterionNote(
            name=criterion.name,
            label=criterion.label,
            weight=float(weight),
            unit=units[measure] if measure else str(Unit.RATING),
            measure=measure,
            points=tuple(criterion.points),
        )
        for criterion, weight, measure in zip(programme.criteria, scores.weight, scores.measures, strict=True)
    )


def in_measure_units(explanations: Explanations, criteria: tuple[CriterionNote, ...], formulation: Formulation) -> Explanations:
    """Changes of a criterion told in the unit of its measure instead of the value in [0, 1] that the search works with.

    `from_value` is the account's own level (NaN where it is missing), `to_value` the nearest level that reaches the value needed.
    """
    positions = {criterion.name: position for position, criterion in enumerate(criteria)}
    levels = formulation.scores.level[formulation.candidate_rows]

    def told(account: int, change: Change) -> Change:
        kind, _, name = change.name.partition(":")
        if kind != "criterion":
            return change
        position = positions[name]
        criterion = criteria[position]
        own = float(levels[account, position])
        needed = float(level_for(criterion.points, change.to_value, own))
        return replace(change, label=criterion.label, unit=criterion.unit, from_value=own, to_value=needed)

    return replace(
        explanations,
        why_out=tuple(
            replace(why, needs=tuple(told(why.account, change) for change in why.needs)) for why in explanations.why_out
        ),
    )


def account_table(measured: pa.Table, formulation: Formulation, solution: Solution) -> pa.Table:
    """One row per account: attributes, measures, then what the search made of it; sorted by utility (highest first), then by account."""
    problem = formulation.problem
    rows = formulation.candidate_rows
    count = measured.num_rows

    def spread(values: npt.NDArray[np.generic] | None, dtype: pa.DataType) -> pa.Array:
        """Values of the candidates at their rows; null for every other account, and for all where the programme does not say them."""
        if values is None:
            return pa.nulls(count, dtype)
        full = np.zeros(count, dtype=values.dtype)
        full[rows] = values
        known = np.zeros(count, dtype=bool)
        known[rows] = True
        return pa.array(full, type=dtype, mask=~known)

    order = np.lexsort((np.arange(len(rows)), -problem.utility))
    rank = np.empty(len(rows), dtype=np.int64)
    rank[order] = np.arange(1, len(rows) + 1)
    names = np.array([*problem.managers, ""], dtype=object)
    columns: dict[str, pa.Array] = {
        "is_candidate": pa.array(np.isin(np.arange(count), rows)),
        "problem_index": spread(np.arange(len(rows)), pa.int64()),
        **{f"value_{name}": spread(problem.value[:, j], pa.float64()) for j, name in enumerate(problem.criteria)},
        "utility": spread(problem.utility, pa.float64()),
        "rank": spread(rank, pa.int64()),
        "is_selected": pa.array(np.isin(np.arange(count), rows[solution.chosen])),
        "hours": spread(formulation.hours, pa.float64()),
        "cost": spread(formulation.cost, pa.float64()),
    }
    table = measured
    for name, column in columns.items():
        table = table.append_column(name, column)
    manager = [None] * count
    for row, index in zip(rows, solution.manager, strict=True):
        manager[row] = names[index] or None
    table = table.append_column("manager", pa.array(manager, pa.string()))
    reasons = [formulation.excluded_because.get(row) for row in range(count)]
    table = table.append_column("excluded_because", pa.array(reasons, pa.string()))
    return table.sort_by([("utility", "descending"), ("account", "ascending")])
