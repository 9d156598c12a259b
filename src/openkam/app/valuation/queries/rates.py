"""The books of rates: the one in force, its entries, and the engine's model of it."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied

from openkam.analytics.valuation import resource_pools as engine
from openkam.analytics.worth.service_rates import ServiceRates, minutes_of_hours
from openkam.app.people.models import User
from openkam.app.valuation.models import PoolRate, RateBook, TimeEquation
from openkam.app.valuation.permissions import may_read_rates
from openkam.app.valuation.terms import CapacityUnit


@dataclass(frozen=True, slots=True)
class Rates:
    """The entries of a book; `book` is None while nobody has given any."""

    book: RateBook | None
    pools: tuple[PoolRate, ...]
    equations: tuple[TimeEquation, ...]

    def pools_on(self, day: date) -> list[str]:
        """Names of the pools with a rate on a day."""
        return sorted({one.pool for one in self.pools if one.holds_on(day)})


def latest_book() -> RateBook | None:
    """The book in force."""
    return RateBook.objects.select_related("made_by").first()


def rates_of(book: RateBook | None) -> Rates:
    """A book with its entries, in two queries."""
    if book is None:
        return Rates(None, (), ())
    return Rates(book, tuple(book.pools.all()), tuple(book.equations.all()))


def rates_page(user: User) -> Rates:
    """The book in force, for who may read rates; raises `PermissionDenied` for others."""
    if not may_read_rates(user):
        raise PermissionDenied("Your role does not let you read what service costs. Ask an administrator.")
    return rates_of(latest_book())


def service_rates(rates: Rates) -> ServiceRates:
    """The engine's model of the entries. Raises `OpenKamError` where they contradict each other."""
    model = engine.CostModel(
        rates=tuple(_pool(one) for one in rates.pools),
        equations=tuple(
            engine.TimeEquation(
                one.activity, one.pool, one.minutes, one.valid_from, one.valid_until, engine.ServiceStep(one.step)
            )
            for one in rates.equations
        ),
    )
    derived = sorted({one.activity for one in rates.equations if one.is_per_document})
    return ServiceRates(model, tuple(derived), rates.book.currency if rates.book else "")


def _pool(one: PoolRate) -> engine.PoolRate:
    minutes = minutes_of_hours(one.capacity) if one.capacity_unit == CapacityUnit.HOURS else one.capacity
    return engine.PoolRate(one.pool, one.valid_from, one.cost, minutes, one.per_months, one.valid_until)
