"""Books of rates, assumptions, rebate schedules, valuations, what each account was found to be worth, and what became of alerts.

All but the schedules is append-only: triggers keep it so.
"""

from openkam.app.valuation.models.assumptions import Assumptions
from openkam.app.valuation.models.bridge import AccountBridge
from openkam.app.valuation.models.detail import AccountDetail, ValuationDetail
from openkam.app.valuation.models.rates import PoolRate, RateBook, TimeEquation
from openkam.app.valuation.models.rebates import RebateSchedule, RebateTurnover
from openkam.app.valuation.models.valuation import Valuation
from openkam.app.valuation.models.verdict import AlertVerdict, VerdictWithdrawal
from openkam.app.valuation.models.worth import AccountWorth

__all__ = [
    "AccountBridge", "AccountDetail", "AccountWorth", "AlertVerdict", "Assumptions", "PoolRate", "RateBook", "RebateSchedule",
    "RebateTurnover", "TimeEquation", "Valuation", "ValuationDetail", "VerdictWithdrawal",
]  # fmt: skip
