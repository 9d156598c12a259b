"""What every chart of a page has: a spec of the common size, words and an equal table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openkam.app.ui.templatetags.figures import NO_BREAK, SHORT_STEPS, number_text, short_text

HEIGHT_PX = 320
"""The whole picture, axes and all: the page keeps exactly this room (`tall`)."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A Vega-Lite spec with the words and the table that say the same."""

    spec: dict[str, Any]
    text: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    note: str = ""


def framed(**parts: Any) -> dict[str, Any]:
    """A spec of the common height."""
    fit = {"type": "fit", "contains": "padding"}
    return {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "height": HEIGHT_PX, "autosize": fit, **parts}


def number(value: float) -> str:
    """A figure as charts write it: `1.2 M`."""
    return short_text(Decimal(str(value)))


def of_sum(share: float) -> str:
    """A share as charts write it: `109 %`."""
    return f"{number_text(100 * Decimal(str(share)), 0)}{NO_BREAK}%"


def percent_axis(*, signed: bool = False) -> dict[str, Any]:
    """An axis that writes shares of one as `20 %`."""
    form = "+.0f" if signed else ".0f"
    return {"labelExpr": f"datum.value === 0 ? '0{NO_BREAK}%' : format(100 * datum.value, '{form}') + '{NO_BREAK}%'"}


def amount_axis(*ends: float) -> dict[str, Any]:
    """An axis of amounts whose labels all are in the unit that fits its range: `0`, `0.5 M`, `1 M`; never two labels alike."""
    largest = max((abs(end) for end in ends), default=0.0)
    size, letter = next(((size, letter) for size, letter in SHORT_STEPS if largest >= size), (1, ""))
    unit = f" + '{NO_BREAK}{letter}'" if letter else ""
    return {"labelExpr": f"datum.value === 0 ? '0' : format(datum.value / {size}, ',.6~r'){unit}"}
