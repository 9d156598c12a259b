"""The result of a review, as every surface reads it: command, library, page and documents."""

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from openkam.analytics.selection.problem import Explanations, SelectionProblem, Solution
from openkam.analytics.terms import Measure, Period


@dataclass(frozen=True, slots=True)
class CriterionNote:
    """One criterion as the review used it: its weight after normalisation, its value function's points and its source column."""

    name: str
    label: str
    weight: float
    unit: str
    measure: str | None
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Review:
    """One review: who is key, why, and what nearly made it.

    `accounts` has one row per account, sorted by utility (highest first) and then by account: `account`, `name`, attributes
    (`region, country, industry, category, group_name, current_manager, is_prospect, customer_count`), every measure of `measures`,
    `is_candidate`, `value_<criterion>` in [0, 1], `utility`, `rank` (1 = highest utility), `is_selected`, `manager`, `hours`, `cost`,
    `excluded_because`. Row order of `accounts` is not the order of `problem`; `problem_index` joins them and is null for a row
    that is no candidate. `illustrative` names the facts that are generated, not measured; documents must label them.
    `unassigned_net_sales` are sales of the period that carry no customer. `facts` holds one row per ledger table:
    `table, source, rows, from_on, to_on`.
    """

    as_of: date
    period: Period
    currency: str
    engine: str
    ledger_version: int
    code_version: str
    programme_name: str
    programme_digest: str
    accounts: pa.Table
    measures: tuple[Measure, ...]
    criteria: tuple[CriterionNote, ...]
    problem: SelectionProblem
    solution: Solution
    explanations: Explanations
    facts: pa.Table
    unassigned_net_sales: float | None
    illustrative: tuple[str, ...]
    notes: tuple[str, ...]
