"""How invoices are paid as days pass, drawn as stairs with their interval."""

from typing import Any

from openkam.analytics.worth.payment_curves import PaymentCurve
from openkam.app.ui.templatetags.charts import Chart, framed, of_sum, percent_axis
from openkam.app.ui.templatetags.ui import share

ROWS = 12
LEAST_DAYS = 7.0
"""A chart of fewer days has room for parts of a day alone, which no invoice knows."""


def payment_chart(curve: PaymentCurve) -> Chart:
    """The share of invoices unpaid after so many days; open ones count for as long as they were watched."""
    steps = [(0.0, 1.0, 1.0, 1.0), *zip(curve.days, curve.unpaid, curve.lower, curve.upper, strict=True)]
    # The stairs end in a landing, or the last step would not be seen.
    steps.append((max(curve.days[-1] * 1.1, LEAST_DAYS), *steps[-1][1:]))
    values = [{"day": day, "unpaid": unpaid, "low": low, "high": high} for day, unpaid, low, high in steps]
    x = {
        "field": "day",
        "type": "quantitative",
        "title": "days since the invoice",
        "axis": {"tickMinStep": 1, "format": "d"},
        "scale": {"nice": False},
    }
    y: dict[str, Any] = {
        "field": "unpaid",
        "type": "quantitative",
        "title": None,
        "axis": percent_axis(),
        "scale": {"domain": [0, 1]},
    }
    band = {"type": "area", "interpolate": "step-after", "style": "comparison", "opacity": 0.3, "line": False}
    half = f"half are paid after {curve.median_days:.0f} days" if curve.median_days is not None else "fewer than half are paid"
    every = max(1, len(curve.days) // ROWS)
    chosen = [one for place, one in enumerate(steps[1:-1]) if place % every == 0 or place == len(curve.days) - 1]
    return Chart(
        spec=framed(
            data={"values": values},
            layer=[
                {"mark": band, "encoding": {"x": x, "y": {**y, "field": "high"}, "y2": {"field": "low"}}},
                {"mark": {"type": "line", "interpolate": "step-after"}, "encoding": {"x": x, "y": y}},
            ],
        ),
        text=f"Of {curve.invoice_count:,} invoices {half}; {curve.open_count:,} are open and count for as long as they were watched. "
        f"After {curve.days[-1]:.0f} days {of_sum(curve.unpaid[-1])} were unpaid.",
        columns=("Days since the invoice", "Unpaid", "From", "To"),
        rows=[(f"{day:.0f}", share(unpaid), share(low), share(high)) for day, unpaid, low, high in chosen],
        note=f"{100 * curve.confidence:.0f} % interval, Kaplan and Meier",
    )
