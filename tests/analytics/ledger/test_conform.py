from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.ledger import product_rows, transaction_rows

from openkam.analytics.ledger.conform import Faults, UnfitRowsError, as_batches, check_columns, conform
from openkam.analytics.ledger.schema import TABLES

PRODUCTS = TABLES["products"]


def conformed(rows: pa.Table, table: str = "products") -> pa.Table:
    return pa.Table.from_batches(conform(as_batches(rows), TABLES[table], "erp", "b1"), TABLES[table].arrow)


@pytest.mark.parametrize("table", TABLES)
def test_rows_that_fit_pass_unchanged(table: str) -> None:
    own = TABLES[table]
    values: dict[str, object] = {"text": "x", "day": date(9999, 12, 31), "UTC": datetime(2024, 1, 1, tzinfo=UTC)}
    row = {
        f.name: f.choices[0] if f.choices else values.get(f.unit, 1 if pa.types.is_integer(f.type) else None) for f in own.fields
    }
    row |= {f.name: Decimal("-99999999999999.9999") for f in own.fields if f.type == pa.decimal128(18, 4)}
    row |= {f.name: Decimal("0.00000001") for f in own.fields if f.type == pa.decimal128(18, 8)}
    row |= {f.name: "EUR" for f in own.fields if f.unit == "ISO 4217"}
    rows = pa.Table.from_pylist([row], schema=pa.schema([(f.name, f.type) for f in own.fields]))
    result = conformed(rows, table)
    assert result.schema.equals(own.arrow)
    assert result.select(rows.column_names).to_pylist() == [row]


@pytest.mark.parametrize(
    ("given_values", "column", "stored"),
    [
        (pa.array([12], pa.int64()), "unit_cost", Decimal("12.0000")),
        (pa.array([12], pa.uint8()), "unit_cost", Decimal("12.0000")),
        (pa.array([Decimal("1.50")], pa.decimal128(5, 2)), "unit_cost", Decimal("1.5000")),
        (pa.array([Decimal("1.500000")], pa.decimal256(60, 6)), "unit_cost", Decimal("1.5000")),
        (pa.array(["x"]).dictionary_encode(), "brand", "x"),
        (pa.array(["x"], pa.large_string()), "brand", "x"),
        (pa.array(["x"], pa.string_view()), "brand", "x"),
        (pa.nulls(1), "unit_cost", None),
    ],
    ids=str,
)
def test_types_are_widened_without_loss(given_values: pa.Array, column: str, stored: object) -> None:
    assert conformed(product_rows("a", **{column: given_values}))[column].to_pylist() == [stored]


@pytest.mark.parametrize(
    ("table", "column", "given_values"),
    [
        ("products", "unit_cost", pa.array([1.5])),
        ("products", "unit_cost", pa.array(["1.5"])),
        ("products", "brand", pa.array([1])),
        ("products", "brand", pa.array([b"x"])),
        ("products", "brand", pa.array([1]).dictionary_encode()),
        ("customers", "opened_on", pa.array([datetime(2024, 1, 1)])),  # noqa: DTZ001
        ("customers", "opened_on", pa.array(["2024-01-01"])),
        ("customers", "is_prospect", pa.array([1])),
        ("customers", "employees", pa.array([1.0])),
        ("interactions", "occurred_at", pa.array([datetime(2024, 1, 1)])),  # noqa: DTZ001
    ],
    ids=str,
)
def test_a_type_that_needs_a_decision_is_refused(table: str, column: str, given_values: pa.Array) -> None:
    required = {f.name: pa.nulls(1) for f in TABLES[table].fields if f.required}
    with pytest.raises(UnfitRowsError, match=rf"The column {column} of {table} must be .*, not "):
        check_columns(pa.table(required | {column: given_values}).schema, TABLES[table])


