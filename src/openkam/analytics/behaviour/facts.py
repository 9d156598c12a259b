"""The facts of one snapshot, ready to measure: up to the as-of day, in the reporting currency, each customer with its account."""

import calendar
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

import ibis

from openkam.analytics.behaviour.exchange_rates import daily_rates
from openkam.analytics.behaviour.sales import sales_by_customer_day
from openkam.analytics.engine import Engine, Rows
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.resolution.accounts import AccountDirectory, resolve_accounts
from openkam.analytics.terms import OpenKamError, Period

CONVERTED = "decimal(30, 12)"
"""Type of an amount after conversion: twelve places, so that rounding it stays below any figure that is shown."""

EXAMPLE_LOSS_RATES: tuple[tuple[int | None, float], ...] = ((0, 0.003), (30, 0.016), (60, 0.036), (90, 0.066), (None, 0.106))
"""Loss rates by days overdue, to show what a provision matrix looks like: nobody's experience. A firm should give its own."""

EXAMPLE_DISCOUNT_RATE = 0.10
"""Effective rate per year at which a margin that lies ahead is valued where the firm does not give its own."""


class Snapshot(Protocol):
    """One version of the ledger, as far as measuring needs it."""

    def uris(self, table: str, /) -> list[str]:
        """Parquet files that hold the table at this version."""
        ...


