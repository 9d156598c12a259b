"""The commented programme that `openkam init` writes, and a draft of one from a firm's own distribution.

Both print fixed numbers. The template's criteria read shares, ratios and times, which mean the same in a firm of any size and
currency; a draft looks once at the firm's accounts, rounds quantiles to two significant figures and writes amounts.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from openkam.analytics.selection.account_columns import measures_of, numbers
from openkam.analytics.selection.criteria import Points

_HEAD = """\
# The key account programme: what counts, what it may cost, and who must be in or out.
# Every number here is the firm's own decision. Change it, keep the file with the review it made, and note why.
# Lines that start with # and no space are examples: take the # away to use them.

[programme]
name = "Key account programme"
{currency}
period_months = 12                # months looked back from the as-of day

# ---- What counts -------------------------------------------------------------------------------------------------------
# The utility of an account is the sum of weight x value over the criteria; weights are divided by their sum.
# points is the value function: [level, value] pairs, straight lines between them, flat beyond the ends, value from 0 to 1.
# The points are fixed, so an account that joins the list never changes what another is worth.
# missing: "worst" (the lowest value), "exclude" (no candidate) or a value from 0 to 1 for accounts without the measure.
"""

_TAIL = """\

# What only people can judge is rated 0 to 4 by written anchors, with evidence, best by two people or more (the mean counts).
#[[criterion]]
#name = "strategic"
#label = "Strategic importance"
#rating = "strategic_importance"
#weight = 12
#missing = "worst"
#anchors = [
#"No link to our strategy.",
#"Buys a product we want to grow.",
#"Opens a market or a region we have decided to enter.",
#"Developed a product or a service with us in the last 24 months.",
#"Without this customer a line of our strategy would end.",
#]
#
#[[rating]]
#account = "C-1001"
#criterion = "strategic_importance"
#value = 3
#evidence = "Joint development agreement of 2025-04-02"
#rated_by = "H. Olsen"
#rated_on = 2026-01-15

# ---- Who is looked at --------------------------------------------------------------------------------------------------
[candidates]
include_prospects = false         # true: accounts that never bought may be key
at_most = 20000                   # the best by utility stay where there are more
#minimum_net_sales = 50000        # in the reporting currency, over the period

# ---- What it takes -----------------------------------------------------------------------------------------------------
# Hours and cost of one key account in a year: a number, or read off a measure.
#[effort]
#hours = { measure = "order_count", points = [[0, 40], [50, 80], [500, 200]], missing = 40 }
#cost = 6000

# What you know better than the ledger about one account:
#[[account]]
#account = "C-1001"
#hours = 120
#cost = 9000
#region = "West"

# ---- Limits ------------------------------------------------------------------------------------------------------------
[limits]
accounts_at_most = 20             # 15 to 35 is the practitioners' rule; beyond 50 few firms keep the promise of the name
#accounts_at_least = 10
#budget_per_year = 150000
#hours_per_year = 1180
#prospects_at_least = 2           # needs include_prospects = true above
#mean_expected_loss_rate_at_most = 0.01
#group_coherence = true           # an account only together with its parent, where the parent is a candidate too

# Who looks after them. Without regions or industries a manager serves all; fit says how well, 0 = cannot, 1 = fully.
#[[manager]]
#name = "Hudson Onslow"
#hours_per_year = 590
#regions = ["West", "South"]
#industries = []
#fit = { region = { West = 1.0, South = 0.8 }, industry = { Retail = 0.9 }, account = { "C-1001" = 1.0 } }

# At least so many key accounts of a region, country, industry, category or group_name; without value, of each.
#[[floor]]
#field = "region"
#value = "West"
#accounts_at_least = 3

# At most this share of the key accounts' sales from one value; without value, from each.
#[[cap]]
#field = "industry"
#share_of_sales_at_most = 0.4

# Hard rules. An account without the measure passes.
#[[gate]]
#measure = "expected_loss_rate"
#at_most = 0.05
#reason = "Expected loss above 5 % of sales"

# At most one of these:
#[[conflict]]
#accounts = ["C-1001", "C-1002"]
#reason = "They compete head-on and asked for it in the contract"

# Decisions that the search must respect:
#[[pin]]
#account = "C-1003"
#decision = "in"
#reason = "Frame agreement until 2027"

# ---- Rates the measures use --------------------------------------------------------------------------------------------
# Time and cost of an activity where the ledger does not say, in the reporting currency.
#[service_rates.delivery]
#minutes_per_activity = 25
#cost_per_minute = 0.8

