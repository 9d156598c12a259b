"""A circle of reporting lines closes only among lines that hold at one time."""

from datetime import date

from openkam.analytics.relationship.reporting_loop import DatedLine, reporting_loop


def test_a_circle_is_told_in_its_order():
    lines = [DatedLine(2, 3, None, None), DatedLine(3, 1, None, None), DatedLine(4, 1, None, None)]

    assert reporting_loop(lines, DatedLine(1, 2, None, None)) == (1, 2, 3, 1)
    assert reporting_loop(lines, DatedLine(1, 5, None, None)) == ()
    assert reporting_loop(lines, DatedLine(5, 4, None, None)) == ()


def test_lines_of_other_times_close_none():
    over = [DatedLine(2, 1, date(2020, 1, 1), date(2024, 12, 31))]

    assert reporting_loop(over, DatedLine(1, 2, date(2025, 1, 1), None)) == ()
    assert reporting_loop(over, DatedLine(1, 2, date(2024, 12, 31), None)) == (1, 2, 1)
    assert reporting_loop(over, DatedLine(1, 2, None, date(2019, 12, 31))) == ()
    apart = [DatedLine(2, 3, None, date(2020, 12, 31)), DatedLine(3, 1, date(2021, 1, 1), None)]
    assert reporting_loop(apart, DatedLine(1, 2, None, None)) == ()


def test_a_circle_of_others_ends_the_walk():
    assert reporting_loop([DatedLine(2, 3, None, None), DatedLine(3, 2, None, None)], DatedLine(1, 2, None, None)) == ()
