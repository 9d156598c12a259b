"""One account's ladder as a staircase beside the middle of its segment, from stored amounts."""

from collections.abc import Mapping
from dataclasses import dataclass

from openkam.analytics.valuation.margin_ladder import RUNGS, SALES_STEPS

LABELS = {
    "gross_sales": "Gross sales",
    "invoice_reductions": "Invoice reductions",
    "unlisted_sales": "Sales without a list price",
    "net_invoice": "Net invoice",
    "off_invoice": "Off-invoice rebates",
    "charges": "Freight and fees charged",
    "pocket": "Pocket",
    "uncosted_sales": "Sales without a known cost",
    "cost_of_goods": "Cost of goods",
    "cm1": "CM1, gross contribution",
    "order_and_logistics": "Orders and logistics",
    "freight_cost": "Freight paid",
    "cm2": "CM2",
    "selling_and_service": "Selling and service",
    "cm3": "CM3, contribution",
    "capital_charge": "Capital charge",
    "expected_loss": "Expected loss",
    "cm4": "CM4",
}


@dataclass(frozen=True, slots=True)
class Stair:
    """One step or rung of an account (currency; None = not known): what it adds or takes away, and where its bar lies.

    `share` is the amount over net invoice, `median_share` that of the middle of the segment, `median_amount` what the middle would
    leave of this account's net invoice.
    """

    name: str
    label: str
    is_rung: bool
    amount: float | None
    start: float
    end: float
    share: float | None
    median_share: float | None
    median_amount: float | None


def ladder_stairs(amounts: Mapping[str, float | None], medians: Mapping[str, float | None]) -> tuple[Stair, ...]:
    """The staircase from gross sales to CM4. `medians` are shares of net invoice by name; a step that takes away has them above zero."""
    net = amounts.get("net_invoice")
    found: list[Stair] = []
    height = 0.0
    for name, sign, is_rung in _steps():
        amount = amounts.get(name)
        signed = None if amount is None else sign * amount
        start = 0.0 if is_rung else height
        height = height if signed is None else signed if is_rung else height + signed
        middle = medians.get(name)
        share = signed / net if signed is not None and net is not None and net > 0 else None
        found.append(
            Stair(
                name=name,
                label=LABELS[name],
                is_rung=is_rung,
                amount=signed,
                start=start,
                end=height,
                share=share,
                median_share=None if middle is None else sign * middle,
                median_amount=None if middle is None or net is None or net <= 0 else sign * middle * net,
            )
        )
    return tuple(found)


def _steps() -> list[tuple[str, int, bool]]:
    """Name, sign and whether it is a rung, from the top down."""
    steps = [(name, sign, False) for name, sign in SALES_STEPS]
    steps.append(("net_invoice", 1, True))
    for rung, below in RUNGS:
        steps += [*((name, sign, False) for name, sign in below), (rung, 1, True)]
    return steps
