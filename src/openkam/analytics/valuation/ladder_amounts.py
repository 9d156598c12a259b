"""The amount and the source of every step of the margin ladder, per account."""

from dataclasses import dataclass

import ibis
import numpy as np
import numpy.typing as npt

from openkam.analytics.behaviour.account_columns import Columns, Vector, known_zero, spread
from openkam.analytics.behaviour.credit_risk import credit_risk
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.product_sales import line_totals, period_lines
from openkam.analytics.engine import Rows
from openkam.analytics.ledger.schema import LineType
from openkam.analytics.resolution.accounts import accounts_of_sources
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.resource_pools import ServiceStep
from openkam.analytics.valuation.time_driven_costing import TimeDrivenCosts

NOT_KNOWN = "not known"
NOTHING_BOUGHT = "transactions: none in the period"
CHARGES = (str(LineType.FREIGHT), str(LineType.FEE))
BESIDE = tuple(str(kind) for kind in (LineType.WRITE_OFF, LineType.BAD_DEBT, LineType.ADJUSTMENT, LineType.NON_PRODUCT))
DAYS_PER_YEAR = 365
SUMMED = "decimal(38, 12)"


@dataclass(frozen=True, slots=True)
class StepAmount:
    """Amount of one step per account (currency, NaN = not known), and where it comes from: `sources[chosen[account]]`."""

    amount: Vector
    sources: tuple[str, ...]
    chosen: npt.NDArray[np.int64]

    def source(self, account_id: int) -> str:
        """Tables and columns of the amount of an account, or `NOT_KNOWN`."""
        return self.sources[int(self.chosen[account_id])]


def step_amounts(
    facts: Facts, service: TimeDrivenCosts | None, capital_rate_per_year: float | None
) -> tuple[dict[str, StepAmount], Columns]:
    """Every step by name, `net_invoice` among them, and what stands beside the ladder by line type."""
    rows, _ = period_lines(facts)
    totals = line_totals(facts, rows)
    others = _other_lines(facts)
    bought_nothing = np.isnan(totals["weight"]) & facts.has_transactions
    steps = _sales_steps(totals, bought_nothing) | _charge_steps(others, facts, bought_nothing)
    steps |= service_steps(service, facts.account_count)
    steps["capital_charge"] = _capital_charge(facts, capital_rate_per_year)
    steps["expected_loss"] = _one_source(
        credit_risk(facts, totals["net"])["expected_loss"], "receivables.open_amount by days overdue × loss rates"
    )
    return steps, {kind: others[kind] for kind in BESIDE}


def service_steps(service: TimeDrivenCosts | None, account_count: int) -> dict[str, StepAmount]:
    """The steps that cost to serve stands on, not known without it."""
    steps: dict[str, StepAmount] = {}
    for step in ServiceStep:
        cost = np.full(account_count, np.nan) if service is None else service.cost(step)
        source = f"service_activities, transactions; time equations and rates of {step}"
        steps[step.replace(" ", "_")] = _one_source(cost, source)
    return steps


def _one_source(amount: Vector, source: str) -> StepAmount:
    return StepAmount(amount, (NOT_KNOWN, source), np.where(np.isnan(amount), 0, 1))


def _sales_steps(totals: Columns, bought_nothing: npt.NDArray[np.bool_]) -> dict[str, StepAmount]:
    """From the lines of sale, return and cancellation. Who bought nothing has 0 wherever anybody's amount is known."""

    def step(amount: Vector, *sources: str, chosen: npt.NDArray[np.int64] | None = None) -> StepAmount:
        index = np.where(np.isnan(amount), 0, 1) if chosen is None else np.where(np.isnan(amount), 0, chosen)
        is_idle = bought_nothing & bool((~np.isnan(amount)).any())
        texts = (NOT_KNOWN, *sources, NOTHING_BOUGHT)
        return StepAmount(known_zero(amount, is_idle), texts, np.where(is_idle, len(texts) - 1, index))

    def own_or_standard(own: str, standard: str) -> npt.NDArray[np.int64]:
        """1 = the lines' own amounts, 2 = the product's, 3 = both."""
        return (~np.isnan(totals[own])).astype(np.int64) + 2 * (~np.isnan(totals[standard])).astype(np.int64)

    list_sources = ("transactions.list_amount", "transactions.quantity × products.unit_list_price")
    cost_sources = ("transactions.cost_amount", "transactions.quantity × products.unit_cost")
    by_list, by_cost = own_or_standard("own_list", "standard_list"), own_or_standard("own_cost", "standard_cost")
    net, gross, cost = totals["net"], totals["list_value"], totals["cost"]
    knows_list, knows_cost = ~np.isnan(gross), ~np.isnan(cost)
    pocket = net - known_zero(totals["rebate"], True)
    costed_pocket = totals["cost_net"] - known_zero(totals["cost_rebate"], True)
    both = [(*sources, " and ".join(sources)) for sources in (list_sources, cost_sources)]
    return {
        "gross_sales": step(gross, *both[0], chosen=by_list),
        "invoice_reductions": step(gross - totals["list_net"], *(f"{text} − net_amount" for text in both[0]), chosen=by_list),
        "unlisted_sales": step(
            np.where(knows_list, net - totals["list_net"], np.nan), "transactions.net_amount without a list price"
        ),
        "net_invoice": step(net, "transactions.net_amount"),
        "off_invoice": step(totals["rebate"], "transactions.rebate_amount"),
        "uncosted_sales": step(
            np.where(knows_cost, pocket - costed_pocket, np.nan), "transactions.net_amount − rebate_amount without a known cost"
        ),
        "cost_of_goods": step(cost, *both[1], chosen=by_cost),
    }


