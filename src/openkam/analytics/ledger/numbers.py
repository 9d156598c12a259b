"""How the numbers of a column are written: decimal mark, thousands mark, decorations; decided from all rows, never guessed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from openkam.analytics.ledger.expression import NUMBER_SQL, text_literal
from openkam.analytics.terms import OpenKamError

MOST_DECIMALS = 4
"""Decimals of an amount in the ledger; more are rounded half to even, and counted."""

_SAMPLE_ROWS = 20_000
_SPACES = "\u00a0\u202f\u2009 "
_MARKS = tuple((d, t) for d in (".", ",") for t in ("", ",", ".", " ", "'") if d != t)


class AmbiguousNumberError(OpenKamError):
    """A column whose point or comma may part decimals or thousands."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """`thousands` is empty when there is none. `is_decorated`: currency signs, brackets or a trailing minus occur.
    `most_decimals` seen."""

    decimal: str = "."
    thousands: str = ""
    is_decorated: bool = False
    most_decimals: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether numbers are written as SQL writes them."""
        return self.decimal == "." and not self.thousands and not self.is_decorated

    def plain_sql(self, text: str) -> str:
        """SQL for the text `text` as a number with a decimal point and nothing else; null where it is not written in this
        format."""
        sql = _undecorated(text) if self.is_decorated or self.thousands == " " else text
        if self.thousands:
            mark = text_literal(self.thousands)
            fits = f"regexp_full_match({sql}, {text_literal(_pattern(self.decimal, self.thousands))})"
            sql = f"(CASE WHEN NOT contains({sql}, {mark}) THEN {sql} WHEN {fits} THEN replace({sql}, {mark}, '') END)"
        if self.decimal == ",":
            sql = f"(CASE WHEN NOT contains({sql}, '.') THEN replace({sql}, ',', '.') END)"
        return sql

    def whole_sql(self, text: str) -> str:
        """SQL for the number as `BIGINT`; null where it is none, not whole, or has more than 14 digits."""
        exact = f"TRY_CAST({self.plain_sql(text)} AS DECIMAL(18,4))"
        return f"(CASE WHEN CAST(CAST({exact} AS BIGINT) AS DECIMAL(18,4)) = {exact} THEN CAST({exact} AS BIGINT) END)"

    def number_sql(self, text: str) -> str:
        """SQL for the number, ten decimals kept; null where it is none."""
        return f"TRY_CAST({self.plain_sql(text)} AS {NUMBER_SQL})"

    def decimal_sql(self, text: str, decimals: int) -> str:
        """SQL for the number as `DECIMAL(18, decimals)`, rounded half to even; null where it is none or too large."""
        if self.most_decimals <= decimals:
            return f"TRY_CAST({self.plain_sql(text)} AS DECIMAL(18,{decimals}))"
        return f"TRY_CAST(round_even({self.number_sql(text)}, {decimals}) AS DECIMAL(18,{decimals}))"


def not_a_number_sql(text: str, format_: NumberFormat) -> str:
    """SQL for the reason why the text `text` is no number that fits."""
    double = f"TRY_CAST({format_.plain_sql(text)} AS DOUBLE)"
    return (
        f"(CASE WHEN regexp_full_match({text}, '(?i)[-+]?(nan|inf|infinity)') THEN 'not a finite number' "
        f"WHEN starts_with({text}, '#') THEN 'formula error' WHEN starts_with({text}, '=') THEN 'formula without a stored value' "
        f"WHEN isfinite({double}) THEN 'too large a number' ELSE {text_literal(_not_a_number(format_))} END)"
    )


def _not_a_number(format_: NumberFormat) -> str:
    return "not a number" if format_.decimal == "." else "not a number with decimal comma"


def _undecorated(text: str) -> str:
    """SQL for the text without currency signs, with plain spaces, and with its minus in front."""
    bare = f"trim(regexp_replace(regexp_replace(replace({text}, '−', '-'), '[{_SPACES}]', ' ', 'g'), ' *\\p{{Sc}} *', '', 'g'))"
    turned = (
        "CASE WHEN regexp_full_match(b, '\\(.+\\)') THEN '-' || trim(b[2:-2]) WHEN ends_with(b, '-') THEN '-' || trim(b[1:-2]) "
        "ELSE b END"
    )
    return f"list_transform([{bare}], lambda b: {turned})[1]"


def _pattern(decimal: str, thousands: str) -> str:
    whole = "\\d+" if not thousands else f"(\\d{{1,3}}([{thousands}]\\d{{3}})+|\\d+)"
    return f"[-+]?({whole}([{decimal}]\\d*)?|[{decimal}]\\d+)"


