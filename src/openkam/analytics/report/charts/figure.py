"""A chart as the page shows it: what it says, its unit and source, drawn twice, with its table."""

from dataclasses import dataclass

from openkam.analytics.report.table import Table


@dataclass(frozen=True, slots=True)
class ChartFigure:
    """`title` is a statement, `unit` what the axes count; `wide` and `phone` are the same chart drawn for two widths;
    `legend` pairs a colour series with what it shows.
    """

    key: str
    title: str
    unit: str
    wide: str
    phone: str
    table: Table
    source_notes: tuple[str, ...] = ()
    is_illustrative: bool = False
    legend: tuple[tuple[int, str], ...] = ()
