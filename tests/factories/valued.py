"""Valuations: one conducted over the planted company, and one with figures that a test gives, which takes a moment."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from tests.factories.planted import AS_OF, planted_ledger
from tests.factories.rounds import conducted_round

from openkam.analytics.valuation.price_volume_mix import EFFECTS
from openkam.analytics.valuation.rebate_tiers import RebateTier
from openkam.analytics.worth.bridge_columns import COLUMNS, PLACES
from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.valuation.models import (
    AccountBridge,
    AccountDetail,
    AccountWorth,
    AlertVerdict,
    PoolRate,
    RateBook,
    RebateSchedule,
    TimeEquation,
    Valuation,
    ValuationDetail,
)
from openkam.app.valuation.operations.alert_verdicts import Found, deal_with_alert
from openkam.app.valuation.operations.details import detail_valuation
from openkam.app.valuation.operations.rates import keep_book
from openkam.app.valuation.operations.rebates import RebateTerms, agree_rebate
from openkam.app.valuation.operations.valuations import Asked, conduct_valuation
from openkam.app.valuation.queries.rates import Rates
from openkam.app.valuation.terms import Finding, Step

AT = datetime(2024, 1, 2, tzinfo=UTC)
SETTINGS = {"period_months": 12, "annual_discount_rate": 0.1, "confidence": 0.9, "holdout_days": 180, "annual_capital_rate": 0.08}
LEVER = {
    "name": "price", "target": 0.02, "cash_now": 20.0, "capacity_freed": 0.0, "needed": 0.5, "breaks_even": False, "reason": ""
}  # fmt: skip
_numbers = count(1)


def conducted_valuation(home: Path, actor: User, *, with_accounts: bool = True) -> Valuation:
    """The planted company valued, with the accounts that a round makes."""
    if with_accounts:
        conducted_round(home, actor)
    else:
        planted_ledger(home / "ledger")
    return conduct_valuation(actor=actor, run_id=None, asked=Asked(as_of_on=AS_OF), tell=lambda _: None)


def looked_ahead(made: Valuation, actor: User) -> ValuationDetail:
    """A conducted valuation with what stands beside its figures."""
    return detail_valuation(actor=actor, run_id=None, valuation=made, tell=lambda _: None)


SERIES = {
    "name": "", "past": [None] + [100.0] * 11, "expected": [110.0, 120.0, 130.0], "lower": [90.0, 95.0, 99.0],
    "upper": [130.0, 140.0, 150.0], "seasonal_naive": [100.0, 100.0, 100.0], "method": "Croston-SBA", "demand_class": "lumpy",
}  # fmt: skip
CURVE = {
    "days": [10.0, 20.0], "unpaid": [0.5, 0.25], "lower": [0.3, 0.1], "upper": [0.7, 0.5], "invoice_count": 8, "open_count": 2,
    "median_days": 10.0, "confidence": 0.95,
}  # fmt: skip
RULE = {
    "rule": "own rhythm, 95 %", "alert_count": 12, "decided_count": 10, "lost_count": 8, "precision": 0.7, "recall": 0.5,
    "money_recall": 0.6, "lead_days": 6.0, "base_rate": 0.03, "alerts_per_manager_week": 0.61, "most_in_a_manager_week": 3,
}  # fmt: skip


def firm_detail(made: Valuation, **fields: Any) -> ValuationDetail:
    """What stands beside a valuation's figures, of the firm."""
    quality = {"demand_class": "lumpy", "method": "Croston-SBA", "series_count": 7, "mase": 0.9, "mase_seasonal_naive": 1.1}
    ends = [f"2023-{month:02}-28" for month in range(1, 13)]
    outlook = {
        "ends_on": ["2024-01-31", "2024-02-29", "2024-03-31"],
        "past_ends_on": ends,
        "level": 0.8,
        "firm": SERIES,
        "categories": [SERIES | {"name": "Paper"}],
        "firm_quality": [quality | {"coverage": 0.79}],
        "account_quality": [quality | {"coverage": 0.77}],
        "has_account_categories": True,
    }
    alerts = {
        "first_on": "2023-01-08", "last_on": "2023-12-31", "weeks": 52, "manager_count": 2, "alerts_per_manager_week": 3,
        "orders_at_least": 5, "mean_gaps": 3.0, "days_at_least": 30,
        "rules": [RULE, RULE | {"rule": "90 days for all", "precision": None, "lead_days": None}],
    }  # fmt: skip
    known = {"outlook": outlook, "payments": CURVE, "alerts": alerts, "made_at": AT}
    return ValuationDetail.objects.create(valuation=made, **known | fields)


