"""Rejected rows of all batches."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from openkam.analytics.ledger.reject_search import RejectCount, RejectedRow, RejectSearch, count_rejects, find_rejects
from openkam.app.ledger.queries.facts import in_words, open_ledger
from openkam.app.ledger.terms import MOST_ROWS_MENDED
from openkam.app.people.models import User

__all__ = ["RejectCount", "RejectSearch", "RejectedRow", "Totals", "reject_counts", "rejected_rows", "rows_to_mend", "totals"]


@dataclass(frozen=True, slots=True)
class Totals:
    """The same rejects counted three ways: each a list of (what, rows), the most frequent first."""

    reasons: tuple[tuple[str, int], ...]
    columns: tuple[tuple[str, int], ...]
    files: tuple[tuple[str, int], ...]


def reject_counts(user: User, wanted: RejectSearch) -> tuple[RejectCount, ...]:
    """Rows by batch, file, column and reason."""
    ledger = open_ledger(user)
    with in_words():
        return count_rejects(ledger, wanted)


def rejected_rows(user: User, wanted: RejectSearch, *, most: int, skipped: int = 0) -> tuple[RejectedRow, ...]:
    """A page of the rows themselves."""
    ledger = open_ledger(user)
    with in_words():
        return find_rejects(ledger, wanted, most=most, skipped=skipped)


def rows_to_mend(user: User, batch_id: str) -> tuple[RejectedRow, ...]:
    """The first held back rows of a batch. Each has all columns that rows of its file have, so that what is missing can be added."""
    rows = rejected_rows(user, RejectSearch(batch_id=batch_id, with_undone=True), most=MOST_ROWS_MENDED)
    columns: dict[str, dict[str, None]] = {}
    for row in sorted(rows, key=lambda row: -len(row.row)):
        columns.setdefault(row.file, {}).update(dict.fromkeys(row.row))
    return tuple(replace(row, row={name: row.row.get(name) for name in columns[row.file]}) for row in rows)


def totals(counts: Iterable[RejectCount]) -> Totals:
    """Cells at fault by reason, by column and by file."""
    sums: tuple[dict[str, int], ...] = ({}, {}, {})
    for count in counts:
        for total, what in zip(sums, (count.reason, count.column or "", count.file), strict=True):
            total[what] = total.get(what, 0) + count.rows
    ordered = [tuple(sorted(total.items(), key=lambda item: (-item[1], item[0]))) for total in sums]
    return Totals(*ordered)
