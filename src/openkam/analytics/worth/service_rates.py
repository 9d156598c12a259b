"""Rates of service and what a change of them does: which accounts cross the line between profit and loss."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.engine import open_engine
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.group_facts import group_facts
from openkam.analytics.valuation.margin_ladder import margin_ladder, with_service
from openkam.analytics.valuation.resource_pools import CostModel
from openkam.analytics.valuation.time_driven_costing import PoolUse, TimeDrivenCosts, time_driven_costs
from openkam.analytics.valuation.volume_allocation import changed_signs
from openkam.analytics.worth.ladder_columns import contribution
from openkam.analytics.worth.worth_settings import WorthSettings, measure_parameters

MINUTES_PER_HOUR = 60
SMALLEST_CHANGE = 0.005
"""Half of the smallest unit that amounts are shown in (currency): a contribution that moves by less looks as it did before."""


@dataclass(frozen=True, slots=True)
class ServiceRates:
    """Pools with their rates and activities with their times; `document_activities` are those that every order makes us do once.

    Costs are in `currency`, or where that is empty in whichever is reported in.
    """

    model: CostModel
    document_activities: tuple[str, ...] = ()
    currency: str = ""

    def costs(self, facts: Facts) -> TimeDrivenCosts:
        """What serving every account took. Raises `OpenKamError` where the rates contradict the ledger, or are in another currency."""
        reporting = facts.parameters.reporting_currency
        if self.currency and self.currency != reporting and self.model.rates:
            raise OpenKamError(
                f"The rates of service are in {self.currency}, the valuation in {reporting}: state the rates in {reporting}."
            )
        return time_driven_costs(facts, self.model, document_activities=self.document_activities)


NO_RATES = ServiceRates(CostModel((), ()))


@dataclass(frozen=True, slots=True)
class ChangedSign:
    """An account whose contribution (currency) crosses zero under other rates."""

    account: str
    name: str
    before: float
    after: float

    @property
    def size(self) -> float:
        """How much the contribution changes (currency, above zero)."""
        return abs(self.after - self.before)


@dataclass(frozen=True, slots=True)
class RateChange:
    """What other rates would do: who would `fall` below zero and who would `rise` out of it, the largest change first.

    `changed_count` accounts have another contribution at all. `pools` is what would become of the capacity, `notes` what is wrong.
    """

    fall: tuple[ChangedSign, ...]
    rise: tuple[ChangedSign, ...]
    changed_count: int
    pools: tuple[PoolUse, ...]
    notes: tuple[str, ...]


def minutes_of_hours(hours: Decimal) -> Decimal:
    """Practical capacity counted in hours, in the minutes that rates are made of."""
    return hours * MINUTES_PER_HOUR


def compare_rates(
    ledger: Ledger,
    before: ServiceRates,
    after: ServiceRates,
    settings: WorthSettings,
    *,
    as_of: date,
    currency: str,
    version: int,
) -> RateChange:
    """Contribution of every account under both rates, over the same facts. Raises `OpenKamError` as `ServiceRates.costs` does."""
    with open_engine("duckdb") as engine:
        facts = group_facts(engine, ledger.at(version), measure_parameters(as_of, currency, settings)).facts
        costs = [one.costs(facts) for one in (before, after)]
        ladder = margin_ladder(facts, service=costs[0])
    was, will = (contribution(one)[0] for one in (ladder, with_service(ladder, costs[1])))
    names = facts.directory.attributes["name"].to_pylist()

    def told(place: int) -> ChangedSign:
        key = facts.directory.names[place]
        return ChangedSign(key, names[place] or key, float(was[place]), float(will[place]))

    falls, rises = changed_signs(was, will)
    return RateChange(
        fall=tuple(told(int(place)) for place in falls),
        rise=tuple(told(int(place)) for place in rises),
        changed_count=int((abs(will - was) >= SMALLEST_CHANGE).sum()),
        pools=costs[1].pools,
        notes=costs[1].notes,
    )
