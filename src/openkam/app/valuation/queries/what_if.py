"""What volume would make up for another price, drawn and in words."""

from dataclasses import dataclass
from typing import Any

from openkam.analytics.worth.price_what_if import PriceWhatIf, price_what_if
from openkam.app.ui.templatetags.charts import Chart, framed, percent_axis
from openkam.app.ui.templatetags.ui import signed_share
from openkam.app.valuation.models import AccountWorth

WIDEST = 2.0
"""A volume that must more than triple is no plan: the curve ends there."""


@dataclass(frozen=True, slots=True)
class WhatIfPanel:
    """The break-even of an account and its curve; without a `found` no margin is known."""

    found: PriceWhatIf | None
    chart: Chart | None


def what_if(worth: AccountWorth, price_change: float | None) -> WhatIfPanel:
    """The panel of one account in a valuation; `price_change` (share) is what was asked, None for nothing yet."""
    net, uncosted, left = (
        None if value is None else float(value) for value in (worth.net_invoice, worth.uncosted_sales, worth.cm1)
    )
    found = price_what_if(net, uncosted, left, price_change)
    return WhatIfPanel(found, _chart(found) if found else None)


def _chart(found: PriceWhatIf) -> Chart | None:
    drawn = [one for one in found.curve if one.volume_change is not None and one.volume_change <= WIDEST]
    if len(drawn) < 2:
        return None
    x = {"field": "price", "type": "quantitative", "title": "change of price", "axis": percent_axis(signed=True)}
    y = {"field": "volume", "type": "quantitative", "title": "change of volume needed", "axis": percent_axis(signed=True)}
    values = [{"price": one.price_change, "volume": one.volume_change} for one in drawn]
    layers: list[dict[str, Any]] = [
        {"data": {"values": [{"volume": 0}]}, "mark": "rule", "encoding": {"y": y}},
        {"data": {"values": values}, "mark": {"type": "line"}, "encoding": {"x": x, "y": y}},
    ]
    asked = found.asked
    if asked is not None and asked.volume_change is not None and asked.volume_change <= WIDEST:
        spot = [{"price": asked.price_change, "volume": asked.volume_change}]
        layers.append(
            {
                "data": {"values": spot},
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                "encoding": {"x": x, "y": y},
            }
        )
    return Chart(
        spec=framed(layer=layers),
        text=f"A unit leaves {100 * found.ratio:.1f} % of its price. The lower the price, the more volume it takes to leave as much.",
        columns=("Change of price", "Change of volume needed"),
        rows=[
            (
                signed_share(one.price_change, 0),
                "no volume suffices" if one.volume_change is None else signed_share(one.volume_change),
            )
            for one in found.curve
        ],
        note="volume at which as much is left",
    )
