"""Columns of a review's table of accounts as plain vectors and lists, with null kept apart from zero."""

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openkam.analytics.report.table import Cell
from openkam.analytics.review.review import Review

Vector = npt.NDArray[np.float64]


def numbers(accounts: pa.Table, name: str) -> Vector:
    """The column as floats, NaN where it is null, not finite or absent; one value per account."""
    if name not in accounts.column_names:
        return np.full(accounts.num_rows, np.nan)
    values = pc.cast(accounts[name], pa.float64()).to_numpy(zero_copy_only=False)
    return np.where(np.isfinite(values), values, np.nan).astype(np.float64)


def texts(accounts: pa.Table, name: str) -> list[str]:
    """The column as text, empty where it is null or absent."""
    if name not in accounts.column_names:
        return [""] * accounts.num_rows
    return ["" if value is None else str(value) for value in accounts[name].to_pylist()]


def flags(accounts: pa.Table, name: str) -> npt.NDArray[np.bool_]:
    """The column as a mask; null and absent count as False."""
    if name not in accounts.column_names:
        return np.zeros(accounts.num_rows, dtype=np.bool_)
    return np.array([bool(value) for value in accounts[name].to_pylist()], dtype=np.bool_)


def cells(accounts: pa.Table, name: str) -> list[Cell]:
    """The column as cells of a table: decimals become floats, instants their day, not-a-number becomes None."""
    if name not in accounts.column_names:
        return [None] * accounts.num_rows
    return [as_cell(value) for value in accounts[name].to_pylist()]


def as_cell(value: object) -> Cell:
    """One Arrow value as a cell."""
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, (float, Decimal, np.floating)):
        return float(value) if np.isfinite(float(value)) else None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else str(value)


def account_names(review: Review) -> list[str]:
    """Shown name per row of `accounts`: the name, or the key where there is none."""
    keys, names = texts(review.accounts, "account"), texts(review.accounts, "name")
    return [name or key for key, name in zip(keys, names, strict=True)]


def rows_by_problem_index(review: Review) -> dict[int, int]:
    """Row of `accounts` for each account of the selection problem."""
    keys = {key: row for row, key in enumerate(texts(review.accounts, "account"))}
    return {index: keys[key] for index, key in enumerate(review.problem.accounts) if key in keys}
