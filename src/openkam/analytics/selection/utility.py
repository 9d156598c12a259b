"""The utility of every account: Σ_j w_j · v_j(x_j) with Σ w = 1, the additive form of multi-attribute value theory.

Each row is computed from that row alone, in the order of the criteria, so an account that joins or leaves changes nobody's
utility, not in the last bit.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openkam.analytics.selection.account_columns import measures_of, numbers, words
from openkam.analytics.selection.criteria import Criterion, MissingRule, Vector, value_of
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_document import Place, ProgrammeError, counted, did_you_mean, listed, shown
from openkam.analytics.selection.programme_terms import EffortCurve


@dataclass(frozen=True, slots=True)
class Scores:
    """The criteria over all rows of the accounts table.

    `weight` sums to 1; `level` and `value` are accounts × criteria, `level` in the unit of the measure (NaN = missing), `value`
    in [0, 1]; `utility` is in [0, 1]. `lacks_excluded` marks cells missing under the rule "exclude". `measures` names the column
    that each criterion read in the end, None for a rating.
    """

    weight: Vector
    level: Vector
    value: Vector
    utility: Vector
    lacks_excluded: npt.NDArray[np.bool_]
    measures: tuple[str | None, ...]
    notes: tuple[str, ...]


def score(programme: Programme, accounts: pa.Table) -> Scores:
    """Levels, values and utility of every account; raises `ProgrammeError` where a criterion names a measure nobody has."""
    notes: list[str] = []
    chosen = [_measure_read(programme, c, number, accounts, notes) for number, c in enumerate(programme.criteria, 1)]
    columns = [
        numbers(accounts, measure) if measure else _mean_ratings(programme, c, accounts, notes)
        for c, measure in zip(programme.criteria, chosen, strict=True)
    ]
    level = np.column_stack(columns) if columns else np.zeros((accounts.num_rows, 0))
    missing = np.isnan(level)
    value = np.empty_like(level)
    utility = np.zeros(accounts.num_rows)
    weight = normalised([c.weight for c in programme.criteria])
    for j, criterion in enumerate(programme.criteria):
        value[:, j] = np.where(missing[:, j], criterion.missing_value, value_of(criterion.points, level[:, j]))
        utility += weight[j] * value[:, j]
    excludes = np.array([c.missing is MissingRule.EXCLUDE for c in programme.criteria], dtype=np.bool_)
    return Scores(weight, level, value, np.minimum(utility, 1.0), missing & excludes, tuple(chosen), tuple(notes))


def normalised(weights: list[float]) -> Vector:
    """The weights divided by their sum, which must be above 0."""
    weight = np.asarray(weights, dtype=np.float64)
    return weight / weight.sum()


def check_measure(accounts: pa.Table, measure: str, place: Place, key: str) -> None:
    """Raises `ProgrammeError` unless the measure is a numeric column of the accounts."""
    known = measures_of(accounts)
    if measure in known:
        return
    if measure in accounts.column_names:
        raise place.fault(f"{key} {shown(measure)} is no number: name a measure. Known measures: {listed(known, 80)}.", key)
    raise _no_measure(measure, known, place, key)


def check_measures_read(programme: Programme, known: Collection[str], others: Collection[str] = ()) -> None:
    """Raises `ProgrammeError` where the programme reads what is neither a known measure nor one of the other columns of an account.

    It needs no account, so that a slip of the pen is told before anything is measured; `score` refuses columns that are no number.
    """
    read = [("criterion", n, "measure", one.measure) for n, one in enumerate(programme.criteria, 1)]
    read += [("criterion", n, "fallback_measure", one.fallback_measure) for n, one in enumerate(programme.criteria, 1)]
    read += [("gate", n, "measure", one.measure) for n, one in enumerate(programme.gates, 1)]
    efforts = (("hours", programme.hours), ("cost", programme.cost))
    read += [("effort", 0, key, effort.measure) for key, effort in efforts if isinstance(effort, EffortCurve)]
    for table, number, key, measure in read:
        if measure is not None and measure not in known and measure not in others:
            raise _no_measure(measure, sorted(known), programme.place(table, number), key)


def _no_measure(measure: str, known: Sequence[str], place: Place, key: str) -> ProgrammeError:
    hint = did_you_mean(measure, known)
    return place.fault(f"{key} {shown(measure)} does not exist{hint}: correct it. Known measures: {listed(known, 80)}.", key)


def _measure_read(programme: Programme, criterion: Criterion, number: int, accounts: pa.Table, notes: list[str]) -> str | None:
    """The column the criterion reads: its measure, or its fallback where no account at all has the measure."""
    if criterion.measure is None:
        return None
    check_measure(accounts, criterion.measure, programme.place("criterion", number), "measure")
    if criterion.fallback_measure is not None:
        check_measure(accounts, criterion.fallback_measure, programme.place("criterion", number), "fallback_measure")
    if not accounts.num_rows or not np.isnan(numbers(accounts, criterion.measure)).all():
        return criterion.measure
    if criterion.fallback_measure is None:
        notes.append(f"{criterion.label} counts the same for every account: none has {criterion.measure}.")
        return criterion.measure
    notes.append(f"{criterion.label} reads {criterion.fallback_measure}, because no account has {criterion.measure}.")
    return criterion.fallback_measure


def _mean_ratings(programme: Programme, criterion: Criterion, accounts: pa.Table, notes: list[str]) -> Vector:
    """Mean over raters per account, NaN where nobody rated."""
    row_of = {a: i for i, a in enumerate(words(accounts, "account"))}
    total, count = np.zeros(accounts.num_rows), np.zeros(accounts.num_rows)
    low, high = np.full(accounts.num_rows, np.inf), np.full(accounts.num_rows, -np.inf)
    for rating in programme.ratings:
        row = row_of.get(rating.account) if rating.criterion == criterion.rating else None
        if row is None:
            continue
        total[row] += rating.value
        count[row] += 1
        low[row], high[row] = min(low[row], rating.value), max(high[row], rating.value)
    alone, apart = int((count == 1).sum()), int((high - low >= 2).sum())
    if not count.any():
        notes.append(f"{criterion.label} counts the same for every account: none is rated.")
    if alone:
        notes.append(f"{criterion.label}: the rating of {counted(alone, 'account')} rests on one person.")
    if apart:
        notes.append(f"{criterion.label}: raters differ by 2 or more on {counted(apart, 'account')}.")
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
