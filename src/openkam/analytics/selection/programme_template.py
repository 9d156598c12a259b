"""The commented programme that `openkam init` writes.

Its criteria read shares, ratios and times, which mean the same in a firm of any size and currency.
"""

from dataclasses import dataclass

from openkam.analytics.selection.criteria import Points

_HEAD = """\
# The key account programme: what counts, what it may cost, and who must be in or out.
# Every number here is the firm's own decision. Change it, keep the file with the review it made, and note why.
# Lines that start with # and no space are examples: take the # away to use them.

[programme]
name = "Key account programme"
{currency}
period_months = 12                # months looked back from the as-of day
#discount_rate_per_year = 0.1     # for expected_margin_lifetime_value; the rate your money has to earn

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

# Expected loss by days past due: [days past due from, share lost]. These are example rates, nobody's experience: write your own.
[provision]
buckets = [[0, 0.003], [1, 0.016], [31, 0.036], [61, 0.066], [91, 0.106]]
"""


@dataclass(frozen=True, slots=True)
class CriterionDraft:
    """A criterion of the template as it is written; `why` is the comment above it."""

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


CONTRIBUTION = CriterionDraft(
    "contribution",
    "Contribution",
    "share_of_firm_contribution",
    40,
    ((0, 0), (0.0001, 0.1), (0.001, 0.3), (0.01, 0.7), (0.05, 1)),
    "What the account earns us, as a share of what all accounts earn; its share of sales where the ledger knows no costs.",
    "share_of_firm_sales",
)

_GROWTH = CriterionDraft(
    "growth",
    "Growth",
    "growth_per_year",
    15,
    ((-0.3, 0), (0, 0.4), (0.1, 0.7), (0.3, 1)),
    "Growth of its sales a year: 0.1 = 10 %.",
)

OTHER_CRITERIA = (
    _GROWTH,
    CriterionDraft(
        "regularity",
        "Regular orders",
        "regularity_k",
        10,
        ((0.5, 0), (1, 0.3), (2, 0.6), (4, 1)),
        "How regular its orders are in time: 1 = random, above 2 = a rhythm one can plan with.",
    ),
    CriterionDraft(
        "stability",
        "Stable value",
        "quarterly_value_cv",
        10,
        ((0.1, 1), (0.3, 0.7), (0.6, 0.3), (1.2, 0)),
        "How much its quarterly sales swing around their mean: less is better.",
    ),
    CriterionDraft(
        "credit",
        "Payment",
        "days_beyond_terms",
        10,
        ((0, 1), (10, 0.8), (30, 0.3), (60, 0)),
        "Days it pays after terms, weighted by amount: less is better.",
    ),
    CriterionDraft(
        "loyalty",
        "Loyalty",
        "tenure_months",
        10,
        ((0, 0), (12, 0.4), (36, 0.8), (72, 1)),
        "Months since its first order.",
    ),
    CriterionDraft(
        "repeat",
        "Repeat buying",
        "repeat_rate",
        5,
        ((0, 0), (0.5, 0.5), (1, 1)),
        "How steadily it comes back.",
    ),
)


def programme_template() -> str:
    """The commented programme that suits any firm with a ledger; parsing it gives `Programme.default()`."""
    return programme_text("", "".join(c.text() for c in (CONTRIBUTION, *OTHER_CRITERIA)))


def programme_text(currency: str, criteria: str) -> str:
    """The commented programme with these criteria; without a currency that line stays an example."""
    line = (
        f'currency = "{currency}"'
        if currency
        else '#currency = "EUR"                 # needed only where the ledger holds several'
    )
    return _HEAD.format(currency=line) + criteria + _TAIL


def _plain(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else repr(float(number))
