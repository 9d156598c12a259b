"""How dates are written, decided from all rows; day and month are never guessed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openkam.analytics.ledger.dates import STYLES, AmbiguousDateError, DateFormat, decide_dates, not_a_date_sql
from openkam.analytics.ledger.mapping import MappingError


def decided(cells: Sequence[str | None], **options: object) -> DateFormat | None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE cells (t VARCHAR)")
        if cells:
            connection.executemany("INSERT INTO cells VALUES (?)", [[c] for c in cells])
        settings = {"given": None, "date_order": None, "where": "f.csv", "column": "When", **options}
        return decide_dates(connection, "cells", "t", **settings)  # pyright: ignore[reportArgumentType]


def read(text: str, format_: DateFormat) -> date | None:
    with duckdb.connect() as connection:
        row = connection.execute(f"SELECT {format_.day_sql('t')} FROM (SELECT ? AS t)", [text]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("cells", "pattern"),
    [
        (["2025-01-31", "2025-02-01"], "%Y-%m-%d"),
        (["2025/1/31"], "%Y/%m/%d"),
        (["20250131"], "%Y%m%d"),
        (["31/01/2025", "01/02/2025"], "%d/%m/%Y"),
        (["1/31/2025", "2/1/2025"], "%m/%d/%Y"),
        (["31.1.2025", "1.2.2025"], "%d.%m.%Y"),
        (["31-01-25", "01-02-25"], "%d-%m-%y"),
        (["5 Jan 2025"], "%d %b %Y"),
        (["05-JAN-2025"], "%d-%b-%Y"),
        (["5 January 2025"], "%d %B %Y"),
        (["January 5, 2025"], "%B %d, %Y"),
        (["2025-01-31 10:30", "2025-02-01T10:30:15.5Z"], "%Y-%m-%d"),
        (["01/31/2025 5:30 PM", "02/01/2025 11:00 am"], "%m/%d/%Y"),
        (["05/05/2025", "06/06/2025"], "%d/%m/%Y"),
        (["31/01/2025", "oops", None], "%d/%m/%Y"),
    ],
)
def test_it_tells_the_format(cells: list[str], pattern: str) -> None:
    format_ = decided(cells)
    assert format_ is not None
    assert format_.pattern == pattern


def test_both_orders_are_asked_for() -> None:
    with pytest.raises(AmbiguousDateError, match=r"f.csv: in the column “When” day and month.*“01/02/2025”.*%d/%m/%Y.*%m/%d/%Y"):
        decided(["01/02/2025", "03/04/2025", "05/05/2025"])
    day_first = decided(["01/02/2025"], date_order="day-first")
    month_first = decided(["01/02/2025"], date_order="month-first")
    assert day_first is not None
    assert month_first is not None
    assert (read("01/02/2025", day_first), read("01/02/2025", month_first)) == (date(2025, 2, 1), date(2025, 1, 2))


def test_mixed_orders_are_asked_for() -> None:
    with pytest.raises(
        AmbiguousDateError, match=r"mixes orders: 2 rows can only be day first \(“13/01/2025”\) and 1 only month first"
    ):
        decided(["13/01/2025", "14/01/2025", "01/15/2025", "01/02/2025"])


def test_the_last_row_of_many_decides() -> None:
    cells = [f"{d:02d}/{m:02d}/2025" for d in range(1, 13) for m in range(1, 13)] * 5
    with pytest.raises(AmbiguousDateError):
        decided(cells)
    format_ = decided([*cells, "13/01/2025"])
    assert format_ is not None
    assert format_.pattern == "%d/%m/%Y"


def test_no_date_no_format() -> None:
    assert decided(["a", "b"]) is None
    assert decided([]) is None
    format_ = decided(["45000", "45001.5"], has_serials=True)
    assert format_ is not None
    assert read("45000", format_) == date(2023, 3, 15)
    assert read("45001.5", format_) == date(2023, 3, 16)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("%d/%m/%Y", "01/02/2025 10:00", date(2025, 2, 1)),
        ("%d/%m/%Y %H:%M", "01/02/2025 10:00", date(2025, 2, 1)),
        ("%Y%j", "2025032", date(2025, 2, 1)),
        ("%d.%m.%y", "01.02.25", date(2025, 2, 1)),
    ],
)
def test_a_given_format_is_taken(pattern: str, text: str, expected: date) -> None:
    format_ = decided([text], given=pattern)
    assert format_ is not None
    assert read(text, format_) == expected


@pytest.mark.parametrize("pattern", ["%d/%m", "day", "%Q", "%Y", "%d/%d/%Y", "%H:%M"])
def test_a_format_without_a_day_is_refused(pattern: str) -> None:
    with pytest.raises(MappingError, match="does not name a day"):
        decided(["1"], given=pattern)


@settings(deadline=None, max_examples=40)
@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from([s for s in STYLES if "%y" not in s.day_first]))
def test_dates_survive_being_written(day: date, style: object) -> None:
    for pattern in filter(None, (style.day_first, style.month_first)):  # pyright: ignore[reportAttributeAccessIssue]
        assert read(day.strftime(pattern), DateFormat(pattern)) == day


@pytest.mark.parametrize("word", ["infinity", "-infinity", "Epoch", "today", "now"])
@pytest.mark.parametrize("pattern", ["%Y-%m-%d", "%b %d, %Y", "%d/%m/%Y"])
def test_words_are_no_dates(word: str, pattern: str) -> None:
    assert read(word, DateFormat(pattern)) is None
    assert decided([word]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-01-31", datetime(2025, 1, 31, tzinfo=UTC)),
        ("2025-01-31 10:30", datetime(2025, 1, 31, 10, 30, tzinfo=UTC)),
        ("2025-01-31T10:30:15.250Z", datetime(2025, 1, 31, 10, 30, 15, 250000, tzinfo=UTC)),
        ("2025-01-31 10:30+02:00", datetime(2025, 1, 31, 8, 30, tzinfo=UTC)),
        ("2025-01-31 22:30:00-0330", datetime(2025, 2, 1, 2, 0, tzinfo=UTC)),
        ("2025-01-31 10:30:00 +01", datetime(2025, 1, 31, 9, 30, tzinfo=UTC)),
        ("2025-01-31 5:30 PM", datetime(2025, 1, 31, 17, 30, tzinfo=UTC)),
        ("2025-01-31 12:30 a.m.", datetime(2025, 1, 31, 0, 30, tzinfo=UTC)),
        ("2025-01-31 12:30 PM", datetime(2025, 1, 31, 12, 30, tzinfo=UTC)),
        ("2025-01-31 25:30", None),
        ("2025-02-31 10:30", None),
    ],
)
def test_instants_are_in_utc(text: str, expected: datetime | None) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        sql = f"SELECT epoch_us({DateFormat('%Y-%m-%d').instant_sql('t')}) FROM (SELECT ? AS t)"
        row = connection.execute(sql, [text]).fetchone()
    assert row is not None
    assert row[0] == (
        None if expected is None else round((expected - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
    )


def test_a_given_format_reads_instants() -> None:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        format_ = DateFormat("%d/%m/%Y %H:%M", takes_time=True)
        row = connection.execute(f"SELECT epoch({format_.instant_sql('t')}) FROM (SELECT '31/01/2025 10:30' AS t)").fetchone()
    assert row == (datetime(2025, 1, 31, 10, 30, tzinfo=UTC).timestamp(),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/02/2025", "no such day in the date format of this column"),
        ("20251301", "no such day in the date format of this column"),
        ("soon", "not a date"),
        ("#N/A", "formula error"),
        ("=TODAY()", "formula without a stored value"),
    ],
)
def test_it_says_why_a_text_is_no_date(text: str, reason: str) -> None:
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT {not_a_date_sql('t')} FROM (SELECT ? AS t)", [text]).fetchone() == (reason,)
