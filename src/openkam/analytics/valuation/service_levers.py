"""Levers for accounts that lose money: what each would change, in currency, and how far it must go to break even.

"Cash now" is money that is no longer spent or newly earned. "Capacity freed" is the cost of minutes that nobody needs any more: it
becomes money only when the capacity is given back or used for somebody else, and an average cost is avoidable only then.
"""

from dataclasses import dataclass, field

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.terms import OpenKamError

DAYS_PER_YEAR = 365


@dataclass(frozen=True, slots=True)
class AccountService:
    """What the levers work on, one value per account over the period; NaN = not known, and the levers that need it are not known.

    Amounts in currency. `order_capacity_cost` and `order_cash_cost` are the cost of all its orders that does not depend on their
    size, as capacity and as money paid out (carriers). `electronic_saving_per_order` is capacity that an order sent electronically
    saves, `manual_orders` how many still come otherwise. `freight_cost` is paid for it, `freight_charged` charged to it.
    `late_currency_days` is Σ amount · days paid beyond terms. `net_sales` is what a price change applies to,
    `reductions` what was given off the list price and off the invoice; without them the discount lever is not known.
    """

    contribution: Vector
    net_sales: Vector
    orders: Vector
    order_capacity_cost: Vector
    order_cash_cost: Vector
    manual_orders: Vector
    electronic_saving_per_order: Vector
    freight_cost: Vector
    freight_charged: Vector
    late_currency_days: Vector
    reductions: Vector | None = None


