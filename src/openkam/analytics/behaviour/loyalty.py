"""Loyalty as behaviour: how long, how steadily and how broadly an account buys. What people say of it is another matter.

The repeat rate is the field's share of a period's customers who are customers again in the next period (Farris et al., Marketing
Metrics), read per account: of the quarters in which it bought, the share after which it bought in the next quarter too.
"""

import numpy as np

from openkam.analytics.behaviour.account_columns import Columns, known_zero, ratio
from openkam.analytics.behaviour.facts import Facts, MeasureParameters
from openkam.analytics.behaviour.orders import day_number
from openkam.analytics.behaviour.product_sales import ProductSales
from openkam.analytics.behaviour.purchase_history import PurchaseHistory
from openkam.analytics.terms import Measure, Unit

DAYS_PER_MONTH = 365.2425 / 12


def catalogue(parameters: MeasureParameters) -> tuple[Measure, ...]:
    """What this file measures."""
    family = "loyalty"
    return (
        Measure(
            "tenure_months",
            Unit.MONTHS,
            f"Time from the first order in the ledger to {parameters.as_of}, in months of {DAYS_PER_MONTH:.2f} days",
            family,
        ),
        Measure(
            "repeat_rate",
            Unit.SHARE,
            "Of the quarters with an order, the share followed by a quarter with an order, in the last "
            f"{parameters.growth_quarters} quarters counted back from {parameters.as_of}",
            family,
        ),
        Measure(
            "category_breadth",
            Unit.SHARE,
            f"Product categories the account bought over those the firm sold to anybody, in {parameters.period_words}",
            family,
        ),
    )


def loyalty(facts: Facts, history: PurchaseHistory, products: ProductSales) -> Columns:
    """Tenure, repeat rate and breadth of every account; null where it never ordered, and breadth where no category is known."""
    first = history.columns["first_order_on"]
    active = history.quarters.is_active
    followed = (active[:, :-1] & active[:, 1:]).sum(axis=1).astype(np.float64)
    bought = known_zero(products.totals["categories"], True)
    has_unknown_categories_only = (bought == 0) & ~np.isnan(products.totals["sold"])
    categories = np.where(np.isnan(first) | has_unknown_categories_only, np.nan, bought)
    return {
        "tenure_months": (day_number(facts.parameters.as_of) - first) / DAYS_PER_MONTH,
        "repeat_rate": ratio(followed, active[:, :-1].sum(axis=1).astype(np.float64)),
        "category_breadth": ratio(categories, np.full(facts.account_count, float(products.category_count))),
    }
