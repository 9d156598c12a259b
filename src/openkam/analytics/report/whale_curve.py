"""The whale curve of a review's contribution."""

from openkam.analytics.report.account_columns import numbers
from openkam.analytics.review.review import Review
from openkam.analytics.valuation import whale_curve as valuation


def whale_curve(review: Review) -> valuation.WhaleCurve | None:
    """The curve of the review's contribution, or None where no account's contribution is known."""
    return valuation.whale_curve(numbers(review.accounts, "contribution_margin"))