@dataclass(frozen=True, slots=True)
class LeverTargets:
    """What each lever aims at; None leaves the lever out.

    `order_value` (currency): the least an order should be worth. `electronic_share` of the manual orders that move. `freight_share`
    of the freight cost that the customer pays. `capital_rate_per_year` (share): what money paid late costs; `terms_share` of
    what is paid late is then paid in time. `discount_cut` (share) of the reductions is no longer given. `price_rise` (share of net sales).
    """

    order_value: float | None = None
    electronic_share: float | None = None
    freight_share: float | None = None
    capital_rate_per_year: float | None = None
    price_rise: float | None = None
    discount_cut: float | None = None
    terms_share: float = 1.0

    def __post_init__(self) -> None:
        if self.order_value is not None and self.order_value <= 0:
            raise OpenKamError(f"The order value aimed at is {self.order_value:g}: give an amount above 0.")
        for name in ("electronic_share", "freight_share", "capital_rate_per_year", "price_rise", "discount_cut", "terms_share"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise OpenKamError(f"{name} is {value:g}: give a share between 0 and 1.")


@dataclass(frozen=True, slots=True)
class Lever:
    """One lever for one account (currency; None = not known, with `reason`).

    `needed` is where the lever alone must go for the account to break even, in the unit of its target: an order value (currency) or a
    share. None where it cannot: the lever is too weak whatever its target. `breaks_even` counts cash and capacity together.
    """

    name: str
    cash_now: float | None
    capacity_freed: float | None
    needed: float | None = None
    breaks_even: bool = False
    reason: str = ""

    @property
    def effect(self) -> float | None:
        """Cash now and capacity freed together."""
        return None if self.cash_now is None or self.capacity_freed is None else self.cash_now + self.capacity_freed


@dataclass(frozen=True, slots=True)
class LossAccount:
    """An account below zero, what it loses (currency, above zero) and its levers, the strongest first and unknown ones last."""

    account_id: int
    loss: float
    levers: tuple[Lever, ...] = field(default=())


def loss_levers(service: AccountService, targets: LeverTargets) -> tuple[LossAccount, ...]:
    """Every account with a contribution below zero, the largest loss first, with the levers that have a target."""
    losers = np.flatnonzero(np.nan_to_num(service.contribution) < 0)
    order = losers[np.argsort(service.contribution[losers], kind="stable")]
    return tuple(
        LossAccount(int(place), -float(service.contribution[place]), _levers(_at(service, int(place)), targets))
        for place in order
    )


@dataclass(frozen=True, slots=True)
class _One:
    loss: float
    values: dict[str, float]

    def unknown(self, *names: str) -> str:
        missing = [name for name in names if np.isnan(self.values[name])]
        return f"not known: {', '.join(missing)}" if missing else ""


def _at(service: AccountService, place: int) -> _One:
    columns = {name: getattr(service, name) for name in AccountService.__dataclass_fields__}
    values = {name: float("nan") if column is None else float(column[place]) for name, column in columns.items()}
    return _One(-values["contribution"], values)


def _levers(one: _One, targets: LeverTargets) -> tuple[Lever, ...]:
    found: list[Lever] = []
    if targets.order_value is not None:
        found.append(_order_size(one, targets.order_value))
    if targets.electronic_share is not None:
        reason = one.unknown("manual_orders", "electronic_saving_per_order")
        at_most = one.values["manual_orders"] * one.values["electronic_saving_per_order"]
        found.append(_linear("channel", one, capacity=at_most, target=targets.electronic_share, reason=reason))
    if targets.freight_share is not None:
        found.append(_freight(one, targets.freight_share))
    if targets.capital_rate_per_year is not None:
        reason = one.unknown("late_currency_days")
        saved = one.values["late_currency_days"] / DAYS_PER_YEAR * targets.capital_rate_per_year
        found.append(_linear("terms", one, cash=saved, target=targets.terms_share, reason=reason))
    if targets.discount_cut is not None:
        reason = one.unknown("reductions")
        given = max(one.values["reductions"], 0.0)
        found.append(_linear("discount", one, cash=given, target=targets.discount_cut, reason=reason))
    if targets.price_rise is not None:
        reason = one.unknown("net_sales")
        found.append(
            _linear("price", one, cash=max(one.values["net_sales"], 0.0), target=targets.price_rise, reason=reason, limit=np.inf)
        )
    return tuple(sorted(found, key=lambda lever: (lever.effect is None, -(lever.effect or 0.0))))


def _linear(
    name: str, one: _One, *, target: float, reason: str, cash: float = 0.0, capacity: float = 0.0, limit: float = 1.0
) -> Lever:
    """A lever whose effect grows with a share: `cash` and `capacity` are its effect at a share of one."""
    if reason:
        return Lever(name, None, None, reason=reason)
    whole = cash + capacity
    needed = one.loss / whole if whole > 0 else np.inf
    return Lever(
        name,
        cash_now=cash * target,
        capacity_freed=capacity * target,
        needed=needed if needed <= limit and np.isfinite(needed) else None,
        breaks_even=needed <= target,
    )


def _freight(one: _One, share: float) -> Lever:
    """The customer pays `share` of its freight. What it pays already counts; nothing is given back."""
    reason = one.unknown("freight_cost", "freight_charged")
    if reason:
        return Lever("freight", None, None, reason=reason)
    cost, charged = one.values["freight_cost"], one.values["freight_charged"]
    gain = max(share * cost - charged, 0.0)
    needed = (one.loss + charged) / cost if cost > 0 else np.inf
    return Lever("freight", gain, 0.0, needed if needed <= 1 else None, gain >= one.loss)


def _order_size(one: _One, value: float) -> Lever:
    """The same sales in fewer orders: an order value of A instead of a saves the share 1 − a/A of what orders cost."""
    reason = one.unknown("net_sales", "orders", "order_capacity_cost", "order_cash_cost")
    if reason:
        return Lever("order size", None, None, reason=reason)
    orders, sales = one.values["orders"], one.values["net_sales"]
    if orders <= 0 or sales <= 0:
        return Lever("order size", None, None, reason="no order with sales above zero in the period")
    now = sales / orders
    saved = max(1 - now / value, 0.0)
    cash, capacity = one.values["order_cash_cost"], one.values["order_capacity_cost"]
    # As large as all sales in one order, and no larger.
    least = 1 - one.loss / (cash + capacity) if cash + capacity > 0 else -np.inf
    needed = now / least if least > 0 and now / least <= sales else None
    return Lever("order size", cash * saved, capacity * saved, needed, (cash + capacity) * saved >= one.loss)
