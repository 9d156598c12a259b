"""The valuation of a ledger, step by step: facts → service → ladder → rhythm → lifetime value → credit → change → levers."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Columns, Vector
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.orders import day_number, order_days, read_history
from openkam.analytics.behaviour.usage_patterns import usage_sentences
from openkam.analytics.engine import Engine, open_engine
from openkam.analytics.forecast.order_alerts import read_day_sales
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.ledger.versions import Snapshot
from openkam.analytics.review.facts_used import facts_used, illustrative_facts, reporting_currency, transaction_days
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.group_facts import group_facts
from openkam.analytics.valuation.margin_ladder import MarginLadder, margin_ladder
from openkam.analytics.valuation.time_driven_costing import TimeDrivenCosts
from openkam.analytics.valuation.whale_band import WhaleBand
from openkam.analytics.worth import ladder_columns as of_ladder
from openkam.analytics.worth.account_worth import LADDER, NotComputed, Worths
from openkam.analytics.worth.alert_watch import money_at_stake
from openkam.analytics.worth.bridge_columns import year_bridges
from openkam.analytics.worth.credit_columns import CreditColumns, credit_columns, late_currency_days
from openkam.analytics.worth.customer_mix import CustomerMix, customer_mix
from openkam.analytics.worth.ladder_stairs import LABELS
from openkam.analytics.worth.lever_columns import lever_columns, orders_of_period
from openkam.analytics.worth.lifetime_columns import LifetimeColumns, lifetime_columns
from openkam.analytics.worth.portfolio_worth import PortfolioColumns, PortfolioWorth, portfolio_worth
from openkam.analytics.worth.rebate_sales import RebateWindow, rebate_sales
from openkam.analytics.worth.rhythm_columns import rhythm_columns
from openkam.analytics.worth.service_rates import NO_RATES, ServiceRates
from openkam.analytics.worth.volume_columns import volume_columns
from openkam.analytics.worth.whale_bands import band_of_contribution
from openkam.analytics.worth.worth_settings import WorthSettings, measure_parameters

Progress = Callable[[str], None]
"""Called with the step that begins, in words; raises to end the work."""

WHOLE = ("sales_rank", "margin_rank")


def value_accounts(
    ledger: Ledger,
    rates: ServiceRates,
    settings: WorthSettings,
    *,
    today: date,
    as_of: date | None = None,
    currency: str | None = None,
    version: int | None = None,
    rebates: Sequence[RebateWindow] = (),
    progress: Progress = lambda _: None,
) -> Worths:
    """Value every account of a ledger version on a day.

    `as_of` is the last day whose facts count: without one the last transaction day that is not after `today`. `currency` is the one to
    report in, needed where transactions are in several. `rebates` are the schedules whose net sales so far are wanted. A part whose
    model the data cannot tell is left out with its reason, and the rest is computed. Raises `OpenKamError` where there is no
    transaction up to the day, where an amount or a credit limit has no exchange rate, and where units of ours sell in a circle.
    """
    snapshot = ledger.at(version)
    with open_engine("duckdb") as engine:
        day, later = valuation_day(engine, snapshot, as_of, today)
        progress("Counting facts")
        used = facts_used(engine, snapshot, day)
        reporting = reporting_currency(used, currency)
        progress("Reading facts")
        firm = group_facts(engine, snapshot, measure_parameters(day, reporting, settings))
        facts = firm.facts
        progress("Costing service")
        service, refused = service_costs(facts, rates)
        progress("Building the margin ladder")
        ladder = margin_ladder(facts, service=service, capital_rate_per_year=settings.annual_capital_rate)
        left, basis = of_ladder.contribution(ladder)
        progress("Reading the rhythm of orders")
        orders = order_days(read_history(facts), facts.account_count)
        rhythm, at_stake = rhythm_columns(orders, day), money_at_stake(read_day_sales(facts), day)
        progress("Fitting purchase models")
        lifetime = lifetime_columns(facts, of_ladder.margin_ratio(ladder, left), settings)
        progress("Looking at what is owed")
        credit = credit_columns(facts, ladder.rungs["net_invoice"], *_credit_tables(engine, snapshot), settings)
        progress("Comparing with a year ago")
        accounts = facts.directory.attributes["account"].to_pylist()
        told = usage_sentences(facts, accounts)
        bridges = year_bridges(facts)
        progress("Looking at the whole")
        band, mix, untold = _whole(facts, service, left, settings)
        rebate_net = rebate_sales(facts, rebates)
    by_volume, no_volume = _by_volume(service, left, ladder.rungs["net_invoice"])
    progress("Finding levers")
    late = late_currency_days(credit.payments, day_number(facts.parameters.period.start_on))
    bought = orders_of_period(facts, orders)
    levers = lever_columns(ladder, service, contribution=left, orders=bought, late_currency_days=late, settings=settings)
    columns = {
        **of_ladder.ladder_amounts(ladder),
        "contribution": left,
        **of_ladder.service_columns(service),
        **of_ladder.ranks(ladder.rungs["net_invoice"], left),
        **lifetime.columns,
        **credit.columns,
        **by_volume,
        "at_stake": at_stake,
    }
    arrays = {
        **_attributes(facts),
        **{name: _array(name, values) for name, values in columns.items()},
        "step_sources": of_ladder.step_sources(ladder),
        "contribution_basis": basis,
        "lifetime_reason": lifetime.reason,
        "change_told": pa.array([told[account] for account in accounts], pa.string()),
        **rhythm,
        "levers": levers,
    }
    return Worths(
        as_of=day,
        period=facts.parameters.period,
        currency=reporting,
        ledger_version=snapshot.version,
        accounts=pa.table(arrays),
        sources=of_ladder.source_texts(ladder),
        lifetime_model=lifetime.model,
        lifetime_why=lifetime.why,
        lifetime_considered=lifetime.considered,
        holdouts=(*lifetime.holdouts, *credit.holdouts),
        medians=of_ladder.medians(ladder, facts.directory.attributes["category"].to_pylist()),
        pools=service.pools,
        beneath=ladder.beneath,
        not_computed=(*refused, *_not_computed(ladder, columns, lifetime, credit), *untold, *no_volume),
        illustrative=illustrative_facts(used),
        notes=(*later, *facts.notes, *firm.notes, *service.notes, *lifetime.notes),
        before=facts.parameters.period_before,
        portfolio=_portfolio(arrays),
        band=band,
        mix=mix,
        bridges=bridges,
        own_units=firm.units,
        internal_sales=firm.internal_sales,
        rebate_sales=rebate_net,
    )


def _whole(
    facts: Facts, service: TimeDrivenCosts, left: Vector, settings: WorthSettings
) -> tuple[WhaleBand | None, CustomerMix | None, list[NotComputed]]:
    """The band of the whale curve and the mix of segments, and what of them cannot be told."""
    band, mix, untold = None, None, list[NotComputed]()
    try:
        band = band_of_contribution(facts, service, left, settings)
    except OpenKamError as error:
        untold.append(NotComputed("band of the whale curve", str(error)))
    try:
        mix = customer_mix(facts, settings.largest_mix_shift)
    except OpenKamError as error:
        untold.append(NotComputed("risk and return of the mix", str(error)))
    return band, mix, untold


def _by_volume(service: TimeDrivenCosts, left: Vector, net_sales: Vector) -> tuple[Columns, list[NotComputed]]:
    """What accounts would leave were capacity spread by sales, and why nobody can tell."""
    try:
        return volume_columns(service, left, net_sales), []
    except OpenKamError as error:
        return {}, [NotComputed("cost to serve by volume", str(error))]


def _portfolio(arrays: Mapping[str, pa.Array]) -> PortfolioWorth:
    """All accounts together; the ranks stand with the accounts."""
    names = ("net_invoice", "contribution", "capacity_cost", "lifetime_value", "is_overdue", "group_name")
    sales, left, capacity, ahead, late, groups = (arrays[name].to_pylist() for name in names)
    accounts = PortfolioColumns(sales, left, capacity, ahead, [bool(one) for one in late], [group or "" for group in groups])
    return portfolio_worth(accounts, cut=0)


def day_to_value(ledger: Ledger, version: int, as_of: date | None, today: date) -> date:
    """The day on which a valuation would stand. Raises `OpenKamError` where no transaction lies before it."""
    with open_engine("duckdb") as engine:
        return valuation_day(engine, ledger.at(version), as_of, today)[0]


def valuation_day(engine: Engine, snapshot: Snapshot, as_of: date | None, today: date) -> tuple[date, tuple[str, ...]]:
    """The day of the valuation, and a note where transactions lie after it. Raises `OpenKamError` where none lies before."""
    days = transaction_days(engine, snapshot)
    day = as_of or min(days.end_on, today)
    if day < days.start_on:
        raise OpenKamError(
            f"There is no transaction up to {day}: the ledger's first is of {days.start_on}, its last of {days.end_on}. Give a later "
            "day, or correct the dates of the import."
        )
    if days.end_on <= day:
        return day, ()
    return day, (f"The ledger holds transactions up to {days.end_on}: those after {day} do not count.",)


def service_costs(facts: Facts, rates: ServiceRates) -> tuple[TimeDrivenCosts, tuple[NotComputed, ...]]:
    """What serving every account took; where the rates contradict the ledger, without them, and why."""
    try:
        return rates.costs(facts), ()
    except OpenKamError as error:
        return NO_RATES.costs(facts), (NotComputed("rates of service", str(error)),)


def _credit_tables(engine: Engine, snapshot: Snapshot) -> tuple[pa.Table, pa.Table]:
    customers, quotes = (
        engine.to_arrow(engine.read(snapshot.uris(name), TABLES[name].arrow)) for name in ("customers", "exchange_rates")
    )
    return customers, quotes


def _attributes(facts: Facts) -> dict[str, pa.Array]:
    table = facts.directory.attributes
    names = {"account": "account", "name": "name", "segment": "category", "group_name": "group_name"}
    return {ours: table[theirs] for ours, theirs in names.items()}


def _array(name: str, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> pa.Array:
    missing = ~np.isfinite(values)
    if name in WHOLE:
        return pa.array(np.where(missing, 0, values).astype(np.int64), mask=missing)
    return pa.array(values, mask=missing)


def _not_computed(ladder: MarginLadder, columns: Columns, lifetime: LifetimeColumns, credit: CreditColumns) -> list[NotComputed]:
    """What nobody has a figure for, with the reason."""
    found: list[NotComputed] = []
    if np.isnan(columns["cm1"]).all():
        found.append(NotComputed("margins", "No cost of goods is known: import costs, or a product's unit cost."))
    if np.isnan(columns["cost_to_serve"]).all():
        found.append(
            NotComputed(
                "cost to serve", "No service has a cost: import service activities, and give their pools rates and times."
            )
        )
    if lifetime.failure:
        found.append(NotComputed("lifetime value", lifetime.failure))
    if np.isnan(columns["owed"]).all():
        found.append(NotComputed("what is owed", "The ledger holds no receivables: import open and paid invoices."))
    elif credit.failure:
        found.append(NotComputed("probability of serious lateness", credit.failure))
    if credit.holdout_failure:
        found.append(NotComputed("hold-out of late payments", credit.holdout_failure))
    unknown = [LABELS[name].lower() for name in LADDER if name in ladder.steps and np.isnan(columns[name]).all()]
    if unknown:
        found.append(
            NotComputed(
                "steps of the ladder",
                f"No import holds any of: {', '.join(unknown)}. The ladder leaves these steps out: margins are the most that they can be.",
            )
        )
    return found
