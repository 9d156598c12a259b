"""Past months, the months ahead with their interval, and last year's months beside them, drawn."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from openkam.analytics.worth.outlook import SeriesAhead
from openkam.app.ui.templatetags.charts import Chart, amount_axis, framed, number
from openkam.app.ui.templatetags.ui import amount

PAST, AHEAD, NAIVE = "sold", "expected", "last year's month"
METHOD_WORDS = {
    "seasonal naive": "the same month of the year before",
    "smoothing": "exponential smoothing",
    "seasonal smoothing": "exponential smoothing with the season put back",
    "Croston-SBA": "Croston's method for gaps between demands, corrected by Syntetos and Boylan",
    "TSB": "Teunter, Syntetos and Babai's method for demand that fades",
}
CLASS_WORDS = {
    "smooth": "sales in every month, in even amounts",
    "erratic": "sales in every month, in uneven amounts",
    "intermittent": "sales with months between, in even amounts",
    "lumpy": "sales with months between, in uneven amounts",
}


WHOLE_FROM = 28
"""A month that ends on this day of the calendar's or later is called by its name."""


def month_text(end: date) -> str:
    """The month that ends on a day: by its name, or where it is none of the calendar's, by the day."""
    return f"{end:%b %y}" if end.day >= WHOLE_FROM else f"to {end.day} {end:%b %y}"


def outlook_chart(
    series: SeriesAhead, past_ends_on: Sequence[date], ends_on: Sequence[date], currency: str, level: float
) -> Chart | None:
    """The months of one series; None where nothing of it is known."""
    sold = [(day, value) for day, value in zip(past_ends_on, series.past, strict=True) if value is not None]
    ahead = list(zip(ends_on, series.expected, series.lower, series.upper, series.seasonal_naive, strict=True))
    known = [one for one in ahead if one[1] is not None]
    if not sold or not known or series.sum_expected is None:
        return None
    amounts = [value for _, value in sold] + [value for one in known for value in one[1:] if value is not None]
    names = [month_text(day) for day in (*past_ends_on, *ends_on)]
    x = {
        "field": "month",
        "type": "ordinal",
        "sort": names,
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": True, "labelSeparation": 8},
    }
    y = {"field": "value", "type": "quantitative", "title": None, "axis": amount_axis(max(amounts), min(0.0, *amounts))}
    legend = {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [PAST, AHEAD, NAIVE]},
        "legend": {"columns": 3},
    }
    lines = [{"month": month_text(day), "value": value, "kind": PAST} for day, value in sold]
    # The line ahead begins where the past one ends, so that no gap is drawn where there is none.
    lines += [
        {"month": month_text(day), "value": value, "kind": AHEAD}
        for day, value in (sold[-1], *((one[0], one[1]) for one in known))
    ]
    lines += [{"month": month_text(one[0]), "value": one[4], "kind": NAIVE} for one in known if one[4] is not None]
    layers: list[dict[str, Any]] = [
        {"data": {"values": lines}, "mark": {"type": "line", "point": True}, "encoding": {"x": x, "y": y, "color": legend}},
    ]
    band = [
        {"month": month_text(one[0]), "value": one[3], "low": one[2]}
        for one in known
        if one[2] is not None and one[3] is not None
    ]
    if band:
        area = {"type": "area", "style": "comparison", "opacity": 0.3, "line": False}
        layers.insert(0, {"data": {"values": band}, "mark": area, "encoding": {"x": x, "y": y, "y2": {"field": "low"}}})
    naive = f" The same months of the year before brought {number(series.sum_naive)}." if series.sum_naive is not None else ""
    return Chart(
        spec=framed(layer=layers),
        text=f"{len(known)} months ahead are expected to bring {number(series.sum_expected)} {currency}.{naive}",
        columns=("Month", f"Sold or expected, {currency}", "From", "To", "Last year's month"),
        rows=[
            *((month_text(day), _whole(value), "sold", "sold", "sold") for day, value in sold),
            *(
                (month_text(day), _whole(value), _whole(low), _whole(high), _whole(before))
                for day, value, low, high, before in ahead
            ),
        ],
        note=f"interval: {100 * level:.0f} % of months should lie inside",
    )


def _whole(value: float | None) -> object:
    return amount(None if value is None else round(value))