# Expected loss by days past due, from your own losses: [days past due from, share lost].
#[provision]
#buckets = [[0, 0.003], [1, 0.02], [31, 0.05], [61, 0.1], [91, 0.3]]
"""


@dataclass(frozen=True, slots=True)
class _CriterionDraft:
    name: str
    label: str
    measure: str
    weight: int
    points: Points
    why: str
    fallback_measure: str = ""

    def text(self) -> str:
        """The criterion as a commented table."""
        fallback = f'fallback_measure = "{self.fallback_measure}"\n' if self.fallback_measure else ""
        points = ", ".join(f"[{_plain(x)}, {_plain(v)}]" for x, v in self.points)
        return (
            f'\n# {self.why}\n[[criterion]]\nname = "{self.name}"\nlabel = "{self.label}"\nmeasure = "{self.measure}"\n{fallback}'
            f'weight = {self.weight}\npoints = [{points}]\nmissing = "worst"\n'
        )


_CONTRIBUTION = _CriterionDraft(
    "contribution",
    "Contribution",
    "share_of_firm_contribution",
    40,
    ((0, 0), (0.0001, 0.1), (0.001, 0.3), (0.01, 0.7), (0.05, 1)),
    "What the account earns us, as a share of what all accounts earn; its share of sales where the ledger knows no costs.",
    "share_of_firm_sales",
)

_GROWTH = _CriterionDraft(
    "growth",
    "Growth",
    "growth_per_year",
    15,
    ((-0.3, 0), (0, 0.4), (0.1, 0.7), (0.3, 1)),
    "Growth of its sales a year: 0.1 = 10 %.",
)

_OTHERS = (
    _GROWTH,
    _CriterionDraft(
        "regularity",
        "Regular orders",
        "regularity_k",
        10,
        ((0.5, 0), (1, 0.3), (2, 0.6), (4, 1)),
        "How regular its orders are in time: 1 = random, above 2 = a rhythm one can plan with.",
    ),
    _CriterionDraft(
        "stability",
        "Stable value",
        "quarterly_value_cv",
        10,
        ((0.1, 1), (0.3, 0.7), (0.6, 0.3), (1.2, 0)),
        "How much its quarterly sales swing around their mean: less is better.",
    ),
    _CriterionDraft(
        "credit",
        "Payment",
        "days_beyond_terms",
        10,
        ((0, 1), (10, 0.8), (30, 0.3), (60, 0)),
        "Days it pays after terms, weighted by amount: less is better.",
    ),
    _CriterionDraft(
        "loyalty",
        "Loyalty",
        "tenure_months",
        10,
        ((0, 0), (12, 0.4), (36, 0.8), (72, 1)),
        "Months since its first order.",
    ),
    _CriterionDraft(
        "repeat",
        "Repeat buying",
        "repeat_rate",
        5,
        ((0, 0), (0.5, 0.5), (1, 1)),
        "How steadily it comes back.",
    ),
)

_FALLING = frozenset({"stability", "credit"})
_MONEY_QUANTILES = ((0.5, 0.1), (0.9, 0.3), (0.99, 0.7), (1.0, 1.0))
_RATE_QUANTILES = ((0.05, 0.0), (0.25, 0.25), (0.5, 0.5), (0.75, 0.75), (0.95, 1.0))


def programme_template() -> str:
    """The commented programme that suits any firm with a ledger; parsing it gives `Programme.default()`."""
    currency = '#currency = "EUR"                 # needed only where the ledger holds several currencies'
    return _HEAD.format(currency=currency) + _CONTRIBUTION.text() + "".join(c.text() for c in _OTHERS) + _TAIL


def draft_programme(accounts: pa.Table, currency: str) -> str:
    """The template with value functions drafted once from the accounts' own distribution, as fixed numbers to edit.

    Contribution (net sales where no account has a contribution) is written in currency, from 0 over the quantiles
    50, 90, 99 and 100 % of the accounts above 0; the other criteria run from the quantile 5 to 95 %. Quantiles are rounded to two
    significant figures. A criterion that no account can be told by is left out with a line that says so.
    """
    money = "contribution_margin" if len(_present(accounts, "contribution_margin")) else "net_sales"
    label, words = ("Contribution", "contribution") if money == "contribution_margin" else ("Net sales", "net sales")
    earned = replace(
        _CONTRIBUTION,
        label=label,
        measure=money,
        fallback_measure="",
        why=f"Yearly {words} in {currency}, drafted from the firm's own accounts.",
    )
    blocks = [_drafted(accounts, earned, _MONEY_QUANTILES), *(_drafted(accounts, c, _RATE_QUANTILES) for c in _OTHERS)]
    return _HEAD.format(currency=f'currency = "{currency}"') + "".join(blocks) + _TAIL


def _drafted(accounts: pa.Table, criterion: _CriterionDraft, quantiles: Points) -> str:
    levels = _present(accounts, criterion.measure)
    is_money = quantiles is _MONEY_QUANTILES
    if is_money:
        levels = levels[levels > 0]
    found: dict[float, float] = {0.0: 0.0} if is_money else {}
    for share, value in quantiles if len(levels) else ():
        level = _two_figures(float(np.quantile(levels, share)))
        found[level] = max(value, found.get(level, 0.0))
    if len(found) < 2:
        return f"\n# {criterion.label} is left out: the accounts do not differ in {criterion.measure}.\n"
    low, high = min(found.values()), max(found.values())
    points = tuple((x, round((v - low) / (high - low), 4)) for x, v in sorted(found.items()))
    if criterion.name in _FALLING:
        points = tuple((x, round(1 - v, 4)) for x, v in points)
    return replace(criterion, points=points).text()


def _present(accounts: pa.Table, measure: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if measure not in measures_of(accounts):
        return np.zeros(0)
    levels = numbers(accounts, measure)
    return levels[np.isfinite(levels)]


def _two_figures(number: float) -> float:
    if number == 0:
        return 0.0
    return round(number, 1 - math.floor(math.log10(abs(number))))


def _plain(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else f"{number:.10f}".rstrip("0")
