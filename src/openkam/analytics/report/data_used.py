"""What the review stands on: rows per table and source, how complete each measure is, what each measure means."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from openkam.analytics.ledger.schema import ILLUSTRATIVE_PREFIX
from openkam.analytics.report import number_format as nf
from openkam.analytics.report.account_columns import cells, numbers
from openkam.analytics.report.illustrative import illustrative_measures
from openkam.analytics.report.table import Column, Kind, Table
from openkam.analytics.review.review import Review


@dataclass(frozen=True, slots=True)
class Completeness:
    """For how many accounts a measure is known."""

    label: str
    known: int
    total: int
    is_illustrative: bool

    @property
    def share(self) -> float:
        """Known accounts as a share of all."""
        return self.known / self.total if self.total else 0.0


def completeness(review: Review) -> tuple[Completeness, ...]:
    """Every measure, the least complete first."""
    generated = illustrative_measures(review)
    accounts = review.accounts
    found: list[Completeness] = []
    for measure in review.measures:
        found.append(
            Completeness(nf.label_of(measure.name), _known(accounts, measure.name), accounts.num_rows, measure.name in generated)
        )
    return tuple(sorted(found, key=lambda c: (c.share, c.label)))


def _known(accounts: pa.Table, name: str) -> int:
    """Rows where the column has a value; absent columns have none, and not-a-number is none."""
    if name not in accounts.column_names:
        return 0
    if pa.types.is_floating(accounts[name].type):
        return int(np.count_nonzero(~np.isnan(numbers(accounts, name))))
    return int(accounts.num_rows - accounts[name].null_count)


def completeness_table(review: Review) -> Table:
    """Every measure with the accounts it is known for."""
    columns = (
        Column("Measure"),
        Column("Known for", Kind.NUMBER, "accounts"),
        Column("Missing for", Kind.NUMBER, "accounts"),
        Column("Known", Kind.SHARE, digits=1),
        Column("Illustrative", Kind.FLAG),
    )
    rows = tuple((c.label, c.known, c.total - c.known, c.share, c.is_illustrative) for c in completeness(review))
    return Table("Completeness", "For how many accounts each measure is known", columns, rows)


def facts_table(review: Review) -> Table:
    """Rows per ledger table, source and currency, with the days they span."""
    columns = (
        Column("Table"),
        Column("Source"),
        Column("Currency"),
        Column("Rows", Kind.NUMBER),
        Column("From", Kind.DAY),
        Column("To", Kind.DAY),
        Column("Illustrative", Kind.FLAG),
    )
    names = ("table", "source", "currency", "rows", "from_on", "to_on")
    rows = list(zip(*(cells(review.facts, name) for name in names), strict=True))
    marked = tuple((*row, str(row[1]).startswith(ILLUSTRATIVE_PREFIX)) for row in rows)
    return Table("Facts", f"Ledger version {review.ledger_version}, as of {nf.day(review.as_of)}", columns, marked)


def glossary_table(review: Review) -> Table:
    """Every measure with its unit, its meaning and where it is computed."""
    generated = illustrative_measures(review)
    columns = (
        Column("Measure"),
        Column("Column"),
        Column("Unit"),
        Column("Meaning"),
        Column("Family"),
        Column("Illustrative", Kind.FLAG),
    )
    rows = tuple(
        (
            nf.label_of(m.name),
            m.name,
            nf.unit_words(m.unit, review.currency) or str(m.unit),
            m.meaning,
            nf.label_of(m.family),
            m.name in generated,
        )
        for m in review.measures
    )
    return Table("Measures glossary", "What each measure means", columns, rows)
