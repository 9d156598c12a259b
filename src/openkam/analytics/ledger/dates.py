"""How the dates of a column are written, decided from all rows. Where day and month can be swapped, the user is asked.

A time of day is allowed and cut off where the ledger keeps days; the day is the one written, whatever the time zone beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Literal, TypeVar

import duckdb

from openkam.analytics.ledger.expression import text_literal
from openkam.analytics.ledger.mapping import MappingError
from openkam.analytics.terms import OpenKamError

DateOrder = Literal["day-first", "month-first"]
Key = TypeVar("Key")

_TIME = r"[T ,]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?( ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}))?$"
_SERIAL = r"\d{5}(\.\d+)?"
_DIRECTIVES = frozenset("YymbBdjHMSfpIzZaA-%")


class AmbiguousDateError(OpenKamError):
    """A column whose dates can be read day first or month first; the message says what to give.

    `day_first` and `month_first` are the two patterns.
    """

    def __init__(self, message: str, day_first: str, month_first: str) -> None:
        super().__init__(
            message, by_command="For all columns at once, --date-order day-first or --date-order month-first says it."
        )
        self.day_first = day_first
        self.month_first = month_first


@dataclass(frozen=True, slots=True)
class DateFormat:
    """`pattern` in strptime directives. `takes_time`: the pattern covers the time of day too. `has_serials`: cells may be Excel
    day numbers. `is_swappable`: the pattern was decided, and day and month would also read the other way round. `has_times`: a
    time of day was seen."""

    pattern: str
    takes_time: bool = False
    has_serials: bool = False
    is_swappable: bool = False
    has_times: bool = False

    def day_sql(self, text: str) -> str:
        """SQL for the day in the text `text`; null where it is none in this format."""
        parsed = f"CAST({_strptime(text if self.takes_time else without_time_sql(text), self.pattern)} AS DATE)"
        if not self.has_serials:
            return parsed
        serial = f"CAST(DATE '1899-12-30' + CAST(trunc(TRY_CAST({text} AS DOUBLE)) AS INTEGER) AS DATE)"
        return f"(CASE WHEN regexp_full_match({text}, {text_literal(_SERIAL)}) THEN {serial} ELSE {parsed} END)"

    def instant_sql(self, text: str) -> str:
        """SQL for the instant in the text `text` (a connection in UTC): a time without zone is UTC, a day without time its
        midnight."""
        if self.takes_time:
            return f"CAST({_strptime(text, self.pattern)} AS TIMESTAMPTZ)"
        written = rf"regexp_extract({text}, '[T ,]+(\d{{1,2}}:\d{{2}}(:\d{{2}}([.,]\d+)?)?)', 1)"
        clock = f"TRY_CAST(replace(nullif({written}, ''), ',', '.') AS TIME)"
        noon = (
            rf"(CASE WHEN regexp_matches({text}, '(?i)\d ?p\.?m') AND hour({clock}) < 12 THEN to_hours(12) "
            rf"WHEN regexp_matches({text}, '(?i)\d ?a\.?m') AND hour({clock}) = 12 THEN to_hours(-12) ELSE to_hours(0) END)"
        )
        offset = rf"regexp_extract({text}, ':\d{{2}}.*([+-]\d{{2}}):?(\d{{2}})?$', ['hours', 'minutes'])"
        minutes = (
            f"(60 * coalesce(TRY_CAST({offset}.hours AS INTEGER), 0) + (CASE WHEN starts_with({offset}.hours, '-') THEN -1 "
            "ELSE 1 END) "
            f"* coalesce(TRY_CAST({offset}.minutes AS INTEGER), 0))"
        )
        day = self.day_sql(text)
        return (
            f"(CASE WHEN contains({text}, ':') THEN CAST({day} + {clock} + {noon} - to_minutes({minutes}) AS TIMESTAMPTZ) "
            f"ELSE CAST({day} AS TIMESTAMPTZ) END)"
        )


def _strptime(text: str, pattern: str) -> str:
    """SQL for the timestamp in `text`. "infinity" and "epoch", which DuckDB takes for dates whatever the pattern, are none."""
    parsed = f"try_strptime({text}, {text_literal(pattern)})"
    starts_with_digit = pattern[:2] in ("%Y", "%y", "%m", "%d")
    is_written = (
        f"{text} BETWEEN '0' AND ':'" if starts_with_digit else f"lower({text}) NOT IN ('epoch', 'infinity', '-infinity')"
    )
    return f"(CASE WHEN {is_written} THEN {parsed} END)"


def without_time_sql(text: str) -> str:
    """SQL for the text without the time of day at its end."""
    return f"(CASE WHEN contains({text}, ':') THEN regexp_replace({text}, {text_literal(_TIME)}, '') ELSE {text} END)"


def not_a_date_sql(text: str) -> str:
    """SQL for the reason why the text `text` is no date in the column's format."""
    looks_like_one = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|\d{8}"
    return (
        f"(CASE WHEN starts_with({text}, '#') THEN 'formula error' WHEN starts_with({text}, '=') THEN 'formula without a "
        "stored value' "
        f"WHEN regexp_full_match({text}, {text_literal(looks_like_one)}) THEN 'no such day in the date format of this column' "
        f"ELSE 'not a date' END)"
    )