def decide_numbers(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Mapping[int, str],
    *,
    file: str,
    decimal: str | None,
    thousands: str | None,
    fallback: str | None = None,
) -> dict[int, NumberFormat]:
    """The format of each text column: `columns` maps the index i of the text column `t<i>` in `relation` to its name.

    `decimal` and `thousands` are what the user fixed. A column that fits two readings follows the other columns of the file, then
    `fallback` (workbooks always write a point). Raises `AmbiguousNumberError` where nothing decides.
    """
    decided: dict[int, NumberFormat] = {}
    open_: list[int] = []
    for index in columns:
        found = _decide(connection, relation, f"t{index}", decimal, thousands)
        if found is None:
            open_.append(index)
        else:
            decided[index] = found
    if not open_:
        return decided
    known = {f.decimal for f in decided.values() if _has_decimals(f)} or ({fallback} if fallback else set())
    for index in open_:
        if len(known) != 1:
            row = connection.execute(
                f"SELECT t{index} FROM {relation} WHERE regexp_matches(t{index}, '\\d[.,]\\d') LIMIT 1"
            ).fetchone()
            raise AmbiguousNumberError(
                f"{file}: in the column “{columns[index]}” the mark in “{row[0] if row else ''}” may part decimals or "
                "thousands, and no row "
                'decides it. Say which mark parts the decimals, in the mapping: [format] decimal = "." or decimal = ",".'
            )
        decided[index] = _decide(connection, relation, f"t{index}", next(iter(known)), thousands) or NumberFormat()
    return decided


def _has_decimals(format_: NumberFormat) -> bool:
    return format_.most_decimals > 0 or bool(format_.thousands)


def _decide(
    connection: duckdb.DuckDBPyConnection, relation: str, text: str, decimal: str | None, thousands: str | None
) -> NumberFormat | None:
    """The format, or None where point or comma has two readings. The common case, plain numbers, costs no pattern."""
    plain = f"(TRY_CAST({text} AS DOUBLE) IS NOT NULL)"
    dot = f"strpos({text}, '.')"
    may_be_thousands = (
        f"({dot} > 1 AND length({text}) - {dot} = 3 AND regexp_full_match({text}, '[-+]?[1-9]\\d{{0,2}}\\.\\d{{3}}'))"
    )
    filled, plains, dots, unclear, decimals = connection.execute(
        f"SELECT count({text}), count_if({plain}), count_if({dot} > 0), count_if({may_be_thousands}), "
        f"coalesce(max(CASE WHEN {dot} > 0 THEN length({text}) - {dot} END), 0) FROM {relation}"
    ).fetchone() or (0, 0, 0, 0, 0)
    if not filled:
        return NumberFormat(decimal or ".")
    if decimal != "," and filled == plains and not thousands and (decimal or not dots or dots > unclear):
        return NumberFormat(".", "", False, decimals)
    return _decide_marks(connection, relation, text, decimal, thousands)


def _decide_marks(
    connection: duckdb.DuckDBPyConnection, relation: str, text: str, decimal: str | None, thousands: str | None
) -> NumberFormat | None:
    candidates = [(d, t) for d, t in _MARKS if decimal in (None, d) and thousands in (None, t)]
    is_decorated = bool(
        _count(connection, f"SELECT count_if(regexp_matches({text}, '[{_SPACES}\\p{{Sc}}()−]|\\d-$')) FROM {relation}")
    )
    bare = _undecorated(text) if is_decorated else text
    patterns = {c: f"regexp_full_match({bare}, {text_literal(_pattern(*c))})" for c in candidates}
    sample = (
        f"(SELECT {text} FROM {relation} WHERE {text} IS NOT NULL USING SAMPLE reservoir({_SAMPLE_ROWS} ROWS) REPEATABLE (1))"
    )
    counts = _fits(connection, sample, patterns)
    likely = [c for c in candidates if counts[c] == max(counts.values())]
    # All rows are read for what the sample leaves open; what fits fewer rows than the best can only win where the best fails too.
    everything = _fits(connection, relation, {c: patterns[c] for c in likely})
    filled = _count(connection, f"SELECT count({text}) FROM {relation}")
    if max(everything.values()) < filled:
        everything = _fits(connection, relation, patterns)
    best = max(everything.values())
    fitting = [c for c in candidates if everything.get(c) == best]
    if (
        best
        and len({d for d, _ in fitting}) > 1
        and _count(connection, f"SELECT count_if(regexp_matches({text}, '[.,]')) FROM {relation}")
    ):
        return None
    mark, groups = min(fitting, key=lambda c: len(c[1]))
    place = f"strpos({text}, {text_literal(mark)})"
    decimals = f"SELECT coalesce(max(CASE WHEN {place} > 0 THEN length({text}) - {place} END), 0) FROM {relation}"
    return NumberFormat(mark, groups, is_decorated, _count(connection, decimals))


def _fits(
    connection: duckdb.DuckDBPyConnection, relation: str, patterns: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], int]:
    row: Sequence[int] = (
        connection.execute(f"SELECT {', '.join(f'count_if({p})' for p in patterns.values())} FROM {relation}").fetchone() or ()
    )
    return dict(zip(patterns, row, strict=True))


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
