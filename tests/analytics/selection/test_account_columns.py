from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from openkam.analytics.selection.account_columns import flags, measures_of, numbers, words

TABLE = pa.table(
    {
        "account": pa.array(["A", None]),
        "amount": pa.array([1.5, float("inf")]),
        "count": pa.array([None, 3], pa.int64()),
        "flag": pa.array([True, None]),
        "day": pa.array([date(2026, 1, 1), None]),
        "money": pa.array([1, 2], pa.decimal128(18, 4)),
        "grade": pa.array(["x", "y"]).dictionary_encode(),
    }
)


def test_measures_are_the_numeric_columns() -> None:
    assert measures_of(TABLE) == ("amount", "count", "money")


def test_null_and_what_is_not_finite_are_missing() -> None:
    assert numbers(TABLE, "amount").tolist() == pytest.approx([1.5, np.nan], nan_ok=True)
    assert numbers(TABLE, "count").tolist() == pytest.approx([np.nan, 3], nan_ok=True)
    assert numbers(TABLE, "money").tolist() == [1, 2]


def test_texts_and_flags_are_read_also_encoded_or_absent() -> None:
    assert words(TABLE, "account") == ["A", None]
    assert words(TABLE, "grade") == ["x", "y"]
    assert flags(TABLE, "flag").tolist() == [True, False]
    assert words(TABLE, "none") == [None, None]
    assert flags(TABLE, "none").tolist() == [False, False]
    assert np.isnan(numbers(TABLE, "none")).all()
