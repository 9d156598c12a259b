"""Price: what an account pays against what others pay for the same product in the same quantity, and against the list."""

from openkam.analytics.behaviour.account_columns import Columns, known_zero, ratio
from openkam.analytics.behaviour.facts import MeasureParameters
from openkam.analytics.behaviour.product_sales import ProductSales
from openkam.analytics.terms import Measure, Unit


def catalogue(parameters: MeasureParameters) -> tuple[Measure, ...]:
    """What this file measures."""
    during = f"in {parameters.period_words}"
    edges = ", ".join(f"{edge:g}" for edge in parameters.quantity_band_edges)
    family = "price_sensitivity"
    return (
        Measure(
            "realised_price_index",
            Unit.RATIO,
            f"What the account paid {during} over the same quantities at the average price that all accounts paid for the same "
            f"product in the same quantity band (bands begin at {edges}); above 1 it pays more",
            family,
        ),
        Measure(
            "price_index_coverage",
            Unit.SHARE,
            f"Share of the account's sales {during} in products and bands that another account bought too",
            family,
        ),
        Measure(
            "realised_list_ratio",
            Unit.RATIO,
            f"Net sales over list value {during}, on lines with a list price (their own, else the product's)",
            family,
        ),
    )


def price_sensitivity(products: ProductSales) -> Columns:
    """Price position of every account; null where nothing can be compared."""
    totals = products.totals
    return {
        "realised_price_index": ratio(totals["compared"], totals["reference"]),
        "price_index_coverage": ratio(known_zero(totals["compared"], totals["sold"] > 0), totals["sold"]),
        "realised_list_ratio": ratio(totals["list_net"], totals["list_value"]),
    }
