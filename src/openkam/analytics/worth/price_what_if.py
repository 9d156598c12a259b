"""What volume would make up for another price, for one account: from its ladder, as far as CM1."""

from dataclasses import dataclass

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.break_even import break_even_volume_change

STEPS = tuple(step / 100 for step in range(-15, 16))
"""Changes of price that a curve is drawn for (shares)."""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """`volume_change` is the share by which quantity must grow, or may fall below zero, after `price_change` (share); None where no
    volume makes up for it."""

    price_change: float
    volume_change: float | None


@dataclass(frozen=True, slots=True)
class PriceWhatIf:
    """Against `ratio`, the part of its price that a unit leaves (share, CM1 of the net invoice whose cost is known).

    `asked` is the change asked for; where it is None the price leaves nothing, and `reason` says so. `curve` holds other changes.
    """

    ratio: float
    asked: BreakEven | None
    reason: str
    curve: tuple[BreakEven, ...]


def price_what_if(
    net_invoice: float | None, uncosted_sales: float | None, cm1: float | None, price_change: float | None
) -> PriceWhatIf | None:
    """The break-even of an account's ladder (currency, None = not known); None where no ratio is known.

    Only what varies with the quantity counts: goods, rebates and freight. Service follows orders and visits more than pieces, so it stands
    still here.
    """
    if net_invoice is None or cm1 is None:
        return None
    costed = net_invoice - (uncosted_sales or 0.0)
    if costed <= 0:
        return None
    ratio = cm1 / costed
    curve = tuple(BreakEven(step, _volume(ratio, step)) for step in STEPS)
    if price_change is None:
        return PriceWhatIf(ratio, None, "", curve)
    try:
        return PriceWhatIf(ratio, BreakEven(price_change, break_even_volume_change(ratio, price_change)), "", curve)
    except OpenKamError as error:
        return PriceWhatIf(ratio, None, str(error), curve)


def _volume(ratio: float, price_change: float) -> float | None:
    try:
        return break_even_volume_change(ratio, price_change)
    except OpenKamError:  # no volume breaks even, which is an answer
        return None
