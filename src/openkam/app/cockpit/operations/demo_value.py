"""What serving the sample company's accounts costs, for illustration, and the valuation that follows from it."""

from datetime import date
from decimal import Decimal

from openkam.analytics.ledger.ledger import Ledger
from openkam.app.people.models import User
from openkam.app.valuation.models import PoolRate, TimeEquation
from openkam.app.valuation.operations.rates import keep_book
from openkam.app.valuation.operations.valuations import Asked, conduct_valuation
from openkam.app.valuation.queries.rates import Rates, latest_book
from openkam.app.valuation.terms import CapacityUnit, Step

BEGAN = date(2013, 1, 1)
RAISED = date(2016, 1, 1)
"""The drivers' wages rose: a rate that ended, and the one after it."""
POOLS = (
    ("Order desk", "30600", "600", BEGAN, None),
    ("Delivery", "299000", "3540", BEGAN, date(2015, 12, 31)),
    ("Delivery", "308000", "3540", RAISED, None),
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


def value_demo(head: User, ledger: Ledger, as_of_on: date, currency: str) -> None:
    """Give the demo rates, unless it has some, and value its accounts."""
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
    conduct_valuation(
        actor=head, run_id=None, asked=Asked(as_of_on=as_of_on, currency=currency), tell=lambda _: None, ledger=ledger
    )
