"""What each account will still bring: the model its data speak for, its value with an interval, and how far to trust it."""

from openkam.analytics.valuation.lifetime_value.choice import choose_model
from openkam.analytics.valuation.lifetime_value.contracts import Contracts
from openkam.analytics.valuation.lifetime_value.value import LifetimeParameters, LifetimeValues, lifetime_values

__all__ = ["Contracts", "LifetimeParameters", "LifetimeValues", "choose_model", "lifetime_values"]
