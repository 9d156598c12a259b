"""What a valuation is computed with, beside the ledger and the rates of service."""

from dataclasses import dataclass
from datetime import date

from openkam.analytics.behaviour.facts import EXAMPLE_LOSS_RATES, MeasureParameters
from openkam.analytics.forecast.order_alerts import ALERTS_PER_MANAGER_WEEK
from openkam.analytics.terms import OpenKamError


@dataclass(frozen=True, slots=True)
class WorthSettings:
    """`annual_discount_rate` (effective) discounts what lies ahead, `annual_capital_rate` is what money owed costs (shares).

    `holdout_days` at the end are held out to see how far the forecasts of orders are right. `confidence` of `draws` lie between the
    ends of a lifetime value's interval, `seed` is where they begin. `serious_days` after the due day an unpaid invoice is seriously
    late, `provision_rates` are the shares of what is owed that are expected to be lost, by days overdue (see `MeasureParameters`).

    What the levers of loss accounts aim at, in shares: `price_rise`, `freight_share` of freight that the customer pays, `terms_share` of
    late payment that comes in time, `discount_cut` of what is given off prices (None = no such lever). `order_value` (currency) is the
    least an order should be worth, None = the middle account's. `largest_mix_shift` (share) is how far the weight of a segment may move.
    A manager gets `alerts_per_manager_week` at most.
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
    terms_share: float = 1.0
    discount_cut: float | None = None
    order_value: float | None = None
    largest_mix_shift: float = 0.05
    alerts_per_manager_week: int = ALERTS_PER_MANAGER_WEEK
    provision_rates: tuple[tuple[int | None, float], ...] = EXAMPLE_LOSS_RATES

    def __post_init__(self) -> None:
        for name, least in (("annual_discount_rate", 0.0), ("annual_capital_rate", -1e-12)):
            if not least < getattr(self, name) <= 1:
                raise OpenKamError(f"{name} is {getattr(self, name):g}: give a share above 0 and up to 1, for instance 0.1.")
        for name, share in (
            ("price_rise", self.price_rise),
            ("freight_share", self.freight_share),
            ("terms_share", self.terms_share),
        ):
            if not 0 <= share <= 1:
                raise OpenKamError(f"{name} is {share:g}: give a share between 0 and 1.")
        if self.discount_cut is not None and not 0 <= self.discount_cut <= 1:
            raise OpenKamError(f"discount_cut is {self.discount_cut:g}: give a share between 0 and 1, or none.")
        if self.order_value is not None and self.order_value <= 0:
            raise OpenKamError(f"order_value is {self.order_value:g}: give an amount above 0, or none.")
        if any(not 0 <= rate <= 1 for _, rate in self.provision_rates):
            raise OpenKamError("An expected loss is a share between 0 and 1 of what is owed: correct the loss rates.")
        if not 1 <= self.alerts_per_manager_week <= 100:
            raise OpenKamError(f"alerts_per_manager_week is {self.alerts_per_manager_week}: give 1 to 100 alerts.")
        if not 1 <= self.holdout_days <= 3650:
            raise OpenKamError(f"holdout_days is {self.holdout_days}: give 1 to 3650 days.")


def measure_parameters(day: date, currency: str, settings: WorthSettings) -> MeasureParameters:
    """What the facts of a valuation are read with."""
    return MeasureParameters(day, currency, settings.period_months, provision_rates=settings.provision_rates)