def test_missing_unknown_and_doubled_columns_are_named() -> None:
    with pytest.raises(
        UnfitRowsError, match="transactions lack the required columns transacted_on, line_type, net_amount, currency"
    ):
        conformed(pa.table({"transaction_key": ["a"]}), "transactions")
    with pytest.raises(UnfitRowsError, match="products lack the required column name"):
        conformed(pa.table({"product_key": ["a"]}))
    with pytest.raises(UnfitRowsError, match=r"products has no column colour to be given. It has product_key, name"):
        conformed(product_rows("a", colour=["red"]))
    with pytest.raises(UnfitRowsError, match=r"no column source, batch_id to be given. The ledger fills source, batch_id itself"):
        conformed(product_rows("a", source=["erp"], batch_id=["b"]))
    with pytest.raises(UnfitRowsError, match="give a column twice: product_key, name, name"):
        conformed(product_rows("a").append_column("name", pa.array(["A"])))


def test_every_fault_is_counted_over_all_batches_and_the_first_row_named() -> None:
    rows = transaction_rows(10)
    types = pa.array(["sale", "gift", "sale", None, "Sale", *["return"] * 5])
    amounts = pa.array([Decimal(1)] * 7 + [Decimal(10) ** 30, None, Decimal("0.00001")], pa.decimal128(38, 5))
    rows = rows.set_column(2, "line_type", types).set_column(3, "net_amount", amounts)
    batches = rows.combine_chunks().to_batches(max_chunksize=3)
    with pytest.raises(UnfitRowsError) as caught:
        list(conform(batches, TABLES["transactions"], "erp", "b1"))
    message = str(caught.value)
    assert "line_type is none of sale, return, " in message
    assert "non_product in 2 rows, first in row 2; " in message
    assert "line_type is required but missing in 1 row, first in row 4; " in message
    assert "net_amount is required but missing in 1 row, first in row 9; " in message
    assert "net_amount does not fit decimal128(18, 4) in 2 rows, first in row 8" in message


@given(st.lists(st.one_of(st.none(), st.text(max_size=2)), max_size=30), st.integers(1, 7))
def test_counts_equal_a_count_by_hand(names: list[str | None], chunk_rows: int) -> None:
    rows = pa.table({"product_key": ["k"] * len(names), "name": pa.array(names, pa.string())})
    missing = [number for number, name in enumerate(names, start=1) if name is None]
    batches = rows.to_batches(max_chunksize=chunk_rows)
    if missing:
        count = f"{len(missing)} row{'s' if len(missing) > 1 else ''}, first in row {missing[0]}"
        with pytest.raises(UnfitRowsError, match=f"name is required but missing in {count}\\."):
            list(conform(batches, PRODUCTS, "erp", "b1"))
    else:
        assert sum(batch.num_rows for batch in conform(batches, PRODUCTS, "erp", "b1")) == len(names)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**13), max_value=10**13, places=4))
def test_amounts_are_never_changed(amount: Decimal) -> None:
    rows = product_rows("a", unit_cost=pa.array([amount], pa.decimal128(30, 4)))
    assert conformed(rows)["unit_cost"].to_pylist() == [amount]


def test_more_than_five_faults_are_summed_up() -> None:
    faults = Faults("products")
    for number in range(7):
        faults.add(f"column{number}", "is odd", 1_000, number + 1)
    faults.add("column0", "is odd", 1, 9)
    with pytest.raises(UnfitRowsError, match=r"column0 is odd in 1,001 rows, first in row 1; .*; and 2 more faults\. Nothing"):
        faults.raise_if_any()


@pytest.mark.parametrize(
    "shape", [lambda t: t, lambda t: t.to_reader(), lambda t: t.to_batches()], ids=["table", "reader", "list"]
)
def test_no_rows_are_no_fault(shape: Callable[[pa.Table], object]) -> None:
    assert list(conform(as_batches(shape(product_rows("a").slice(1))), PRODUCTS, "erp", "b1")) in (
        [],
        [conformed(product_rows("a").slice(1))],
    )
