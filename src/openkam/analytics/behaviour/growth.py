"""Growth: the robust slope of an account's quarterly net sales, with its interval.

The slope is Theil and Sen's: the median of the slopes between all pairs of quarters, of the logarithm of net sales. Its
interval is Sen's, from the ranks of those slopes (P. K. Sen, 1968, J. Am. Stat. Assoc. 63, 1379-1389).
"""

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from openkam.analytics.behaviour.account_columns import Columns, Vector, known_zero, ratio
from openkam.analytics.behaviour.facts import MeasureParameters
from openkam.analytics.behaviour.orders import QuarterSales, day_number
from openkam.analytics.terms import Measure, Unit

MINIMUM_QUARTERS = 4
CONFIDENCE = 0.90

LATE_START_DAYS = 31
"""Days after the start of the earlier period from which a first order says that its sales are not those of the whole of it."""


def catalogue(parameters: MeasureParameters) -> tuple[Measure, ...]:
    """What this file measures."""
    window = (
        f"the last {parameters.growth_quarters} complete quarters counted back from {parameters.as_of}, since the first order"
    )
    family = "growth"
    return (
        Measure(
            "growth_per_year",
            Unit.PER_YEAR,
            f"Growth of net sales: exp(4 × Theil-Sen slope of log quarterly net sales) − 1 over {window}; null below "
            f"{MINIMUM_QUARTERS} quarters with positive sales",
            family,
        ),
        Measure(
            "growth_per_year_lower", Unit.PER_YEAR, "Lower end of the 90 % interval of growth_per_year, by Sen's ranks", family
        ),
        Measure(
            "growth_per_year_upper", Unit.PER_YEAR, "Upper end of the 90 % interval of growth_per_year, by Sen's ranks", family
        ),
        Measure("growth_quarter_count", Unit.COUNT, f"Quarters with positive net sales among {window}", family),
        Measure(
            "sales_change_year_on_year",
            Unit.PER_YEAR,
            f"Net sales in {parameters.period_words} over those of the same days a year before, less 1; null where those are not "
            f"positive, or the first order came more than {LATE_START_DAYS} days after {parameters.period_before.start_on}",
            family,
        ),
    )


def growth(quarters: QuarterSales, has_orders: npt.NDArray[np.bool_]) -> Columns:
    """Growth per year of every account. An account that never ordered has null, also as its number of quarters."""
    is_usable = quarters.is_full & (quarters.net > 0)
    count = is_usable.sum(axis=1)
    columns = {
        name: np.full(len(count), np.nan) for name in ("growth_per_year", "growth_per_year_lower", "growth_per_year_upper")
    }
    enough = count >= MINIMUM_QUARTERS
    log_net = np.log(np.where(is_usable[enough], quarters.net[enough], np.nan))
    for name, slope in zip(columns, theil_sen(log_net, CONFIDENCE), strict=True):
        columns[name][enough] = np.expm1(4 * slope)
    return columns | {"growth_quarter_count": np.where(has_orders, count, np.nan)}


def year_on_year(now: Vector, before: Vector, first_on: Vector, parameters: MeasureParameters) -> Vector:
    """Change of net sales (currency) to those of the same days a year before, as a share of these; NaN where it cannot be told.

    `first_on` is the day of the first order (days since 1970-01-01, NaN without one). Sales that began within the earlier period
    have no whole one to be held against.
    """
    whole = first_on <= day_number(parameters.period_before.start_on) + LATE_START_DAYS
    return np.where(whole, ratio(known_zero(now, True), known_zero(before, True)) - 1, np.nan)


def theil_sen(values: Vector, confidence: float) -> tuple[Vector, Vector, Vector]:
    """Theil-Sen slope per row against the column number, with the lower and upper end of Sen's interval.

    `values` is rows × times; NaN leaves a time out. Every row needs at least two values. Ties among the values narrow the
    variance of the ranks as in `scipy.stats.theilslopes`.
    """
    first, second = np.triu_indices(values.shape[1], k=1)
    slopes = np.sort((values[:, second] - values[:, first]) / (second - first), axis=1)
    n = (~np.isnan(values)).sum(axis=1)
    pairs = n * (n - 1) // 2
    rows = np.arange(len(values))
    middle = (slopes[rows, (pairs - 1) // 2] + slopes[rows, pairs // 2]) / 2
    variance = (n * (n - 1) * (2 * n + 5) - _tie_terms(values)) / 18
    reach = ndtri((1 + confidence) / 2) * np.sqrt(np.maximum(variance, 0))
    lower = np.maximum(np.round((pairs - reach) / 2).astype(np.int64) - 1, 0)
    upper = np.minimum(np.round((pairs + reach) / 2).astype(np.int64), pairs - 1)
    return middle, slopes[rows, lower], slopes[rows, upper]


def _tie_terms(values: Vector) -> Vector:
    """Σ k(k − 1)(2k + 5) over groups of k equal values per row: each member adds (k − 1)(2k + 5)."""
    group_size = (values[:, :, None] == values[:, None, :]).sum(axis=2)
    return np.where(group_size > 1, (group_size - 1) * (2 * group_size + 5), 0).sum(axis=1).astype(np.float64)
