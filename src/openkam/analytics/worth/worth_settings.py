"""What a valuation is computed with, beside the ledger and the rates of service."""

from dataclasses import dataclass

from openkam.analytics.behaviour.facts import EXAMPLE_LOSS_RATES
from openkam.analytics.terms import OpenKamError


@dataclass(frozen=True, slots=True)
class WorthSettings:
    """`annual_discount_rate` (effective) discounts what lies ahead, `annual_capital_rate` is what money owed costs (shares).

    `holdout_days` at the end are held out to see how far the forecasts of orders are right. `confidence` of `draws` lie between the
    ends of a lifetime value's interval, `seed` is where they begin. `serious_days` after the due day an unpaid invoice is seriously
    late. `price_rise` and `freight_share` (shares) are what the levers of loss accounts aim at; orders aim at the middle account's.
    """

    period_months: int = 12
    annual_discount_rate: float = 0.10
    annual_capital_rate: float = 0.08
    holdout_days: int = 180
    confidence: float = 0.90
    draws: int = 200
    seed: int = 1
    serious_days: int = 30
    price_rise: float = 0.02
    freight_share: float = 1.0
    provision_rates: tuple[tuple[int | None, float], ...] = EXAMPLE_LOSS_RATES

    def __post_init__(self) -> None:
        for name, least in (("annual_discount_rate", 0.0), ("annual_capital_rate", -1e-12)):
            if not least < getattr(self, name) <= 1:
                raise OpenKamError(f"{name} is {getattr(self, name):g}: give a share above 0 and up to 1, for instance 0.1.")
        if not 1 <= self.holdout_days <= 3650:
            raise OpenKamError(f"holdout_days is {self.holdout_days}: give 1 to 3650 days.")