def _other_lines(facts: Facts) -> Columns:
    """Amounts per account of the lines that are not net sales: `charges, freight_cost` and one column per kind of `BESIDE`."""
    start_on = ibis.literal(facts.parameters.period.start_on)
    lines = facts.transactions.filter(
        facts.transactions.transacted_on >= start_on, facts.transactions.line_type.isin((*CHARGES, *BESIDE))
    )
    rows = facts.by_account(lines)
    is_charge = rows.line_type.isin(CHARGES)
    sums = rows.group_by("account_id").agg(
        charges=rows.net_amount.sum(where=is_charge),
        freight_cost=rows.cost_amount.sum(where=is_charge),
        **{kind: rows.net_amount.sum(where=rows.line_type == kind) for kind in BESIDE},
    )
    return spread(facts.engine.to_arrow(sums), facts.account_count)


def _charge_steps(others: Columns, facts: Facts, bought_nothing: npt.NDArray[np.bool_]) -> dict[str, StepAmount]:
    """Freight and fees on the invoice, and what they cost. Zero for accounts of a source that has such lines of others."""
    lines = facts.transactions.filter(facts.transactions.line_type.isin(CHARGES))
    sources = facts.engine.to_arrow(lines.group_by("source").agg(has_cost=lines.cost_amount.notnull().any()))
    charging, costing = set(sources["source"].to_pylist()), {row["source"] for row in sources.to_pylist() if row["has_cost"]}
    found: dict[str, StepAmount] = {}
    for name, recorders in (("charges", charging), ("freight_cost", costing)):
        amount = known_zero(others[name], accounts_of_sources(facts.directory, recorders))
        column = "net_amount" if name == "charges" else "cost_amount"
        found[name] = _one_source(amount, f"transactions.{column} of freight and fee lines")
    return found


def _capital_charge(facts: Facts, rate_per_year: float | None) -> StepAmount:
    """Σ owed · days owed in the period / 365 · rate. An open invoice counts with what is still open of it, a lower bound."""
    if rate_per_year is None:
        return _one_source(np.full(facts.account_count, np.nan), "")
    if not 0 <= rate_per_year <= 1:
        raise OpenKamError(f"The capital rate is {rate_per_year:g} a year: give a share between 0 and 1, for instance 0.08.")
    invoices = facts.by_account(facts.receivables)
    as_of, start_on = ibis.literal(facts.parameters.as_of), ibis.literal(facts.parameters.period.start_on)
    is_settled = invoices.settled_on.notnull() & (invoices.settled_on <= as_of)
    until: Rows = ibis.ifelse(is_settled, invoices.settled_on, as_of)
    owed: Rows = ibis.ifelse(invoices.settled_on.isnull(), ibis.coalesce(invoices.open_amount, invoices.amount), invoices.amount)
    days: Rows = ibis.greatest(until.delta(ibis.greatest(invoices.invoiced_on, start_on), unit="day"), 0)
    dated = invoices.mutate(currency_days=(owed * days.cast("decimal(7, 0)")).cast(SUMMED))
    sums = spread(
        facts.engine.to_arrow(dated.group_by("account_id").agg(currency_days=dated.currency_days.sum())), facts.account_count
    )
    keepers = set(facts.engine.to_arrow(facts.receivables.select("source").distinct())["source"].to_pylist())
    currency_days = known_zero(sums["currency_days"], accounts_of_sources(facts.directory, keepers))
    source = f"receivables.amount, open_amount × days owed / {DAYS_PER_YEAR} × {rate_per_year:.4g} a year"
    return _one_source(currency_days / DAYS_PER_YEAR * rate_per_year, source)
