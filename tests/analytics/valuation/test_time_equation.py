"""Time equations: what they yield, and that nothing else than arithmetic can be said in them."""

import ibis
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.valuation.time_equation import TimeEquationError, read_minutes


def test_it_names_its_drivers_and_yields_minutes():
    found = read_minutes(" 8 + 3 * lines - -returns / 2 + (80 if net_amount < 500 and not lines >= 9 else +1) ")
    assert found.drivers == {"lines", "returns", "net_amount"}
    assert found.of({"lines": 2, "returns": 4, "net_amount": 400}) == 8 + 6 + 2 + 80
    assert found.of({"lines": 9, "returns": 4, "net_amount": 400}) == 8 + 27 + 2 + 1


@pytest.mark.parametrize(
    ("test", "holds"),
    [
        ("x < 2", False),
        ("x <= 2", True),
        ("x > 1", True),
        ("x >= 3", False),
        ("x == 2", True),
        ("x != 2", False),
        ("x == 9 or x == 2", True),
    ],
)
def test_every_comparison(test, holds):
    assert read_minutes(f"5 if {test} else 3").of({"x": 2}) == (5 if holds else 3)


def test_an_engine_computes_the_same(engine):
    text = "0.5 + 6.5 * special + (0.2 if air == 1 or not special < 1 else 0) - special / 4"
    found = read_minutes(text)
    rows = [{"special": float(special), "air": float(air)} for special in (0, 1, 2) for air in (0, 1)]
    table = engine.table(pa.Table.from_pylist(rows))
    computed = table.mutate(minutes=found.of({name: table[name] for name in found.drivers}, ibis.ifelse))
    for row in engine.to_arrow(computed).to_pylist():
        assert row["minutes"] == pytest.approx(found.of(row))


@given(st.integers(0, 99), st.integers(0, 99), st.integers(-50, 50))
def test_it_agrees_with_python(lines, units, offset):
    text = f"{lines} * lines + (units - {units}) * 2 + ({offset} if units > lines else 0) / 4"
    drivers = {"lines": lines, "units": units}
    expected = lines * lines + 0 + (offset if units > lines else 0) / 4
    assert read_minutes(text).of(drivers) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot be read"),
        ("8 +", "cannot be read at position"),
        ("__import__('os').system('true')", "a number is needed here"),
        ("open('x')", "a number is needed here"),
        ("lines.__class__", "a number is needed here"),
        ("lines[0]", "a number is needed here"),
        ("lambda: 1", "a number is needed here"),
        ("[x for x in lines]", "a number is needed here"),
        ("'8'", "a number is needed here"),
        ("True", "a number is needed here"),
        ("~lines", "a number is needed here"),
        ("2 ** 99999", "a number is needed here"),
        ("7 // 2", "a number is needed here"),
        ("(x := 3)", "a number is needed here"),
        ("lines < 3", "a number is needed here"),
        ("1 if lines else 0", "a test is needed here"),
        ("1 if 1 < lines < 3 else 0", "a test is needed here"),
        ("1 if lines in lines else 0", "a test is needed here"),
        ("1 / lines", "divide by a number only"),
        ("1 / 0", "divide by a number above 0"),
        ("1e10", "larger than"),
        ("1e999", "larger than"),
        ("-" * 60 + "1", "nested deeper"),
        ("1 if " + "not " * 60 + "x < 1 else 0", "nested deeper"),
        ("1+" * 400 + "1", "longer than 500"),
    ],
)
def test_anything_else_is_refused(text, words):
    with pytest.raises(TimeEquationError, match=words):
        read_minutes(text)
