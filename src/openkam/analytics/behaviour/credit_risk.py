"""Credit: how late an account pays, what it owes by age, and what of it is likely to be lost.

Days beyond terms are weighted by amount: Σ amount × max(0, days late) / Σ amount, over invoices settled up to the as-of day and
over what is open and overdue then, with the days it has run so far. For the latter that is a lower bound; leaving it out would
make the worst payers look best.
"""

from collections.abc import Sequence
from decimal import Decimal

import ibis
import numpy as np

from openkam.analytics.behaviour.account_columns import Columns, Vector, known_zero, ratio, spread
from openkam.analytics.behaviour.facts import Facts, MeasureParameters
from openkam.analytics.engine import Rows
from openkam.analytics.resolution.accounts import accounts_of_sources
from openkam.analytics.terms import Measure, Unit

AGEING_BOUNDS: tuple[tuple[str, int | None], ...] = (
    ("not_due_amount", 0),
    ("overdue_1_30_amount", 30),
    ("overdue_31_60_amount", 60),
    ("overdue_61_90_amount", 90),
    ("overdue_over_90_amount", None),
)
"""Ageing bucket and the last day overdue that it holds."""

SUMMED = "decimal(38, 12)"


def catalogue(parameters: MeasureParameters) -> tuple[Measure, ...]:
    """What this file measures."""
    family = "credit_risk"
    today = f"on {parameters.as_of}"
    rates = ", ".join(
        f"{'beyond' if bound is None else f'to day {bound}'} {rate:.1%}" for bound, rate in parameters.provision_rates
    )
    words = ("not yet due", "1 to 30 days overdue", "31 to 60 days overdue", "61 to 90 days overdue", "more than 90 days overdue")
    return (
        Measure(
            "days_beyond_terms",
            Unit.DAYS,
            f"Days paid after the due day, weighted by amount, early payment counting 0; over invoices settled up to "
            f"{parameters.as_of} and over what is open and overdue then, with its days so far (a lower bound)",
            family,
        ),
        Measure("late_share", Unit.SHARE, "Part of those amounts that was paid, or is, after the due day", family),
        Measure("open_amount", Unit.CURRENCY, f"Owed {today}, credit notes deducted, at the rate of the invoice's day", family),
        *(
            Measure(name, Unit.CURRENCY, f"Open {today} and {word}", family)
            for (name, _), word in zip(AGEING_BOUNDS, words, strict=True)
        ),
        Measure(
            "days_sales_outstanding",
            Unit.DAYS,
            f"Open amount over what was invoiced in {parameters.period_words}, times the {parameters.period.days} days of it",
            family,
        ),
        Measure(
            "expected_loss",
            Unit.CURRENCY,
            f"Open amounts by days overdue times their loss rate ({rates}); credits count 0",
            family,
        ),
        Measure("expected_loss_rate", Unit.SHARE, f"Expected loss over net sales in {parameters.period_words}", family),
        Measure("receivable_count", Unit.COUNT, f"Invoices and credit notes up to {parameters.as_of}", family),
    )


def credit_risk(facts: Facts, net_sales: Vector) -> Columns:
    """Credit measures of every account. Null where none of the account's sources keeps receivables."""
    rows = facts.engine.to_arrow(_sums(facts))
    sums = spread(rows, facts.account_count)
    sources = facts.engine.to_arrow(facts.receivables.select("source").distinct())["source"].to_pylist()
    is_kept = accounts_of_sources(facts.directory, set(sources))
    buckets = [name for name, _ in AGEING_BOUNDS]
    columns = {name: known_zero(sums[name], is_kept) for name in ("receivable_count", "open_amount", *buckets)}
    columns["days_beyond_terms"] = ratio(sums["weighted_days"], sums["counted"])
    columns["late_share"] = ratio(known_zero(sums["late"], True), sums["counted"])
    columns["days_sales_outstanding"] = ratio(columns["open_amount"] * facts.parameters.period.days, sums["invoiced"])
    loss = np.zeros(facts.account_count)
    for index, (_, rate) in enumerate(facts.parameters.provision_rates):
        loss = loss + rate * np.maximum(known_zero(sums[f"provision_{index}"], is_kept), 0.0)
    columns["expected_loss"] = loss
    columns["expected_loss_rate"] = ratio(loss, net_sales)
    return columns


def _sums(facts: Facts) -> Rows:
    parameters = facts.parameters
    as_of: Rows = ibis.literal(parameters.as_of)
    invoices = facts.by_account(facts.receivables)
    is_settled = invoices.settled_on.notnull() & (invoices.settled_on <= as_of)
    unpaid = ibis.ifelse(invoices.settled_on.isnull(), ibis.coalesce(invoices.open_amount, invoices.amount), invoices.amount)
    nothing = ibis.literal(Decimal(0)).cast(invoices.amount.type())
    paid_by: Rows = ibis.ifelse(is_settled, invoices.settled_on, as_of)
    dated = invoices.mutate(
        is_open=~is_settled,
        open_now=ibis.ifelse(is_settled, nothing, unpaid),
        days_late=paid_by.delta(invoices.due_on, unit="day"),
    )
    weighed = dated.mutate(weight=ibis.ifelse(dated.is_open, dated.open_now, dated.amount))
    days: Rows = ibis.greatest(weighed.days_late, 0)
    counts = (weighed.weight > 0) & (~weighed.is_open | (weighed.days_late > 0))
    late = counts & (weighed.days_late > 0)
    in_period = weighed.invoiced_on >= ibis.literal(parameters.period.start_on)
    provisions = [(f"provision_{index}", bound) for index, (bound, _) in enumerate(parameters.provision_rates)]
    return weighed.group_by("account_id").agg(
        receivable_count=weighed.count(),
        open_amount=weighed.open_now.sum(),
        counted=weighed.weight.sum(where=counts),
        late=weighed.weight.sum(where=late),
        weighted_days=(weighed.weight * days.cast("decimal(7, 0)")).cast(SUMMED).sum(where=counts),
        invoiced=weighed.amount.sum(where=in_period),
        **_by_age(weighed, AGEING_BOUNDS),
        **_by_age(weighed, provisions),
    )


def _by_age(invoices: Rows, bounds: Sequence[tuple[str, int | None]]) -> dict[str, ibis.Value]:
    """Open amount in each bucket of days overdue, from the bound before it (excluded) to its own."""
    sums: dict[str, ibis.Value] = {}
    previous: int | None = None
    for name, bound in bounds:
        within = invoices.is_open
        if previous is not None:
            within = within & (invoices.days_late > previous)
        if bound is not None:
            within = within & (invoices.days_late <= bound)
        sums[name] = invoices.open_now.sum(where=within)
        previous = bound
    return sums
