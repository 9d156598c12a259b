"""The criteria as the page shows them: weight, unit, and the fixed value function as a small line."""

from dataclasses import dataclass

from openkam.analytics.report import number_format as nf
from openkam.analytics.report.illustrative import illustrative_criteria
from openkam.analytics.report.ranking import series_of
from openkam.analytics.report.table import Column, Kind, Table
from openkam.analytics.review.review import CriterionNote, Review

LINE_WIDTH, LINE_HEIGHT = 120.0, 34.0


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion: `line` and `area` are SVG point lists in a box of 120 by 34, `words` the breakpoints as text."""

    label: str
    series: int
    weight: str
    line: str
    area: str
    from_text: str
    to_text: str
    unit: str
    words: str
    source: str
    is_illustrative: bool


def criterion_lines(review: Review) -> tuple[CriterionLine, ...]:
    """Every criterion, by falling weight."""
    generated = illustrative_criteria(review)
    series = series_of(review.criteria)
    ordered = sorted(review.criteria, key=lambda c: (-c.weight, c.name))
    return tuple(_line(c, series[c.name], review.currency, c.name in generated) for c in ordered)


def criteria_table(review: Review) -> Table:
    """Weight, unit, source and value function of every criterion."""
    generated = illustrative_criteria(review)
    columns = (
        Column("Criterion"),
        Column("Weight", Kind.SHARE, digits=1),
        Column("Measure"),
        Column("Unit"),
        Column("Value function (input → value)"),
        Column("Illustrative", Kind.FLAG),
    )
    ordered = sorted(review.criteria, key=lambda c: (-c.weight, c.name))
    rows = tuple((c.label, c.weight, c.measure or "rated", c.unit, _words(c), c.name in generated) for c in ordered)
    return Table("Criteria", "Weights and fixed value functions of the programme", columns, rows)


def _line(criterion: CriterionNote, series: int, currency: str, is_illustrative: bool) -> CriterionLine:
    inputs = [x for x, _ in criterion.points]
    low, high = (min(inputs), max(inputs)) if inputs else (0.0, 1.0)
    span = (high - low) or 1.0
    points = [
        f"{_place(2 + (x - low) / span * (LINE_WIDTH - 4))},{_place(LINE_HEIGHT - 2 - value * (LINE_HEIGHT - 4))}"
        for x, value in criterion.points
    ]
    foot = LINE_HEIGHT - 2
    return CriterionLine(
        label=criterion.label,
        series=series,
        weight=nf.percent(criterion.weight, 0),
        line=" ".join(points),
        area=f"2,{_place(foot)} {' '.join(points)} {_place(LINE_WIDTH - 2)},{_place(foot)}",
        from_text=_input(low, criterion.unit),
        to_text=_input(high, criterion.unit),
        unit=nf.words_behind(criterion.unit, currency),
        words=_words(criterion),
        source=nf.label_of(criterion.measure) if criterion.measure else "Rated with evidence",
        is_illustrative=is_illustrative,
    )


def _words(criterion: CriterionNote) -> str:
    return "; ".join(f"{_input(x, criterion.unit)} → {nf.decimal(value, 2)}" for x, value in criterion.points)


def _input(value: float, unit: str) -> str:
    if nf.is_percent_unit(unit):
        return nf.percent(value, 0)
    return nf.compact(value) if abs(value) >= 10_000 else nf.decimal(value, 0 if float(value).is_integer() else 1)


def _place(value: float) -> str:
    return f"{value:.1f}"