@dataclass(frozen=True, slots=True)
class _Style:
    """One way to write dates. Where day and month are both numbers beside each other there is a second reading, month first."""

    day_first: str
    month_first: str | None = None


def _styles() -> Iterable[_Style]:
    for mark in ("-", "/", "."):
        yield _Style(f"%Y{mark}%m{mark}%d")
    yield _Style("%Y%m%d")
    for mark, year in product(("/", "-", ".", " "), ("%Y", "%y")):
        yield _Style(f"%d{mark}%m{mark}{year}", f"%m{mark}%d{mark}{year}")
    for mark, month, year in product((" ", "-", "/", "."), ("%b", "%B"), ("%Y", "%y")):
        yield _Style(f"%d{mark}{month}{mark}{year}")
    for month in ("%b", "%B"):
        yield _Style(f"{month} %d, %Y")
        yield _Style(f"{month} %d %Y")
        yield _Style(f"%Y-{month}-%d")


STYLES = tuple(_styles())


def decide_dates(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    text: str,
    *,
    where: str,
    column: str,
    given: str | None,
    date_order: DateOrder | None,
    has_serials: bool = False,
) -> DateFormat | None:
    """The format of the text column `text` of `relation`; None where no cell is a date in any known one.

    `given` is the format the user fixed. Raises `AmbiguousDateError` where both orders fit all rows, or some rows fit only the
    one and others only the other, unless `date_order` says which.
    """
    if given is not None:
        return _given_format(connection, given, column, has_serials)
    stripped = without_time_sql(text)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE written_dates AS SELECT {stripped} AS v, count(*) AS n, any_value({text}) AS example, "
        f"bool_or(contains({text}, ':')) AS is_timed FROM {relation} "
        f"WHERE {text} IS NOT NULL GROUP BY 1"
    )
    try:
        style = _best_style(connection)
        if style is None:
            return DateFormat("%Y-%m-%d", has_serials=True) if has_serials else None
        pattern = style.day_first
        if style.month_first is not None:
            pattern = _order(connection, style, date_order, where, column)
        timed = connection.execute("SELECT bool_or(is_timed) FROM written_dates").fetchone() or (False,)
        return DateFormat(pattern, has_serials=has_serials, is_swappable=style.month_first is not None, has_times=bool(timed[0]))
    finally:
        connection.execute("DROP TABLE IF EXISTS written_dates")


def _parsed(pattern: str) -> str:
    """SQL for `v` read by the pattern, null where a year of four digits was not written with four."""
    parsed = f"CAST({_strptime('v', pattern)} AS DATE)"
    if pattern == "%Y%m%d":
        return f"(CASE WHEN length(v) = 8 THEN {parsed} END)"
    return f"(CASE WHEN year({parsed}) >= 1000 THEN {parsed} END)" if "%Y" in pattern else parsed


