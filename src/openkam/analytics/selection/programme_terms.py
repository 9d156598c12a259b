"""The parts of a programme as frozen dataclasses: what a firm decided, in its own words and fixed numbers."""

from dataclasses import dataclass
from datetime import date

from openkam.analytics.selection.criteria import Points

FIELDS = ("region", "country", "industry", "category", "group_name")
"""Attributes of an account that floors, caps and overrides may name."""


@dataclass(frozen=True, slots=True)
class Rating:
    """One rater's judgement of one account on one anchored 0-4 scale, with its evidence."""

    account: str
    criterion: str
    value: int
    evidence: str
    rated_by: str
    rated_on: date


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who is looked at. `minimum_net_sales` is for the period, in the reporting currency, and does not apply to prospects."""

    minimum_net_sales: float | None = None
    include_prospects: bool = False
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class EffortCurve:
    """Hours or cost a year as a piecewise linear function of a measure; `missing` holds where the measure is null."""

    measure: str
    points: Points
    missing: float


Effort = float | EffortCurve


@dataclass(frozen=True, slots=True)
class AccountOverride:
    """What the firm knows better than the ledger about one account; None leaves it as it is. Hours and cost are per year."""

    account: str
    hours: float | None = None
    cost: float | None = None
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SelectionLimits:
    """Limits over all chosen accounts; None means no such limit."""

    accounts_at_least: int | None = None
    accounts_at_most: int | None = None
    budget_per_year: float | None = None
    hours_per_year: float | None = None
    prospects_at_least: int | None = None
    mean_expected_loss_rate_at_most: float | None = None
    group_coherence: bool = False


@dataclass(frozen=True, slots=True)
class AccountManager:
    """A key account manager. Empty `regions` or `industries` mean all; `*_fit` maps a name to a factor in [0, 1], unlisted 1."""

    name: str
    hours_per_year: float
    regions: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    region_fit: tuple[tuple[str, float], ...] = ()
    industry_fit: tuple[tuple[str, float], ...] = ()
    account_fit: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Floor:
    """At least so many chosen accounts with this value of the field; without a value, for each value that a candidate has."""

    field: str
    value: str | None
    accounts_at_least: int


@dataclass(frozen=True, slots=True)
class Cap:
    """At most this share of the chosen accounts' net sales with this value of the field; without a value, for each."""

    field: str
    value: str | None
    share_of_sales_at_most: float


@dataclass(frozen=True, slots=True)
class Gate:
    """A hard rule on a measure: an account beyond it cannot be key. Exactly one bound is given."""

    measure: str
    at_most: float | None
    at_least: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Accounts of which at most one may be key."""

    accounts: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class PinnedAccount:
    """A person's decision about one account, with its reason."""

    account: str
    is_in: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ServiceRate:
    """What one activity takes and costs where the ledger does not say; cost in the reporting currency."""

    activity: str
    minutes_per_activity: float
    cost_per_minute: float


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision matrix: (whole days past due from, loss rate) per ageing bucket, the first from day 0.

    The default holds example rates, nobody's experience, for firms that have not yet counted their own losses.
    """

    buckets: Points = ((0.0, 0.003), (1.0, 0.016), (31.0, 0.036), (61.0, 0.066), (91.0, 0.106))

    @property
    def rates_by_upper_bound(self) -> tuple[tuple[int | None, float], ...]:
        """The same matrix as (days past due up to and with, loss rate), None as the bound of the last bucket."""
        upper = [int(day) - 1 for day, _ in self.buckets[1:]]
        return tuple(zip([*upper, None], [rate for _, rate in self.buckets], strict=True))
