"""How an organisation counts its years."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from openkam.app.people.terms import MONTHS, check_fiscal_start, fiscal_year


@pytest.mark.parametrize(
    ("day", "start", "label", "first_on", "last_on"),
    [
        (date(2026, 11, 24), (1, 1), "2026", date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 11, 24), (4, 1), "2026/27", date(2026, 4, 1), date(2027, 3, 31)),
        (date(2026, 3, 31), (4, 1), "2025/26", date(2025, 4, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), (4, 1), "2026/27", date(2026, 4, 1), date(2027, 3, 31)),
        (date(2024, 2, 29), (3, 1), "2023/24", date(2023, 3, 1), date(2024, 2, 29)),
        (date(1999, 12, 31), (12, 31), "1999/00", date(1999, 12, 31), date(2000, 12, 30)),
    ],
)
def test_a_day_belongs_to_a_fiscal_year(day: date, start: tuple[int, int], label: str, first_on: date, last_on: date):
    found = fiscal_year(day, *start)
    assert (found.label, found.first_on, found.last_on, found.short_label) == (label, first_on, last_on, f"FY {label}")


@pytest.mark.parametrize("month", [number for number, _ in MONTHS])
def test_fiscal_years_follow_each_other_without_a_gap(month: int):
    for offset in range(0, 1500, 7):
        day = date(2023, 1, 1) + timedelta(days=offset)
        found = fiscal_year(day, month, 15)
        assert found.first_on <= day <= found.last_on
        assert fiscal_year(found.last_on + timedelta(days=1), month, 15).first_on == found.last_on + timedelta(days=1)


@pytest.mark.parametrize(("month", "day"), [(2, 29), (2, 30), (4, 31), (0, 1), (13, 1), (1, 0)])
def test_a_day_that_some_years_lack_begins_none(month: int, day: int):
    with pytest.raises(ValidationError, match="Choose another day"):
        check_fiscal_start(month, day)