def _best_style(connection: duckdb.DuckDBPyConnection) -> _Style | None:
    """The style that reads the most rows."""
    fits = {
        style: f"coalesce(sum(n) FILTER ({_parsed(style.day_first)} IS NOT NULL"
        + (f" OR {_parsed(style.month_first)} IS NOT NULL" if style.month_first else "")
        + "), 0)"
        for style in STYLES
    }
    # Most columns keep to one style, which a few cells already tell; only they are then counted over all rows.
    few = _rows_of(connection, fits, "(FROM written_dates ORDER BY hash(v) LIMIT 500)")
    likely = {style: fits[style] for style in STYLES if few[style]}
    all_rows = _rows_of(connection, {**likely, None: "sum(n)"}, "written_dates") if likely else {None: 1}
    total = all_rows.pop(None)
    if max(all_rows.values(), default=0) < (total or 0):
        all_rows = _rows_of(connection, fits, "written_dates")
    best = max(all_rows.values(), default=0)
    return next((style for style, rows in all_rows.items() if rows == best), None) if best else None


def _rows_of(connection: duckdb.DuckDBPyConnection, counts: dict[Key, str], relation: str) -> dict[Key, int]:
    row = connection.execute(f"SELECT {', '.join(counts.values())} FROM {relation}").fetchone() or ()
    return dict(zip(counts, row, strict=True))


def _order(connection: duckdb.DuckDBPyConnection, style: _Style, date_order: DateOrder | None, where: str, column: str) -> str:
    month_first = style.month_first or style.day_first
    if date_order is not None:
        return style.day_first if date_order == "day-first" else month_first
    d, m = _parsed(style.day_first), _parsed(month_first)
    only_day, only_month, either, a_day, a_month, an_either = connection.execute(
        f"WITH read AS (SELECT n, example, {d} AS d, {m} AS m FROM written_dates) SELECT "
        "coalesce(sum(n) FILTER (d IS NOT NULL AND m IS NULL), 0), coalesce(sum(n) FILTER (m IS NOT NULL AND d IS NULL), 0), "
        "coalesce(sum(n) FILTER (d <> m), 0), min(example) FILTER (d IS NOT NULL AND m IS NULL), "
        "min(example) FILTER (m IS NOT NULL AND d IS NULL), min(example) FILTER (d <> m) FROM read"
    ).fetchone() or (0, 0, 0, None, None, None)
    ask = f'Say which in the mapping: [dates] "{column}" = "{style.day_first}" or "{month_first}".'
    if only_day and only_month:
        raise AmbiguousDateError(
            f"{where}: the column “{column}” mixes orders: {only_day:,} rows can only be day first (“{a_day}”) and "
            f"{only_month:,} only month "
            f"first (“{a_month}”). {ask} Rows that do not fit are then rejected.",
            style.day_first,
            month_first,
        )
    if not only_day and not only_month and either:
        raise AmbiguousDateError(
            f"{where}: in the column “{column}” day and month can be swapped in all rows, for example “{an_either}”. {ask}",
            style.day_first,
            month_first,
        )
    return month_first if only_month else style.day_first


def _given_format(connection: duckdb.DuckDBPyConnection, pattern: str, column: str, has_serials: bool) -> DateFormat:
    directives = [c for before, c in pairwise(pattern) if before == "%"]
    try:
        if not set(directives) <= _DIRECTIVES:
            raise ValueError("unknown directive")
        row = connection.execute(
            f"SELECT CAST(strptime(strftime(TIMESTAMP '2021-10-25 00:00:00', {text_literal(pattern)}), "
            f"{text_literal(pattern)}) AS DATE) "
            "= DATE '2021-10-25'"
        ).fetchone()
    except (duckdb.Error, ValueError):
        row = None
    if not row or not row[0]:
        raise MappingError(
            f"[dates] “{column}”: “{pattern}” does not name a day. Use %d day, %m month, %Y year (%y two digits), %b month "
            "name, for example "
            '"%d/%m/%Y" or "%d.%m.%Y %H:%M".'
        )
    takes_time = bool({"H", "I"} & set(directives))
    return DateFormat(pattern, takes_time=takes_time, has_serials=has_serials, has_times=takes_time)
