"""The review's tables, in the order of the workbook's sheets."""

from openkam.analytics.report import number_format as nf
from openkam.analytics.report.account_columns import account_names, cells, numbers, rows_by_problem_index
from openkam.analytics.report.charts.concentration import concentration_table
from openkam.analytics.report.concentration import concentrations
from openkam.analytics.report.data_used import completeness_table, facts_table, glossary_table
from openkam.analytics.report.headline import figures, headline
from openkam.analytics.report.illustrative import fact_words, illustrative_criteria, illustrative_measures
from openkam.analytics.report.limits import limits_table
from openkam.analytics.report.margin_against_sales import margin_against_sales
from openkam.analytics.report.ranking import Ranked, ranking
from openkam.analytics.report.table import Cell, Column, Kind, Table, measure_column
from openkam.analytics.report.value_function import criteria_table
from openkam.analytics.review.review import Review
from openkam.analytics.selection.problem import Change

MOST_ROWS = 1_048_575
"""Rows that a sheet can hold beneath its heads."""
_ATTRIBUTES = ("region", "country", "industry", "category", "group_name", "current_manager", "manager", "excluded_because")


def sheets(review: Review) -> tuple[Table, ...]:
    """Every sheet of the workbook."""
    return (
        summary_table(review),
        selected_table(review),
        nearest_excluded_table(review),
        accounts_table(review),
        limits_table(review),
        criteria_table(review),
        concentration_table(concentrations(review)),
        glossary_table(review),
        completeness_table(review),
        facts_table(review),
    )


def summary_table(review: Review) -> Table:
    """What the page opens with, and what identifies the review."""
    ranked = ranking(review)
    rows: list[tuple[Cell, ...]] = [("In one sentence", headline(review, ranked, margin_against_sales(review)), "")]
    for figure in figures(review, ranked):
        mark = " (illustrative)" if figure.is_illustrative else ""
        rows.append((figure.label + mark, f"{figure.value} {figure.unit}".strip(), figure.note))
    rows += [
        ("As of", nf.day(review.as_of), ""),
        ("Period", f"{nf.day(review.period.start_on)} to {nf.day(review.period.end_on)}", f"{review.period.days} days"),
        ("Currency", review.currency, ""),
        ("Programme", review.programme_name, review.programme_digest),
        ("Ledger version", str(review.ledger_version), ""),
        ("Engine", review.engine, ""),
        ("OpenKAM", review.code_version, ""),
        (
            "Solver",
            review.solution.status,
            f"gap {nf.percent(review.solution.gap, 4)}, objective {nf.decimal(review.solution.objective, 6)}",
        ),
    ]
    if review.accounts.num_rows > MOST_ROWS:
        rows.append(("Accounts sheet", f"the first {nf.decimal(MOST_ROWS)} by utility", "all are in accounts.parquet"))
    rows += [("Illustrative", words, "generated, not measured") for words in fact_words(review)]
    rows += [("Note", note, "") for note in review.notes]
    return Table("Summary", "The review in short", (Column("What"), Column("Value"), Column("Note")), tuple(rows))


def selected_table(review: Review) -> Table:
    """The chosen accounts with the parts of their utility."""
    generated = illustrative_criteria(review)
    columns = (
        Column("Name"),
        Column("Account"),
        Column("Rank", Kind.NUMBER),
        Column("Utility", Kind.NUMBER, digits=4),
        Column("Manager"),
        Column("Hours", Kind.NUMBER, "hours a year"),
        Column("Turning it costs", Kind.SHARE, "of utility", digits=2),
        Column("Near-tie", Kind.FLAG),
        Column("Set in because"),
        *(
            Column(c.label, Kind.NUMBER, f"value 0-1, weight {nf.percent(c.weight, 0)}", 3, c.name in generated)
            for c in review.criteria
        ),
    )
    return Table("Selected", "The chosen accounts", columns, tuple(_selected_row(review, r) for r in ranking(review).chosen))


def _selected_row(review: Review, ranked: Ranked) -> tuple[Cell, ...]:
    values = {part.label: part.value for part in ranked.parts}
    price = None if ranked.reversal_percent is None or ranked.pin_reason else ranked.reversal_percent / 100.0
    head = (
        ranked.name,
        ranked.account,
        ranked.rank,
        ranked.utility,
        ranked.manager or None,
        ranked.hours,
        price,
        ranked.is_near_tie,
    )
    return (*head, ranked.pin_reason or None, *(values[c.label] for c in review.criteria))


def nearest_excluded_table(review: Review) -> Table:
    """The nearest accounts left out, smallest regret first."""
    columns = (
        Column("Name"),
        Column("Account"),
        Column("Utility", Kind.NUMBER, digits=4),
        Column("Forcing it in costs", Kind.SHARE, "of utility", digits=2),
        Column("What binds"),
        Column("Leave"),
        Column("Come in with it"),
        Column("What would change it"),
    )
    names, rows = account_names(review), rows_by_problem_index(review)
    keys, utility = review.problem.accounts, numbers(review.accounts, "utility")
    lines: list[tuple[Cell, ...]] = []
    for why in review.explanations.why_out:
        row = rows[why.account]
        lines.append(
            (
                names[row],
                keys[why.account],
                float(utility[row]),
                None if why.regret_percent is None else why.regret_percent / 100.0,
                why.binding,
                "; ".join(names[rows[i]] for i in why.displaces) or None,
                "; ".join(names[rows[i]] for i in why.brings_in) or None,
                "; ".join(_change(change) for change in why.needs) or None,
            )
        )
    return Table("Nearest excluded", "The nearest accounts left out", columns, tuple(lines))


def _change(change: Change) -> str:
    words = f"{change.label}: {change.from_value:g} to {change.to_value:g} {change.unit}"
    return words if change.is_stable else f"{words} (not stable: {change.note})"


def accounts_table(review: Review) -> Table:
    """Every account with every measure."""
    accounts, generated = review.accounts.slice(0, MOST_ROWS), illustrative_measures(review)
    columns: list[tuple[str, Column]] = [
        ("name", Column("Name")),
        ("account", Column("Account")),
        ("is_selected", Column("Selected", Kind.FLAG)),
        ("rank", Column("Rank", Kind.NUMBER)),
        ("utility", Column("Utility", Kind.NUMBER, digits=4)),
        ("is_candidate", Column("Candidate", Kind.FLAG)),
        ("is_prospect", Column("Prospect", Kind.FLAG)),
        ("customer_count", Column("Customers", Kind.NUMBER)),
        *((name, Column(nf.label_of(name))) for name in _ATTRIBUTES),
        ("hours", Column("Hours", Kind.NUMBER, "hours a year")),
        ("cost", Column("Cost", Kind.NUMBER, f"{review.currency} a year")),
        *(
            (f"value_{c.name}", Column(f"Value: {c.label}", Kind.NUMBER, "0-1", 3, c.name in illustrative_criteria(review)))
            for c in review.criteria
        ),
        *(
            (m.name, measure_column(nf.label_of(m.name), m.unit, review.currency, is_illustrative=m.name in generated))
            for m in review.measures
        ),
    ]
    present = [(name, column) for name, column in columns if name in accounts.column_names]
    rows = tuple(zip(*(cells(accounts, name) for name, _ in present), strict=True))
    return Table("Accounts", "Every account with every measure", tuple(column for _, column in present), rows)
