"""Put measures, problem, optimum and reasons together as the tables of a review."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openkam.analytics.review.review import CriterionNote
from openkam.analytics.selection.criteria import level_for
from openkam.analytics.selection.formulate import Formulation
from openkam.analytics.selection.problem import Change, Explanations, Solution
from openkam.analytics.selection.programme import Programme
from openkam.analytics.terms import Measure


def criterion_notes(programme: Programme, catalogue: tuple[Measure, ...]) -> tuple[CriterionNote, ...]:
    """The criteria as used, weights normalised to 1, each with the unit of its measure."""
    units = {measure.name: str(measure.unit) for measure in catalogue}
    total = sum(criterion.weight for criterion in programme.criteria)
    return tuple(
        CriterionNote(
            name=criterion.name,
            label=criterion.label,
            weight=criterion.weight / total,
            unit=units.get(criterion.measure, "0-4") if criterion.measure else "0-4",
            measure=criterion.measure,
            points=tuple(criterion.points),
        )
        for criterion in programme.criteria
    )


def in_measure_units(explanations: Explanations, criteria: tuple[CriterionNote, ...]) -> Explanations:
    """Changes of a criterion told in the unit of its measure instead of the value in [0, 1] that the search works with.

    The smallest level that reaches the value needed is given; `from_value` is turned back through the same value function, so an
    account below the first point shows that point.
    """
    by_name = {criterion.name: criterion for criterion in criteria}

    def told(change: Change) -> Change:
        kind, _, name = change.name.partition(":")
        if kind != "criterion":
            return change
        criterion = by_name[name]
        return replace(
            change,
            label=criterion.label,
            unit=criterion.unit,
            from_value=level_for(criterion.points, change.from_value),
            to_value=level_for(criterion.points, change.to_value),
        )

    return replace(
        explanations,
        why_out=tuple(replace(why, needs=tuple(told(change) for change in why.needs)) for why in explanations.why_out),
    )


def account_table(measured: pa.Table, formulation: Formulation, solution: Solution, cost: np.ndarray) -> pa.Table:
    """One row per account: attributes, measures, then what the search made of it; sorted by utility (highest first), then by account."""
    problem = formulation.problem
    rows = formulation.candidate_rows
    count = measured.num_rows

    def spread(values: np.ndarray, dtype: pa.DataType) -> pa.Array:
        """Values of the candidates at their rows; null for every other account."""
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
        "is_selected": spread(solution.chosen, pa.bool_()),
        "hours": spread(problem.hours, pa.float64()),
        "cost": spread(cost, pa.float64()),
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
    table = table.set_column(table.schema.get_field_index("is_selected"), "is_selected", pc.fill_null(table["is_selected"], False))
    return table.take(pc.sort_indices(table, sort_keys=[("utility", "descending"), ("account", "ascending")], null_placement="at_end"))
