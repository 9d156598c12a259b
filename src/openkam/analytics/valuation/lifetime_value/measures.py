"""Lifetime value among the measures of an account: its expectation, without the draws that an interval takes and without a hold-out."""

import numpy as np

from openkam.analytics.behaviour.account_columns import Columns, Vector
from openkam.analytics.behaviour.facts import Facts, MeasureParameters
from openkam.analytics.terms import Measure, OpenKamError, Unit
from openkam.analytics.valuation.lifetime_value.choice import choose_model
from openkam.analytics.valuation.lifetime_value.discount import discount_per
from openkam.analytics.valuation.lifetime_value.order_value import order_values
from openkam.analytics.valuation.purchase_summary import summarise_purchases


def catalogue(parameters: MeasureParameters) -> tuple[Measure, ...]:
    """What this file measures."""
    family, today = "lifetime_value", parameters.as_of
    return (
        Measure(
            "expected_margin_lifetime_value",
            Unit.CURRENCY,
            f"Contribution margin that orders after {today} are expected to bring, without end, discounted at "
            f"{parameters.discount_rate_per_year:.1%} a year: contribution_margin_ratio times expected net sales per order times "
            "discounted orders ahead; null without an order or a known margin, with returns as large as sales, or where the orders "
            "cannot tell a model",
            family,
        ),
        Measure(
            "probability_alive",
            Unit.SHARE,
            f"Probability that the account, as of {today}, orders again at all, by the purchase model that all orders speak for; null "
            "without an order or a model",
            family,
        ),
    )


def lifetime_measures(facts: Facts, margin_ratio: Vector) -> tuple[Columns, tuple[str, ...]]:
    """The measures of `catalogue` for every account, and what a reader must know of them.

    `margin_ratio` is the contribution margin over net sales, one place per account, NaN where unknown.
    """
    value, alive = np.full((2, facts.account_count), np.nan)
    columns = {"expected_margin_lifetime_value": value, "probability_alive": alive}
    parameters = facts.parameters
    summary = summarise_purchases(facts.engine, facts.account_days, parameters.as_of)
    if not len(summary.account):
        return columns, (f"Lifetime value is not told: no account has an order up to {parameters.as_of}.",)
    try:
        choice = choose_model(summary)
    except OpenKamError as untold:
        return columns, (f"Lifetime value and the probability to be alive are not told: {_in_short(untold)}",)
    alive[summary.account] = choice.model.probability_alive()
    try:
        worth = order_values(summary)
    except OpenKamError as untold:
        return columns, (f"Lifetime value is not told: {_in_short(untold)}",)
    ahead = choice.model.discounted_expected_residual_transactions(
        discount_per(parameters.discount_rate_per_year, choice.period_days)
    )
    value[summary.account] = ahead * worth.expected() * margin_ratio[summary.account]
    return columns, ()


def _in_short(error: OpenKamError) -> str:
    """What is wrong and the first reason, without every model's own words: `lifetime_values` gives those."""
    return f"{'. '.join(str(error).split('. ')[:2]).rstrip('.')}."
