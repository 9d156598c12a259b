"""Concentration of a review's sales and contribution, by account and by buying group."""

from dataclasses import dataclass

from openkam.analytics.report.account_columns import Vector, numbers, texts
from openkam.analytics.review.review import Review
from openkam.analytics.valuation.concentration import Concentration, concentration, joined_by_group


@dataclass(frozen=True, slots=True)
class LabelledConcentration:
    """Concentration of one amount: what it is called, the measure it comes from, and the figures."""

    label: str
    measure: str
    figures: Concentration


def grouped_measure(review: Review, measure: str) -> Vector | None:
    """The measure summed over buying groups, accounts without one standing for themselves; None where no account has a group."""
    groups = texts(review.accounts, "group_name")
    return joined_by_group(numbers(review.accounts, measure), groups) if any(groups) else None


def concentrations(review: Review) -> tuple[LabelledConcentration, ...]:
    """Sales and contribution, by account and, where accounts name buying groups, by group."""
    found: list[LabelledConcentration] = []
    for measure, label in (("net_sales", "Net sales"), ("contribution_margin", "Contribution")):
        amounts = {label: numbers(review.accounts, measure), f"{label}, buying groups joined": grouped_measure(review, measure)}
        for name, values in amounts.items():
            figures = None if values is None else concentration(values)
            if figures is not None:
                found.append(LabelledConcentration(name, measure, figures))
    return tuple(found)
