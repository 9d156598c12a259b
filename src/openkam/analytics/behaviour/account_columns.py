"""From rows of the engine to columns with one place per account."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Vector = npt.NDArray[np.float64]
Columns = dict[str, Vector]
"""Columns by name, one place per account in the order of the directory; NaN is null. Flags and text have arrays of their own."""


def as_vector(column: pa.ChunkedArray) -> Vector:
    """A numeric or decimal column as doubles, null as NaN."""
    return pc.fill_null(column.cast(pa.float64()), float("nan")).to_numpy()


def as_indices(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """A whole-number column without nulls, or a day column as days since 1970-01-01."""
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    return column.cast(pa.int64()).to_numpy()


def distinct(keys: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Keys ≥ 0, each once, sorted. NumPy's own `unique` hashes them, which takes ten times longer."""
    # Sorting is what costs: as narrow as the keys allow.
    ordered = np.sort(keys.astype(np.uint32) if keys.max(initial=0) < 2**32 else keys)
    if len(ordered):
        ordered = ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])]
    return ordered.astype(np.int64)


def spread(rows: pa.Table, account_count: int) -> Columns:
    """Rows with an `account_id`, one per account, as columns over all accounts; an account without a row has NaN."""
    ids = as_indices(rows["account_id"])
    columns: Columns = {}
    for name in rows.column_names:
        if name != "account_id":
            columns[name] = np.full(account_count, np.nan)
            columns[name][ids] = as_vector(rows[name])
    return columns


def ratio(numerator: npt.NDArray[np.number], denominator: npt.NDArray[np.number]) -> Vector:
    """Quotient where the denominator is positive, else NaN."""
    return np.divide(numerator, denominator, out=np.full(len(numerator), np.nan), where=denominator > 0)


def known_zero(values: Vector, is_known: npt.NDArray[np.bool_] | bool) -> Vector:
    """NaN becomes zero where nothing happened and the ledger would have told."""
    return np.where(np.isnan(values) & is_known, 0.0, values)
