"""A table as data: the page writes it as HTML, the workbook as a sheet, both from the same cells."""

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openkam.analytics.report import number_format as nf
from openkam.analytics.terms import Unit

Cell = str | int | float | bool | date | None


class Kind(StrEnum):
    """What the cells of a column are; it decides alignment, text and the number format of a sheet."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    DAY = "day"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. A `SHARE` holds fractions of one and is shown in per cent; `digits` are decimal places shown."""

    label: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    digits: int = 0
    is_illustrative: bool = False

    @property
    def is_numeric(self) -> bool:
        """True where cells stand right-aligned."""
        return self.kind in (Kind.NUMBER, Kind.SHARE)

    @property
    def heading(self) -> str:
        """Label and unit, as it stands in a sheet's first row."""
        parts = self.label + (f", {self.unit}" if self.unit else "")
        return parts + (" (illustrative)" if self.is_illustrative else "")

    def text(self, cell: Cell) -> str:
        """The cell as a reader sees it."""
        if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
            return nf.MISSING
        if self.kind is Kind.SHARE and isinstance(cell, (int, float)):
            return nf.percent(cell, self.digits)
        if self.kind is Kind.NUMBER and isinstance(cell, (int, float)):
            return nf.decimal(cell, self.digits)
        if isinstance(cell, bool):
            return "yes" if cell else "no"
        return nf.day(cell) if isinstance(cell, date) else str(cell)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns. `name` is the sheet's name (at most 31 characters), `caption` says what the rows are."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def measure_column(label: str, unit: Unit, currency: str, *, is_illustrative: bool = False) -> Column:
    """The column that shows a measure of this unit."""
    kinds = {Unit.TEXT: Kind.TEXT, Unit.DAY: Kind.DAY, Unit.FLAG: Kind.FLAG}
    kind = Kind.SHARE if nf.is_shown_in_percent(unit) else kinds.get(unit, Kind.NUMBER)
    digits = 1 if kind is Kind.SHARE else nf.digits_of(unit)
    return Column(label, kind, nf.unit_words(unit, currency), digits, is_illustrative)
