"""Another programme over accounts that are measured already: solved in a moment, explained when there is time."""

from dataclasses import dataclass

import pyarrow as pa

from openkam.analytics.behaviour.facts import MeasureParameters
from openkam.analytics.review.assemble import account_table, criterion_notes, in_measure_units
from openkam.analytics.review.measures_file import StoredMeasures, measured_with
from openkam.analytics.review.review import CriterionNote
from openkam.analytics.review.wanted_measures import check_programme, every_measure
from openkam.analytics.selection.explain import explain_selection
from openkam.analytics.selection.formulate import Formulation, formulate
from openkam.analytics.selection.problem import Explanations, Solution
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.search import Progress
from openkam.analytics.selection.solve import solve_selection
from openkam.analytics.terms import OpenKamError


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A programme tried: `accounts` as in `Review`, the criteria as used, the problem within its formulation, and the
    selection found: proven best unless its `status` says that time ended first."""

    accounts: pa.Table
    criteria: tuple[CriterionNote, ...]
    formulation: Formulation
    solution: Solution


def try_programme(
    measures: StoredMeasures,
    programme: Programme,
    *,
    time_limit_seconds: float | None = None,
    progress: Progress | None = None,
) -> WhatIf:
    """Solve a programme over stored measures; without a time limit the same as a review of it on the same ledger version and day.

    Where a time limit ends before the proof, the best selection found, whose `solution.gap` says how far at most it is from the
    best possible. Raises `OpenKamError` where the programme would measure otherwise (period, rates, currency) or reads what was not
    measured, its limits cannot hold together, or the limit passes before any selection is found.
    """
    if measured_with(programme) != measures.measured_with or (programme.currency or measures.currency) != measures.currency:
        raise OpenKamError(
            "The programme changes how accounts are measured (period, currency, service rates, provision or discount): "
            "start another round with it, which measures again."
        )
    parameters = MeasureParameters(measures.as_of, measures.currency)
    check_programme(programme, parameters)
    known = {measure.name for measure in every_measure(parameters)}
    unmeasured = sorted((programme.measures_read & known) - {measure.name for measure in measures.catalogue})
    if unmeasured:
        raise OpenKamError(
            f"The programme reads {' and '.join(unmeasured)}, which was not measured for this round: start another round with it."
        )
    formulation = formulate(programme, measures.accounts, measures.currency)
    solution = solve_selection(formulation.problem, time_limit_seconds=time_limit_seconds, progress=progress)
    return WhatIf(
        accounts=account_table(measures.accounts, formulation, solution),
        criteria=criterion_notes(programme, formulation, measures.catalogue),
        formulation=formulation,
        solution=solution,
    )


def explain_what_if(tried: WhatIf, *, nearest: int = 20, progress: Progress | None = None) -> Explanations:
    """Why in and why out, in the units of the measures; raises `Cancelled` where `progress` returns False.

    Reasons are of a proven best selection: raises `OpenKamError` for one that is not.
    """
    if tried.solution.status != "optimal":
        raise OpenKamError("Only a selection that is proven best can be explained: solve it again without a time limit.")
    found = explain_selection(tried.formulation.problem, tried.solution, nearest=nearest, progress=progress)
    return in_measure_units(found, tried.criteria, tried.formulation)
