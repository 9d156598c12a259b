"""The language of derived fields: what it computes, and that it can do nothing else."""

import contextlib
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openkam.analytics.ledger.expression import ExpressionError, Kind, compile_expression, find_column
from openkam.analytics.terms import OpenKamError

COLUMNS = ("Quantity", "Unit Price", "Invoice", "Order Date", "Customer")
CELLS: dict[str, Any] = {
    "n0": "CAST(3 AS DECIMAL(38,10))",
    "n1": "CAST(2.5 AS DECIMAL(38,10))",
    "n4": "CAST(NULL AS DECIMAL(38,10))",
}


def value(text: str) -> Any:
    """What the expression yields for one row: quantity 3, unit price 2.5, invoice C123, 31 January 2025, no customer."""
    compiled = compile_expression(text, COLUMNS)
    cells = (
        "SELECT '3' AS t0, CAST(3 AS DECIMAL(38,10)) AS n0, '2.5' AS t1, CAST(2.5 AS DECIMAL(38,10)) AS n1, 'C123' AS t2, "
        "'2025-01-31' AS t3, DATE '2025-01-31' AS d3, CAST(NULL AS VARCHAR) AS t4, CAST(NULL AS DECIMAL(38,10)) AS n4"
    )
    with duckdb.connect() as connection:
        row = connection.execute(f"SELECT TRY({compiled.sql}) FROM ({cells})").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Quantity * col("Unit Price")', Decimal("7.5")),
        ("-quantity + unit_price % 2", Decimal("-2.5")),
        ("+Quantity - 1.25", Decimal("1.75")),
        ("Quantity / 4", Decimal("0.75")),
        ("Quantity / (unit_price - 2.5)", None),
        ("Quantity % 0", None),
        ("Quantity * 99999999999999999 * 99999999999999", None),
        ("abs(-Quantity)", Decimal(3)),
        ("round(2.00015, 4)", Decimal("2.0002")),
        ("round(2.5)", Decimal(2)),
        ("min(Quantity, unit_price, 9)", Decimal("2.5")),
        ("max(Quantity, unit_price)", Decimal(3)),
        ("Quantity < unit_price", False),
        ("2 <= Quantity <= 3", True),
        ("Quantity == 3 and not unit_price > 3", True),
        ("Quantity != 3 or Invoice == 'C123'", True),
        ("Quantity in [1, 2, 3]", True),
        ('Invoice not in ("A", "B")', True),
        ('startswith(Invoice, "C")', True),
        ('startswith(Customer, "C")', False),
        ('endswith(Invoice, "4")', False),
        ('contains(Invoice, "12")', True),
        ("Customer is None", True),
        ("Customer == None", True),
        ("Invoice is not None", True),
        ("Invoice != None", True),
        ('upper(left(lower(Invoice), 2)) if Quantity > 0 else ""', "C1"),
        ("right(Invoice, 3)", "123"),
        ('replace(strip(" a "), "a", Invoice)', "C123"),
        ('concat(Invoice, "-", Quantity * 2, "-", text(unit_price))', "C123-6-2.5"),
        ('coalesce(Customer, "none")', "none"),
        ("if_null(number(Customer), 0)", Decimal(0)),
        ('date_add_days(col("Order Date"), 30)', date(2025, 3, 2)),
        ('day(col("Order Date"))', date(2025, 1, 31)),
        ('day(col("Order Date")) if Quantity < 0 else None', None),
        ("Invoice", "C123"),
        ("True", True),
        ("1 if Quantity > 2 else unit_price", Decimal(1)),
        ("date_add_days(order_date, 1) if Quantity > 5 else order_date", date(2025, 1, 31)),
    ],
)
def test_it_computes(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("__import__('os').system('ls')", "Call is not part of the language"),
        ("open('x')", "no function “open”"),
        ("Quantity.real", "Attribute is not part"),
        ("[x for x in (1,2)]", "ListComp is not part"),
        ("lambda: 1", "Lambda is not part"),
        ("read_csv('/etc/passwd')", "no function “read_csv”"),
        ('col("secret")', "no column “secret”"),
        ("Quantiti * 2", "did you mean “Quantity”"),
        ("col(Quantity)", "one name in quotes"),
        ('col("Quantity', "cannot be read at position"),
        ("Quantity ** 99", "operator Pow"),
        ("Quantity << 2", "operator LShift"),
        ("abs(1, 2)", "is written abs"),
        ("abs(*Quantity)", "`\\*` is not part"),
        ("abs(x=1)", "Call is not part"),
        ("min(1)", "is written min"),
        ("'a' * 2", "a number is needed here, this is a text"),
        ("Quantity and True", "a yes or no is needed"),
        ("day(Invoice) + 1", "a number is needed here, this is a day"),
        ("1 == 'a'", "a number is needed here, this is a text"),
        ("Quantity in 3", "after `in` stands a list"),
        ("Quantity in []", "after `in` stands a list"),
        ("Quantity is 3", "only None can be tested"),
        ("Quantity > None", "only None can be tested"),
        ("b'x'", "bytes is not part"),
        ("9999999999999999999", "too large"),
        ("1 if 'a' else 2", "a yes or no is needed"),
        ("", "cannot be read"),
        ("x" * 3000, "longer than 2,000"),
        ("f'{Quantity}'", "JoinedStr is not part"),
        ("date_add_days(1, 2)", "a day is needed here, this is a number"),
    ],
)
def test_it_refuses_with_the_position(text: str, words: str) -> None:
    with pytest.raises(ExpressionError, match=words):
        compile_expression(text, COLUMNS)


@settings(deadline=None, max_examples=40)
@given(st.text())
def test_any_text_is_refused_or_compiled(text: str) -> None:
    compiled = None
    with contextlib.suppress(OpenKamError):
        compiled = compile_expression(text, COLUMNS)
    assert compiled is None or compiled.sql


@settings(deadline=None, max_examples=40)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30))
def test_texts_cannot_leave_their_quotes(text: str) -> None:
    assert value(f"concat({text!r}, '')") == text


def test_it_knows_which_columns_it_reads_and_how() -> None:
    compiled = compile_expression('Quantity if startswith(Invoice, "C") else 0', COLUMNS)
    assert (compiled.kind, compiled.numbers, compiled.texts, compiled.days) == (
        Kind.NUMBER, frozenset({0}), frozenset({2}), frozenset()
    )  # fmt: skip
    assert not compiled.may_be_null
    assert compile_expression("None", COLUMNS).may_be_null


def test_columns_are_found_by_reduced_names() -> None:
    assert find_column("unit_price", COLUMNS) == 1
    assert find_column("UNITPRICE", COLUMNS) == 1
    assert find_column("price", COLUMNS) is None
    assert find_column("a", ["A", "a"]) == 1
    with pytest.raises(OpenKamError, match="2 columns are named"):
        find_column("A_", ["A", "a"])
