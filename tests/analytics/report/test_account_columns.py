"""Reading columns with null kept apart from zero."""

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
from tests.factories.review import make_review

from openkam.analytics.report.account_columns import account_names, cells, flags, numbers, rows_by_problem_index, texts

TABLE = pa.table(
    {
        "amount": pa.array([Decimal("1.5000"), None], pa.decimal128(18, 4)),
        "ratio": [float("inf"), 0.0],
        "on": [date(2020, 1, 1), None],
        "at": pa.array([datetime(2020, 1, 1, 23, tzinfo=UTC), None], pa.timestamp("us", "UTC")),
        "flag": [True, None],
        "tags": [["a"], None],
    }
)


def test_numbers_are_nan_where_null_infinite_or_absent() -> None:
    assert numbers(TABLE, "amount").tolist()[0] == 1.5
    assert np.isnan(numbers(TABLE, "amount")[1])
    assert np.isnan(numbers(TABLE, "ratio")[0])
    assert numbers(TABLE, "ratio")[1] == 0.0
    assert np.isnan(numbers(TABLE, "absent")).all()


def test_texts_and_flags_of_absent_columns_are_empty() -> None:
    assert texts(TABLE, "absent") == ["", ""]
    assert flags(TABLE, "absent").tolist() == [False, False]
    assert flags(TABLE, "flag").tolist() == [True, False]


def test_cells_have_the_types_of_a_sheet() -> None:
    assert cells(TABLE, "amount") == [1.5, None]
    assert cells(TABLE, "ratio") == [None, 0.0]
    assert cells(TABLE, "on") == [date(2020, 1, 1), None]
    assert cells(TABLE, "at") == [date(2020, 1, 1), None]
    assert cells(TABLE, "tags") == ["['a']", None]
    assert cells(TABLE, "absent") == [None, None]


def test_problem_accounts_are_found_by_key() -> None:
    review = make_review()
    rows = rows_by_problem_index(review)
    assert len(rows) == len(review.problem.accounts)
    keys = texts(review.accounts, "account")
    assert all(keys[row] == review.problem.accounts[index] for index, row in rows.items())
    index = [i if i is not None else -1 for i in review.accounts["problem_index"].to_pylist()]
    assert all(index[row] == i for i, row in rows.items())


def test_an_account_without_a_name_shows_its_key() -> None:
    review = make_review()
    assert len(account_names(review)) == review.accounts.num_rows
    assert all(account_names(review))
