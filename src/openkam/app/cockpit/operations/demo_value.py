"""What serving the sample company's accounts costs and what one was granted, for illustration, and the valuation of all of them."""

from datetime import date, timedelta
from decimal import Decimal

from openkam.analytics.ledger.ledger import Ledger
from openkam.app.people.models import User
from openkam.app.selection.queries.candidates import baseline_candidates
from openkam.app.selection.queries.rounds import rounds
from openkam.app.valuation.models import PoolRate, TimeEquation, ValuationDetail
from openkam.app.valuation.operations.rates import keep_book
from openkam.app.valuation.operations.rebates import RebateTerms, agree_rebate
from openkam.app.valuation.operations.valuations import Asked, conduct_valuation, start_valuation
from openkam.app.valuation.queries.portfolio import valuation_run
from openkam.app.valuation.queries.rates import Rates, latest_book
from openkam.app.valuation.queries.rebates import tiers_from
from openkam.app.valuation.terms import CapacityUnit, Step

BEGAN = date(2013, 1, 1)
RAISED = date(2015, 1, 1)
"""The drivers' wages rose before the year that is valued: a rate that ended, and the one after it.

Within that year the rates are those of the programme, so that a round and a valuation tell the same cost to serve.
"""
SAMPLE_YEAR_STARTS_IN = 11
POOLS = (
    ("Order desk", "30600", "600", BEGAN, None),
    ("Delivery", "299000", "3540", BEGAN, date(2014, 12, 31)),
    ("Delivery", "307980", "3540", RAISED, None),
    ("Account managers", "807000", "10760", BEGAN, None),
    ("Customer service", "45600", "800", BEGAN, None),
)
"""Pool, cost (USD) and practical capacity (hours) of a month, first and last day. Illustrative: nobody measured them."""
ACTIVITIES = (
    ("order", "Order desk", "18", Step.ORDER_AND_LOGISTICS),
    ("delivery", "Delivery", "95", Step.ORDER_AND_LOGISTICS),
    ("small_drop", "Delivery", "80", Step.ORDER_AND_LOGISTICS),
    ("visit", "Account managers", "300", Step.SELLING_AND_SERVICE),
    ("complaint", "Customer service", "210", Step.SELLING_AND_SERVICE),
)
"""Activity of the generated service activities, its pool, minutes of one where they were not measured, step of the ladder."""

REBATE = "Yearly bonus (illustrative)"
TIERS = (("1000000", "0.01"), ("2000000", "0.015"), ("3000000", "0.02"))
"""Turnover (USD) from which on, and the share of all of it that is granted. Illustrative: nobody agreed it."""


def value_demo(head: User, ledger: Ledger, as_of_on: date, currency: str) -> None:
    """Give the demo rates and a rebate, unless it has some, and value its accounts.

    What lies ahead of them is left to a run: the demo's link need not wait for it.
    """
    if latest_book() is None:
        rates = Rates(
            book=None,
            pools=tuple(
                PoolRate(
                    pool=pool,
                    cost=Decimal(cost),
                    capacity=Decimal(hours),
                    capacity_unit=CapacityUnit.HOURS,
                    valid_from=first,
                    valid_until=last,
                )
                for pool, cost, hours, first, last in POOLS
            ),
            equations=tuple(
                TimeEquation(activity=activity, pool=pool, minutes=minutes, step=step, valid_from=BEGAN)
                for activity, pool, minutes, step in ACTIVITIES
            ),
        )
        keep_book(actor=head, rates=rates, change="Illustrative rates", currency=currency, is_illustrative=True)
        _grant_rebate(head, as_of_on, currency)
    asked = Asked(as_of_on=as_of_on, currency=currency)
    made = conduct_valuation(actor=head, run_id=None, asked=asked, tell=lambda _: None, ledger=ledger)
    if not ValuationDetail.objects.filter(valuation=made).exists() and valuation_run(head) is None:
        start_valuation(actor=head, asked=asked)


def _grant_rebate(head: User, as_of_on: date, currency: str) -> None:
    """The best account's bonus for the fiscal year under way, so that there is a meter to look at."""
    latest = rounds(head).first()
    best = baseline_candidates(head, latest).filter(account__isnull=False).select_related("account").first() if latest else None
    if best is None or best.account is None:
        return
    month = SAMPLE_YEAR_STARTS_IN
    first = date(as_of_on.year - (as_of_on.month < month), month, 1)
    tiers = tiers_from((Decimal(start), Decimal(rate)) for start, rate in TIERS)
    last = first.replace(year=first.year + 1) - timedelta(days=1)
    agree_rebate(actor=head, account=best.account, terms=RebateTerms(REBATE, first, last, True, tiers, currency))