def account_detail(row: AccountWorth, **fields: Any) -> AccountDetail:
    """What stands beside the figures of one account."""
    line = [row.name, "5000", "20", "4000", "10"]
    table = {"lines": [line], "rest_count": 2, "rest": ["", "10", "1", "0", "0"]}
    usage = {"products": table, "sites": table, "channels": table, "season": [0.05] * 6 + [0.7 / 6] * 6}
    known = {"usage": usage, "ahead": [SERIES, SERIES | {"name": "Paper"}], "payments": CURVE}
    return AccountDetail.objects.create(
        valuation=row.valuation, account=row.account, ledger_account=row.ledger_account, name=row.name, **known | fields
    )


def valuation(**fields: Any) -> Valuation:
    """A stored valuation without accounts."""
    known = {
        "digest": f"{next(_numbers):064d}",
        "ledger_version": 5,
        "as_of_on": AS_OF,
        "period_start_on": date(2023, 1, 1),
        "currency": "EUR",
        "settings": SETTINGS,
        "code_version": "",
        "account_count": 1,
        "lifetime_model": "MBG/NBD",
        "made_at": AT,
    }
    return Valuation.objects.create(**known | fields)


def worth(made: Valuation, account: Account | None, contribution: float | None = 100, **fields: Any) -> AccountWorth:
    """A stored row of a valuation; sales are ten times what a profitable account leaves."""
    name = account.name if account else fields.get("name", "Nobody's")
    left = None if contribution is None else Decimal(str(contribution))
    known = {
        "ledger_account": f"ledger-{account.pk}" if account else f"nobody-{next(_numbers)}",
        "name": name,
        "net_invoice": Decimal(1000) if left is None else abs(left) * 10,
        "cm1": left,
        "cm3": left,
        "contribution": left,
        "contribution_basis": "cm3" if left is not None else "",
        "lifetime_value": None if left is None else left * 4,
        "levers": [LEVER] if left is not None and left < 0 else [],
        "recent_orders": ["2023-10-01", "2023-11-01", "2023-12-01"],
        "last_order_on": date(2023, 12, 1),
        "expected_on": date(2024, 1, 1),
        "window_from_on": date(2023, 12, 25),
        "window_to_on": date(2024, 1, 8),
        "overdue_on": date(2024, 1, 20),
        "silence_probability": 0.4,
        "gap_count": 2,
        "is_overdue": False,
        "at_stake": Decimal(1000) if left is None else abs(left) * 10,
        "is_thin": True,
        "owed": Decimal(50),
        "owed_not_due": Decimal(50),
    }
    return AccountWorth.objects.create(valuation=made, account=account, **known | fields)


def bridge(made: Valuation, account: Account | None, of: str = "net sales", **parts: int) -> AccountBridge:
    """A stored bridge of whole currency units; what is not given is nothing, and what remains of the change is volume."""
    known = dict.fromkeys(COLUMNS, 0) | {"before": 100, "after": 130} | parts
    known["volume"] = known["after"] - known["before"] - sum(known[name] for name in EFFECTS if name != "volume")
    name = account.name if account else "Nobody's"
    amounts = {part: amount * PLACES for part, amount in known.items()}
    key = f"ledger-{account.pk}" if account else f"nobody-{next(_numbers)}"
    return AccountBridge.objects.create(valuation=made, account=account, ledger_account=key, name=name, of=of, **amounts)


def verdict(actor: User, account: Account, found: Finding = Finding.WATCH, **fields: Any) -> AlertVerdict:
    """The account's open silence, dealt with."""
    return deal_with_alert(actor=actor, account=account, found=Found(found, **fields), today=AS_OF)


def book(actor: User, *, monthly_cost: str = "6000", activity: str = "call") -> RateBook:
    """Rates of one pool and one activity."""
    pool = PoolRate(pool="Team", cost=Decimal(monthly_cost), capacity=Decimal(100), per_months=1, valid_from=date(2022, 1, 1))
    equation = TimeEquation(
        activity=activity,
        pool="Team",
        minutes="30",
        step=Step.SELLING_AND_SERVICE,
        is_per_document=True,
        valid_from=date(2022, 1, 1),
    )
    return keep_book(actor=actor, rates=Rates(None, (pool,), (equation,)), change="First", currency="EUR")


def rebate(
    actor: User, account: Account, *, name: str = "Bonus", tiers: tuple[tuple[str, str], ...] = (("100000", "0.015"),)
) -> RebateSchedule:
    """A schedule of the year before the planted company's last day and the one after."""
    days = date(AS_OF.year, 1, 1), date(AS_OF.year + 1, 12, 31)
    granted = [RebateTier(Decimal(start), Decimal(rate)) for start, rate in tiers]
    return agree_rebate(actor=actor, account=account, terms=RebateTerms(name, *days, True, granted, "EUR"))
