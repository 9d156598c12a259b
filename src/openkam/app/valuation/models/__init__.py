"""Books of rates, valuations and what each account was found to be worth. All of it is append-only: triggers keep it so."""

from openkam.app.valuation.models.bridge import AccountBridge
from openkam.app.valuation.models.rates import PoolRate, RateBook, TimeEquation
from openkam.app.valuation.models.valuation import Valuation
from openkam.app.valuation.models.worth import AccountWorth

__all__ = ["AccountBridge", "AccountWorth", "PoolRate", "RateBook", "TimeEquation", "Valuation"]
