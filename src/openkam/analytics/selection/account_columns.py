"""Reading the table of accounts (one row per account) by column."""

from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openkam.analytics.selection.criteria import Vector


def measures_of(accounts: pa.Table) -> tuple[str, ...]:
    """Names of the numeric columns, those a programme may name as a measure, sorted."""
    return tuple(sorted(f.name for f in accounts.schema if _is_numeric(f.type)))


def numbers(accounts: pa.Table, name: str) -> Vector:
    """A numeric column as floats; null, NaN and infinity are all missing (NaN). An absent column is all missing."""
    if name not in accounts.column_names:
        return np.full(accounts.num_rows, np.nan)
    column = pc.cast(accounts[name], pa.float64(), safe=False).to_numpy()
    return np.where(np.isfinite(column), column, np.nan)


def words(accounts: pa.Table, name: str) -> list[str | None]:
    """A text column; an absent column is all null."""
    if name not in accounts.column_names:
        return [None] * accounts.num_rows
    return cast("list[str | None]", pc.cast(accounts[name], pa.string()).to_pylist())


def flags(accounts: pa.Table, name: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """A true-or-false column; null and an absent column are false."""
    if name not in accounts.column_names:
        return np.zeros(accounts.num_rows, dtype=np.bool_)
    return pc.fill_null(accounts[name], False).to_numpy().astype(np.bool_)


def _is_numeric(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
