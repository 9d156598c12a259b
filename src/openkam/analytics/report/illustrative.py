"""Which figures rest on generated facts and must say so."""

from collections.abc import Iterable, Sequence

from openkam.analytics.review.review import Review
from openkam.analytics.terms import Measure

FED_BY = {
    "transactions": ("",),
    "exchange_rates": ("",),
    "products": (
        "list_",
        "invoice_reduction",
        "realised_list",
        "cost_of_goods",
        "gross_contribution",
        "contribution_",
        "category",
    ),
    "service_activities": ("cost_to_serve", "service_", "contribution_margin"),
    "interactions": ("interaction", "contact"),
    "market_volumes": ("share_of_wallet", "wallet", "white_space", "category_volume"),
    "receivables": ("receivable", "days_beyond_terms", "late_share", "open_", "overdue", "expected_loss", "days_sales"),
}
"""Ledger table to the words that the name of a measure it feeds begins with; the empty word feeds them all."""


def illustrative_measures(review: Review) -> frozenset[str]:
    """Names of the measures that are generated or computed from a generated table."""
    return generated_measures(review.measures, review.illustrative)


def generated_measures(catalogue: Iterable[Measure], illustrative: Sequence[str]) -> frozenset[str]:
    """Names of the measures of a catalogue that rest on these generated facts."""
    stems = tuple(stem for fact in illustrative for stem in (fact, *FED_BY.get(fact, ())))
    return frozenset(m.name for m in catalogue if stems and (m.name.startswith(stems) or m.family in illustrative))


def illustrative_criteria(review: Review) -> frozenset[str]:
    """Names of the criteria that are generated or read an illustrative measure."""
    measures = illustrative_measures(review)
    return frozenset(c.name for c in review.criteria if c.name in review.illustrative or (c.measure in measures))


def fact_words(review: Review) -> list[str]:
    """The generated facts in words, for the page's label."""
    labels = {c.name: f"the criterion “{c.label}”" for c in review.criteria}
    return [labels.get(fact, fact.replace("_", " ")) for fact in review.illustrative]