@dataclass(frozen=True, slots=True)
class MeasureParameters:
    """What a table of measures is computed for.

    `as_of` is the last day that counts; the period is the `period_months` ending on it. `provision_rates` are pairs of days
    overdue (upper bound, None = no bound, 0 = not yet due) and loss rate, ascending. `service_rates` give for an activity the
    minutes that one takes and the cost of a minute (reporting currency). `discount_rate_per_year` is the effective rate at which
    what lies ahead is valued (0.1 = 10 %). `quantity_band_edges` are the quantities at which a next band begins.
    """

    as_of: date
    reporting_currency: str
    period_months: int = 12
    growth_quarters: int = 8
    provision_rates: tuple[tuple[int | None, float], ...] = EXAMPLE_LOSS_RATES
    service_rates: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    discount_rate_per_year: float = EXAMPLE_DISCOUNT_RATE
    quantity_band_edges: tuple[float, ...] = (3, 10, 30, 100, 300, 1000, 3000, 10000)

    def __post_init__(self) -> None:
        if self.period_months < 1:
            raise OpenKamError(f"period_months is {self.period_months}: give at least 1 month.")
        if not 4 <= self.growth_quarters <= 40:
            raise OpenKamError(f"growth_quarters is {self.growth_quarters}: give 4 to 40 quarters.")
        bounds = [bound for bound, _ in self.provision_rates]
        if not bounds or bounds[-1] is not None or None in bounds[:-1] or not _ascends([b for b in bounds if b is not None]):
            raise OpenKamError("provision_rates need ascending bounds of days overdue, and None as the bound of the last one.")
        if any(not 0 <= rate <= 1 for _, rate in self.provision_rates):
            raise OpenKamError("provision_rates need loss rates between 0 and 1.")
        if any(minutes < 0 or cost < 0 for minutes, cost in self.service_rates.values()):
            raise OpenKamError("service_rates need minutes and costs of 0 or more.")
        if not self.discount_rate_per_year > 0:
            raise OpenKamError(f"discount_rate_per_year is {self.discount_rate_per_year:g}: give a rate above 0 (0.1 = 10 %).")
        if any(edge <= 0 for edge in self.quantity_band_edges) or not _ascends(self.quantity_band_edges):
            raise OpenKamError("quantity_band_edges need ascending quantities above 0.")

    @property
    def period(self) -> Period:
        """The days of the period: after the same day `period_months` ago, up to and with the as-of day."""
        return Period(first_day_of_period(self.as_of, self.period_months), self.as_of)

    @property
    def period_before(self) -> Period:
        """The same days a year before."""
        end_on = months_before(self.as_of, 12)
        return Period(first_day_of_period(end_on, self.period_months), end_on)

    @property
    def period_words(self) -> str:
        """The period as it stands in the meaning of a measure."""
        return f"the {self.period_months} months to {self.as_of}"


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts up to the as-of day. Amounts are decimals in the reporting currency.

    `account_of` maps `source, customer_key` to `account_id`, the position in `directory.names`. `account_days` are
    the sales by customer and day (see `sales_by_customer_day`) with `account_id`, computed once. `unassigned_net_sales` are those
    of the period without a customer (currency), None where the ledger has no transactions. `notes` say what a reader must know.
    """

    engine: Engine
    parameters: MeasureParameters
    transactions: Rows
    products: Rows
    receivables: Rows
    service_activities: Rows
    account_days: Rows
    account_of: Rows
    directory: AccountDirectory
    unassigned_net_sales: float | None
    notes: tuple[str, ...]

    @property
    def has_transactions(self) -> bool:
        """False where the ledger has no transaction up to the as-of day, so that sales are unknown and not zero."""
        return self.unassigned_net_sales is not None

    @property
    def account_count(self) -> int:
        """How many accounts there are."""
        return len(self.directory.names)

    def by_account(self, rows: Rows) -> Rows:
        """Rows with `source, customer_key` joined to their `account_id`; rows without a customer fall out."""
        return rows.inner_join(self.account_of, ["source", "customer_key"])


def months_before(day: date, months: int) -> date:
    """The same day of the month `months` earlier, or the last day of that month where it is shorter."""
    month_number = day.year * 12 + day.month - 1 - months
    year, month = divmod(month_number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_after(day: date, months: int) -> date:
    """The same day of the month `months` later, or the last day of that month where it is shorter."""
    return months_before(day, -months)


def first_day_of_period(as_of: date, period_months: int) -> date:
    """First day of the period of so many months that ends on the as-of day."""
    return months_before(as_of, period_months) + timedelta(days=1)


def load_facts(engine: Engine, tables: Mapping[str, Rows] | Snapshot, parameters: MeasureParameters) -> Facts:
    """Read the tables of a snapshot (or take them as given, a missing one being empty), convert them and resolve the accounts.

    Raises `MissingRateError` where an amount has no exchange rate.
    """
    found = _open_tables(engine, tables)
    as_of = ibis.literal(parameters.as_of)
    midnight = datetime.combine(parameters.as_of + timedelta(days=1), time(), UTC)
    recent: dict[str, Rows] = {
        "transactions": found["transactions"].filter(ibis._.transacted_on <= as_of),
        "receivables": found["receivables"].filter(ibis._.invoiced_on <= as_of),
        "service_activities": found["service_activities"].filter(ibis._.performed_on <= as_of),
        "interactions": found["interactions"].filter(ibis._.occurred_at < ibis.literal(midnight, "timestamp('UTC', 6)")),
        "products": found["products"].mutate(priced_on=as_of),
    }
    converted, currency_notes = _in_reporting_currency(engine, recent, found["exchange_rates"], parameters)
    customer_days: Rows = engine.cache(sales_by_customer_day(converted["transactions"]))
    sales = customer_days.group_by("source", "customer_key").agg(net_sales=customer_days.net.sum())
    directory, name_notes = resolve_accounts(engine, found, recent, engine.to_arrow(sales), parameters.as_of)
    account_of = engine.table(directory.customers)
    days = customer_days.inner_join(account_of, ["source", "customer_key"])
    return Facts(
        engine=engine,
        parameters=parameters,
        transactions=converted["transactions"],
        products=converted["products"],
        receivables=converted["receivables"],
        service_activities=converted["service_activities"],
        account_days=engine.cache(days.select("account_id", "transacted_on", "has_sale", "net")),
        account_of=account_of,
        directory=directory,
        unassigned_net_sales=_unassigned(engine, customer_days, parameters.period.start_on),
        notes=(*currency_notes, *name_notes),
    )


def _unassigned(engine: Engine, customer_days: Rows, start_on: date) -> float | None:
    """Net sales from `start_on` on that carry no customer, None where there is no transaction at all."""
    in_question = customer_days.customer_key.isnull() & (customer_days.transacted_on >= ibis.literal(start_on))
    found = engine.to_arrow(customer_days.agg(rows=customer_days.count(), net=customer_days.net.sum(where=in_question)))
    return float(found["net"][0].as_py() or 0) if found["rows"][0].as_py() else None


def _ascends(values: Sequence[float]) -> bool:
    return all(one < following for one, following in itertools.pairwise(values))


def _open_tables(engine: Engine, tables: Mapping[str, Rows] | Snapshot) -> dict[str, Rows]:
    if isinstance(tables, Mapping):
        return {
            name: tables[name] if name in tables else engine.table(schema.arrow.empty_table()) for name, schema in TABLES.items()
        }
    return {name: engine.read(tables.uris(name), schema.arrow) for name, schema in TABLES.items()}


_AMOUNTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "transactions": ("transacted_on", ("net_amount", "list_amount", "rebate_amount", "cost_amount")),
    "receivables": ("invoiced_on", ("amount", "open_amount")),
    "service_activities": ("performed_on", ("cost_amount",)),
    "products": ("priced_on", ("unit_list_price", "unit_cost")),
}
"""Day at whose rate the amounts of a table are converted, and those amounts."""


def _in_reporting_currency(
    engine: Engine, tables: Mapping[str, Rows], quotes: Rows, parameters: MeasureParameters
) -> tuple[dict[str, Rows], list[str]]:
    first_days: dict[str, date] = {}
    foreign: set[str] = set()
    notes: list[str] = []
    for name, (day, amounts) in _AMOUNTS.items():
        rows = tables[name]
        if not TABLES[name].field("currency").required:
            rows = rows.filter(ibis.or_(*(rows[amount].notnull() for amount in amounts)))
        found = engine.to_arrow(rows.group_by("currency").agg(first=rows[day].min(), rows=rows.count())).sort_by("currency")
        for code, first, count in zip(*(found[column].to_pylist() for column in ("currency", "first", "rows")), strict=True):
            if code is None:
                notes.append(
                    f"{count} rows of {name} give an amount without a currency: taken as {parameters.reporting_currency}."
                )
            else:
                first_days[code] = min(first, first_days.get(code, first))
                if code != parameters.reporting_currency:
                    foreign.add(name)
    if not foreign:
        return dict(tables), notes
    rates = engine.table(daily_rates(engine.to_arrow(quotes), first_days, parameters.reporting_currency, parameters.as_of))
    return {
        name: _converted(table, rates, *_AMOUNTS[name]) if name in foreign else table for name, table in tables.items()
    }, notes


def _converted(table: Rows, rates: Rows, day: str, amounts: Sequence[str]) -> Rows:
    joined = table.left_join(rates, [table.currency == rates.currency, table[day] == rates.rated_day])
    rate = ibis.ifelse(joined.currency.isnull(), ibis.literal(1).cast(rates.rate.type()), joined.rate)
    return joined.mutate(**{amount: (joined[amount] * rate).cast(CONVERTED) for amount in amounts}).select(*table.columns)
