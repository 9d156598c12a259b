"""How much volume a change of price must bring or may cost before contribution is what it was.

As fractions of the old price, with contribution margin m, price change ΔP and unit cost change ΔC (Nagle's formulas, see
*The Strategy and Tactics of Pricing*): break-even change of quantity = −(ΔP − ΔC) / (m + ΔP − ΔC), plus ΔF / (new unit margin · Q₀)
for a change ΔF of fixed cost.
"""

from openkam.analytics.terms import OpenKamError


def break_even_volume_change(
    contribution_ratio: float, price_change: float, *, cost_change: float = 0.0, fixed_cost_change: float = 0.0
) -> float:
    """Share by which quantity must grow (or may fall, below zero) for contribution to stay as it was.

    All in shares of the old price, `fixed_cost_change` in shares of old net sales. Raises `OpenKamError` where the new price leaves
    no contribution per unit: then no volume breaks even.
    """
    unit = contribution_ratio + price_change - cost_change
    if unit <= 0:
        raise OpenKamError(
            f"After the change a unit contributes {unit:.1%} of the old price: at or below zero no volume breaks even."
        )
    return (fixed_cost_change - (price_change - cost_change)) / unit


def reactive_volume_loss(contribution_ratio: float, price_change: float) -> float:
    """Share of quantity that may be lost by keeping the price, before following a rival's change ΔP pays: ΔP / m.

    Below zero for a cut. Raises `OpenKamError` where a unit contributes nothing at the old price.
    """
    if contribution_ratio <= 0:
        raise OpenKamError(
            f"A unit contributes {contribution_ratio:.1%} of its price: at or below zero nothing can be kept by waiting."
        )
    return price_change / contribution_ratio
