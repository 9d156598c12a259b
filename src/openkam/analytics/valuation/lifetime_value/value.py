"""Lifetime value: the contribution margin that each account will still bring, discounted, with an interval.

    value = margin ratio · E[net sales per order] · E[discounted orders ahead]                     without a contract
    value = margin ratio · net sales of a period · E[discounted periods ahead]                     under contract

on margin, never on sales: the margin ratio is the account's own contribution over its net sales. An account whose ratio is unknown
has no value. What is already ordered or under contract is not in it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.orders import Indices, Mask
from openkam.analytics.engine import Engine, Rows
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.lifetime_value.choice import choose_model, figures
from openkam.analytics.valuation.lifetime_value.contracts import Contracts, Tenure, fit_contracts, tenure
from openkam.analytics.valuation.lifetime_value.discount import DAYS_PER_YEAR, discount_per
from openkam.analytics.valuation.lifetime_value.holdout import hold_out_contracts, hold_out_orders
from openkam.analytics.valuation.lifetime_value.order_value import order_values
from openkam.analytics.valuation.lifetime_value.validation import Validation
from openkam.analytics.valuation.purchase_summary import PurchaseSummary, by_occasion, summarise_purchases

_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class LifetimeParameters:
    """How lifetime value is computed.

    `discount_rate_per_year` is the effective rate (0.1 = 10 %), `holdout_days` the time at the end that validation holds out,
    `occasion_days` the days between occasions where orders are only possible at such, `confidence` the share of `draws` between the
    ends of an interval, `seed` where the draws begin.
    """

    as_of: date
    discount_rate_per_year: float
    holdout_days: int
    occasion_days: int | None = None
    confidence: float = 0.90
    draws: int = 400
    seed: int = 1

    def __post_init__(self) -> None:
        if not 0 < self.discount_rate_per_year < np.inf:
            raise OpenKamError(f"discount_rate_per_year is {self.discount_rate_per_year:g}: give a rate above 0 (0.1 = 10 %).")
        if self.holdout_days < 1:
            raise OpenKamError(f"holdout_days is {self.holdout_days}: give at least 1 day.")
        if self.occasion_days is not None and (self.occasion_days < 1 or self.holdout_days % self.occasion_days):
            raise OpenKamError(
                f"occasion_days is {self.occasion_days}, holdout_days {self.holdout_days}: hold out a whole number of occasions."
            )
        if not 0 < self.confidence < 1 or self.draws < 2:
            raise OpenKamError("confidence lies between 0 and 1, and an interval needs at least 2 draws.")

    def discount_per(self, days: float) -> float:
        """Effective discount rate over so many days."""
        return discount_per(self.discount_rate_per_year, days)


@dataclass(frozen=True, slots=True, eq=False)
class LifetimeValues:
    """One place per account id; NaN is null.

    `value` (currency) with its interval `value_lower` to `value_upper`; `units_ahead` are the discounted orders, or contract periods
    where `is_contract`, that it rests on; `unit_net` the net sales of one of them (currency); `probability_alive` that the account
    still buys (null under contract). `why` says which models were taken and why, `validations` how they did on a time held out, and
    `not_validated` what kept a hold-out from being made.
    """

    value: Vector
    value_lower: Vector
    value_upper: Vector
    units_ahead: Vector
    unit_net: Vector
    probability_alive: Vector
    is_contract: Mask
    why: tuple[str, ...]
    considered: tuple[str, ...]
    notes: tuple[str, ...]
    validations: tuple[Validation, ...]
    not_validated: tuple[str, ...]


def lifetime_values(
    engine: Engine,
    days: Rows,
    margin_ratio: Vector,
    parameters: LifetimeParameters,
    contracts: Contracts | None = None,
) -> LifetimeValues:
    """Lifetime value of every account.

    `days` are the order days (`account_id`, `transacted_on`, `has_sale`, `net` in currency; see `summarise_purchases`),
    `margin_ratio` the contribution margin over net sales by account id, NaN where unknown. Accounts with a contract that runs on the
    as-of day are valued by it, all others by their orders. Raises `UnidentifiedModelError` where the data cannot tell a model; where
    only those before the hold-out cannot, values are given and `not_validated` says why they stand without one.
    """
    book = _Book(margin_ratio, parameters)
    under_contract = np.zeros(len(margin_ratio), dtype=np.bool_)
    if contracts is not None:
        at = tenure(contracts, parameters.as_of)
        under_contract[contracts.account[at.rows[at.is_running]]] = True
        _value_contracts(book, contracts, at)
    free = days.filter(~days.account_id.isin(np.flatnonzero(under_contract).tolist())) if under_contract.any() else days
    if parameters.occasion_days is not None:
        free = by_occasion(free, parameters.as_of, parameters.occasion_days)
    summary = summarise_purchases(engine, free, parameters.as_of)
    if len(summary.account):
        _value_orders(book, summary)
        book.validate(
            "orders",
            lambda: hold_out_orders(engine, free, parameters.as_of, parameters.holdout_days, parameters.occasion_days),
        )
    elif contracts is None:
        raise OpenKamError(f"No account has an order up to {parameters.as_of}: there is nothing to value.")
    unknown = int((np.isnan(margin_ratio) & ~np.isnan(book.units)).sum())
    if unknown:
        book.notes.append(f"{unknown} accounts have no known margin: they get no value; sales are not taken in its place.")
    return LifetimeValues(
        book.value,
        book.lower,
        book.upper,
        book.units,
        book.unit_net,
        book.alive,
        under_contract,
        tuple(book.why),
        tuple(book.considered),
        tuple(book.notes),
        tuple(book.validations),
        tuple(book.not_validated),
    )


class _Book:
    """What is found, account by account."""

    def __init__(self, margin_ratio: Vector, parameters: LifetimeParameters) -> None:
        self.margin_ratio, self.parameters = margin_ratio, parameters
        self.generator = np.random.default_rng(parameters.seed)
        self.value, self.lower, self.upper, self.units, self.unit_net, self.alive = np.full((6, len(margin_ratio)), np.nan)
        self.why: list[str] = []
        self.considered: list[str] = []
        self.notes: list[str] = []
        self.validations: list[Validation] = []
        self.not_validated: list[str] = []

    def enter(self, accounts: Indices, units: Vector, unit_net: Vector) -> None:
        """Expected values of some accounts."""
        self.units[accounts], self.unit_net[accounts] = units, unit_net
        self.value[accounts] = units * unit_net * self.margin_ratio[accounts]

    def validate(self, what: str, hold_out: Callable[[], tuple[Validation, ...]]) -> None:
        """Hold the models against what happened; a hold-out that cannot be made is told and takes no value away."""
        try:
            self.validations += hold_out()
        except OpenKamError as untold:
            days = self.parameters.holdout_days
            self.not_validated.append(f"The hold-out of {what} over the last {days} days is not available, because: {untold}")

    def bracket(self, accounts: Indices, net_draws: list[Vector]) -> None:
        """Intervals of some accounts from draws of their discounted net sales ahead."""
        half = (1 - self.parameters.confidence) / 2
        draws = np.array(net_draws) * self.margin_ratio[accounts]
        self.lower[accounts], self.upper[accounts] = np.quantile(draws, [half, 1 - half], axis=0)


def _value_contracts(book: _Book, contracts: Contracts, at: Tenure) -> None:
    parameters = book.parameters
    model = fit_contracts(at)
    rows = at.rows[at.is_running]
    renewals, wait = at.renewals[at.is_running], at.days_to_renewal[at.is_running]
    discount = parameters.discount_per(contracts.period_days)
    until_renewal = np.exp(-np.log1p(parameters.discount_rate_per_year) * wait / DAYS_PER_YEAR)
    net = until_renewal * contracts.period_net[rows]
    accounts, place = np.unique(contracts.account[rows], return_inverse=True)

    def by_account(of_each: Vector) -> Vector:
        return np.bincount(place, of_each, len(accounts)).astype(np.float64)

    periods = model.discounted_expected_residual_lifetime(renewals, discount)
    units = by_account(periods * until_renewal)
    book.enter(accounts, units, by_account(periods * net) / units)
    drawn = [
        by_account(model.with_parameters(one).draw_residual_lifetime(renewals, discount, book.generator) * net)
        for one in model.estimate.draw(book.generator, parameters.draws)
    ]
    book.bracket(accounts, drawn)
    book.why.append(f"{len(rows)} contracts run: the {model.name} of renewals, whose retention rises with tenure.")
    book.considered.append(figures(model))
    book.validate("contracts", lambda: (hold_out_contracts(contracts, parameters.as_of, parameters.holdout_days),))


def _value_orders(book: _Book, summary: PurchaseSummary) -> None:
    parameters, generator = book.parameters, book.generator
    choice = choose_model(summary, parameters.occasion_days)
    values = order_values(summary)
    discount = parameters.discount_per(choice.period_days)
    units = choice.model.discounted_expected_residual_transactions(discount)
    book.enter(summary.account, units, values.expected())
    book.alive[summary.account] = choice.model.probability_alive()
    frequency_draws = choice.model.estimate.draw(generator, parameters.draws)
    value_draws = values.estimate.draw(generator, parameters.draws)
    for start in range(0, len(units), _ROWS):
        rows = slice(start, start + _ROWS)
        some, worth = choice.model.at(rows), values.at(rows)
        drawn = [
            some.with_parameters(often).draw_residual_transactions(discount, generator) * worth.draw(much, generator)
            for often, much in zip(frequency_draws, value_draws, strict=True)
        ]
        book.bracket(summary.account[rows], drawn)
    book.why.append(choice.why)
    book.considered += (*choice.considered, figures(values.model))
    book.notes += values.notes
