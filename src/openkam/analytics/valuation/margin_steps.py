"""From net sales to contribution, one account's margin as steps that add up."""

from collections.abc import Mapping
from dataclasses import dataclass

AFTER_SERVICE = "after cost to serve"
_CENT = 0.005


@dataclass(frozen=True, slots=True)
class MarginStep:
    """One bar of the staircase, in currency: from `start` to `end`. `is_level` marks a sum that stands on the ground."""

    label: str
    amount: float
    start: float
    end: float
    is_level: bool
    share_of_sales: float | None


def margin_steps(measures: Mapping[str, object]) -> tuple[MarginStep, ...]:
    """The staircase of an account's measures by name (see docs/reference/measures.md); empty where no cost is known.

    Sales whose cost is not known are a step of their own: they are left out of the contribution, not counted as free.
    """
    sales, goods, gross = (_number(measures, name) for name in ("net_sales", "cost_of_goods", "gross_contribution"))
    if sales is None or goods is None or gross is None:
        return ()
    rebates = _number(measures, "rebate_amount") or 0.0
    steps = [_Step("Net sales", sales, is_level=True), _Step("Rebates", -rebates), _Step("Cost of goods", -goods)]
    steps.append(_Step("Sales without a known cost", gross - (sales - rebates - goods)))
    service, margin = _number(measures, "cost_to_serve"), _number(measures, "contribution_margin")
    if service is not None and margin is not None and measures.get("contribution_basis") == AFTER_SERVICE:
        steps += [_Step("Gross contribution", gross, is_level=True), _Step("Cost to serve", -service)]
        steps.append(_Step("Contribution", margin, is_level=True))
    else:
        steps.append(_Step("Contribution", gross, is_level=True))
    return _stairs([step for step in steps if step.is_level or abs(step.amount) >= _CENT], sales)


@dataclass(frozen=True, slots=True)
class _Step:
    label: str
    amount: float
    is_level: bool = False


def _stairs(steps: list[_Step], sales: float) -> tuple[MarginStep, ...]:
    found: list[MarginStep] = []
    height = 0.0
    for step in steps:
        start = 0.0 if step.is_level else height
        height = step.amount if step.is_level else height + step.amount
        share = step.amount / sales if sales > 0 else None
        found.append(MarginStep(step.label, step.amount, start, height, step.is_level, share))
    return tuple(found)


def _number(measures: Mapping[str, object], name: str) -> float | None:
    value = measures.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
