"""The result of a valuation, as every surface reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from openkam.analytics.terms import Period
from openkam.analytics.valuation.price_volume_mix import Bridge
from openkam.analytics.valuation.time_driven_costing import PoolUse
from openkam.analytics.valuation.transfer_prices import InternalCustomer
from openkam.analytics.valuation.whale_band import WhaleBand
from openkam.analytics.worth.customer_mix import CustomerMix
from openkam.analytics.worth.portfolio_worth import PortfolioWorth

LADDER = (
    *("gross_sales", "invoice_reductions", "unlisted_sales", "net_invoice", "off_invoice", "charges", "pocket"),
    *("uncosted_sales", "cost_of_goods", "cm1", "order_and_logistics", "freight_cost", "cm2", "selling_and_service", "cm3"),
    *("capital_charge", "expected_loss", "cm4"),
)
"""Steps and rungs of the margin ladder, from the top down."""

RUNGS = ("net_invoice", "pocket", "cm1", "cm2", "cm3", "cm4")


@dataclass(frozen=True, slots=True)
class NotComputed:
    """A part that could not be computed for anybody: `part` in words, and the `reason` in the engine's."""

    part: str
    reason: str


@dataclass(frozen=True, slots=True)
class HoldOutFigure:
    """How a forecast did on what was held out: the same error of the model and of the plain rule beside it, in `unit`."""

    what: str
    rule: str
    unit: str
    count: int
    model_error: float | None
    rule_error: float | None
    total_ratio: float | None


@dataclass(frozen=True, slots=True)
class LadderMedians:
    """The middle of `account_count` accounts of a `segment` (empty: of all): each step and rung as a share of net invoice."""

    segment: str
    account_count: int
    shares: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Worths:
    """One valuation of a ledger version on a day.

    `accounts` has one row per account, null where not known; amounts in `currency`:

    - `account, name, segment, group_name`; the amounts of `LADDER`, with `step_sources` in its order: which text of `sources` says where
      the amount comes from (0 = not known, and for rungs); `sales_rank, margin_rank` (1 = highest);
    - `contribution` on its deepest known rung up to CM3 (`contribution_basis`), `cost_to_serve`, and `capacity_cost`, the part of it
      that is capacity; `levers` of accounts at a loss;
    - `lifetime_value` with `lifetime_low, lifetime_high`, `units_ahead`, `unit_net`, `probability_alive`; `lifetime_reason` without one;
    - the rhythm: `last_order_on, expected_on, window_from_on, window_to_on, overdue_on, silence_probability, gap_count, is_overdue,
      is_thin, recent_orders`, and `at_stake`, net sales of the 365 days to the day;
    - `service_by_volume` and `contribution_by_volume`: were the capacity spread by net invoice;
    - what is owed, by age: `owed, owed_not_due, owed_1_30, owed_31_60, owed_61_90, owed_over_90`; `median_days_to_pay`,
      `lateness_probability`, `expected_credit_loss`, `credit_limit`, `credit_limit_use`.

    `portfolio` is what all accounts are worth together, `band` how sure its whale curve is, `mix` risk and return of the segments, None
    where not told. `bridges` lead from the `before` period a year earlier to this one. `own_units` are customers that are units of
    ours, `internal_sales` (currency) what fell out with them, None without such. `rebate_sales` by the key of their window.

    `not_computed` are parts without a figure for anybody, `beneath` amounts of the firm that no account bears (currency).
    """

    as_of: date
    period: Period
    currency: str
    ledger_version: int
    accounts: pa.Table
    sources: Mapping[str, tuple[str, ...]]
    lifetime_model: str
    lifetime_why: tuple[str, ...]
    lifetime_considered: tuple[str, ...]
    holdouts: tuple[HoldOutFigure, ...]
    medians: tuple[LadderMedians, ...]
    pools: tuple[PoolUse, ...]
    beneath: Mapping[str, float]
    not_computed: tuple[NotComputed, ...]
    illustrative: tuple[str, ...]
    notes: tuple[str, ...]
    before: Period
    portfolio: PortfolioWorth
    band: WhaleBand | None
    mix: CustomerMix | None
    bridges: tuple[Bridge, ...]
    own_units: tuple[InternalCustomer, ...]
    internal_sales: float | None
    rebate_sales: Mapping[int, float]
