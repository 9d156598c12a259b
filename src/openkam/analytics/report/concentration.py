"""Concentration of a review's sales and contribution, by account and by buying group."""

from dataclasses import dataclass

import pyarrow as pa

from openkam.analytics.report.account_columns import Vector, numbers, texts
from openkam.analytics.review.review import Review
from openkam.analytics.valuation import concentration as valuation


@dataclass(frozen=True, slots=True)
class LabelledConcentration(valuation.Concentration):
    """Concentration of one amount, with what it is called and the measure it comes from."""

    label: str
    measure: str


def concentration(label: str, measure: str, values: Vector) -> LabelledConcentration | None:
    """Concentration of the values above zero; None where there is none."""
    found = valuation.concentration(values)
    if found is None:
        return None
    return LabelledConcentration(found.total, found.count, found.hhi, found.top_share, label=label, measure=measure)


def joined_by_group(accounts: pa.Table, measure: str) -> Vector | None:
    """The measure summed over buying groups, accounts without one standing for themselves; None where no account has a group."""
    groups = texts(accounts, "group_name")
    return valuation.joined_by_group(numbers(accounts, measure), groups) if any(groups) else None


def concentrations(review: Review) -> tuple[LabelledConcentration, ...]:
    """Sales and contribution, by account and, where accounts name buying groups, by group."""
    found: list[LabelledConcentration | None] = []
    for measure, label in (("net_sales", "Net sales"), ("contribution_margin", "Contribution")):
        found.append(concentration(label, measure, numbers(review.accounts, measure)))
        grouped = joined_by_group(review.accounts, measure)
        if grouped is not None:
            found.append(concentration(f"{label}, buying groups joined", measure, grouped))
    return tuple(c for c in found if c is not None)
