"""Bars, stacks and sparklines: drawn on the server, without inline style, true to the numbers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.app.ui.templatetags.ui import bar, spark, stack

WIDTH = re.compile(r'width="([\d.]+)" height="10"')
POINT = re.compile(r"[ML]([\d.]+) ([\d.]+)")
EVIL = '"><script>alert(1)</script>'


def filled(svg: str) -> float:
    return float(re.findall(r'class="f1" width="([\d.]+)"', svg)[0])


@pytest.mark.parametrize(("value", "width"), [(0.62, 62), (0, 0), (1, 100), (1.7, 100), (-0.2, 0)])
def test_a_bar_is_as_long_as_its_share(value: float, width: float) -> None:
    assert filled(bar(value)) == width


def test_a_missing_share_leaves_the_track_open() -> None:
    assert 'class="bar unknown"' in bar(None)
    assert "unknown" not in bar(0)


@given(st.lists(st.one_of(st.none(), st.floats(min_value=0, max_value=1)), max_size=8))
def test_a_stack_never_runs_over(parts: list[float | None]) -> None:
    svg = stack(parts)
    assert svg.count("<rect") == len(parts)
    assert sum(map(float, WIDTH.findall(svg))) <= 100.5


@given(st.lists(st.one_of(st.none(), st.floats(min_value=-1e9, max_value=1e9)), min_size=0, max_size=40))
def test_a_sparkline_stays_in_its_box_and_leaves_gaps(values: list[float | None]) -> None:
    svg = spark(values, "sales")
    present = [value for value in values if value is not None]
    if len(present) < 2:
        assert "<svg" not in svg
        return
    points = [(float(x), float(y)) for x, y in POINT.findall(svg)]
    assert len(points) == len(present)
    assert all(0 <= x <= 112 and 0 <= y <= 26 for x, y in points)
    runs = sum(1 for before, value in zip([None, *values], values, strict=False) if value is not None and before is None)
    assert svg.count("M") == runs


def test_higher_is_higher() -> None:
    (_, first), (_, second) = POINT.findall(spark([1, 2], "sales"))
    assert float(second) < float(first)


@pytest.mark.parametrize("svg", [bar(0.5, "f1", EVIL), stack([1], EVIL), spark([1, 2], EVIL), spark([], EVIL)])
def test_labels_are_escaped_and_nothing_is_styled_inline(svg: str) -> None:
    assert "<script" not in svg
    assert "style=" not in svg
