"""What the sample company lacks, generated from a seed: service activities, category volumes, prospects, interactions.

None of it is real. The shapes are chosen so that a review has something to show: about a fifth of the accounts lose money after
cost to serve, a third to a half of a customer's spend is ours, and some contacts answer more than others. All of it is drawn per
customer from the orders the company really had, each table from a stream of its own, so that one can change without the others.
"""

import zlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openkam.analytics.ledger.schema import CUSTOMERS, INTERACTIONS, MARKET_VOLUMES, SERVICE_ACTIVITIES
from openkam.analytics.sample.company_tables import AS_OF, contact_names, sample_tables, shaped
from openkam.analytics.sample.prospects import PROSPECTS

Vector = npt.NDArray[np.float64]

SEED = 2016

MARKET_START_ON = date(2015, 6, 1)
"""Category volumes cover the twelve months that end on the sample's as-of day."""

INTERACTION_MONTHS = 24
"""Interactions cover the last so many months."""

INTENSITY_SIGMA = 0.55
"""Spread of the logarithm of what an independent customer demands beside the average; a group's branch has a third of it."""

SMALL_DROP_AMOUNT = 500
"""An order below this amount (USD) is a small drop: it takes a round of its own."""

_MONTHS = """
    WITH per_order AS (
        SELECT transaction_key, customer_key, transacted_on, count(*) AS lines, sum(net_amount)::DOUBLE AS amount
        FROM transactions GROUP BY ALL)
    SELECT o.customer_key, any_value(c.group_name) IS NOT NULL AS is_branch, date_trunc('month', transacted_on)::DATE AS month,
           count(*)::DOUBLE AS orders, sum(lines)::DOUBLE AS lines, sum((amount < $small)::INTEGER)::DOUBLE AS small_drops,
           max(transacted_on) AS last_on
    FROM per_order AS o JOIN customers AS c USING (customer_key)
    GROUP BY o.customer_key, month ORDER BY o.customer_key::INTEGER, month"""

_SPEND = """
    SELECT c.customer_key, c.name, k.category,
           coalesce(sum(t.net_amount) FILTER (t.transacted_on >= $start), 0)::DOUBLE AS amount
    FROM customers AS c CROSS JOIN (SELECT DISTINCT category FROM products) AS k
    LEFT JOIN (transactions AS t JOIN products AS p USING (product_key))
      ON t.customer_key = c.customer_key AND p.category = k.category
    GROUP BY c.customer_key, c.name, k.category ORDER BY c.customer_key::INTEGER, k.category"""

_CONTACTS = """
    SELECT customer_key, manager, group_name IS NOT NULL AS is_branch, opened_on, first_contact,
           coalesce(other_contact, first_contact) AS other_contact
    FROM customers JOIN contacts USING (customer_key) ORDER BY customer_key::INTEGER"""


def illustrative_tables(seed: int = SEED, real: Mapping[str, pa.Table] | None = None) -> dict[str, pa.Table]:
    """`customers` (prospects), `service_activities`, `market_volumes`, `interactions`, without provenance columns.

    `real` is the result of `sample_tables()`, read again when it is not given. The same seed gives the same rows.
    """
    facts = real if real is not None else sample_tables()
    return {
        "customers": shaped(CUSTOMERS, _prospects()),
        "service_activities": shaped(SERVICE_ACTIVITIES, _service_activities(facts, _stream(seed, "service"))),
        "market_volumes": shaped(MARKET_VOLUMES, _market_volumes(facts, _stream(seed, "market"))),
        "interactions": shaped(INTERACTIONS, _interactions(facts, _stream(seed, "interactions"))),
    }


def _stream(seed: int, table: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(table.encode())])


def _query(facts: Mapping[str, pa.Table], query: str, **parameters: object) -> pa.Table:
    with duckdb.connect() as db:
        for name, table in facts.items():
            db.register(name, table)
        db.execute(f"CREATE TABLE answer AS {query}", parameters)
        return db.table("answer").to_arrow_table()


def _prospects() -> pa.Table:
    columns = ("customer_key", "name", "category", "city", "region", "employees", "annual_sales")
    rows = [dict(zip(columns, prospect, strict=True)) for prospect in PROSPECTS]
    for row in rows:
        row |= {
            "annual_sales": Decimal(row["annual_sales"]),
            "country": "US",
            "currency": "USD",
            "is_prospect": True,
            "opened_on": date(2016, 1, 4),
        }
    return pa.Table.from_pylist(rows)


def _service_activities(facts: Mapping[str, pa.Table], random: np.random.Generator) -> pa.Table:
    """One row per customer, month and kind of activity, with the minutes it took in all.

    Minutes follow time equations (Kaplan & Anderson 2004) whose coefficients are assumed: an order 9 + 3 per line, a delivery 95,
    a small drop 80 more, a visit 300 with the way there, a complaint 210; all times what the customer demands beside the average.
    """
    months = _query(facts, _MONTHS, small=SMALL_DROP_AMOUNT)
    keys, first = np.unique(months["customer_key"].to_numpy(), return_index=True)
    is_branch = months["is_branch"].to_numpy()
    sigma = np.where(is_branch[first], INTENSITY_SIGMA / 3, INTENSITY_SIGMA)
    drawn = dict(zip(keys.tolist(), np.exp(sigma * random.standard_normal(len(keys))), strict=True))
    intensity = np.array([drawn[key] for key in months["customer_key"].to_pylist()])
    share = np.where(is_branch, 0.55, 1.0)
    orders, lines, small = (months[name].to_numpy() for name in ("orders", "lines", "small_drops"))
    visits = random.poisson(np.where(is_branch, 1.3, 3.3) * np.sqrt(intensity)).astype(float)
    complaints = random.poisson(0.06 * orders * intensity).astype(float)
    noise = np.exp(0.12 * random.standard_normal((5, len(orders))))
    kinds: dict[str, tuple[Vector, Vector]] = {
        "order": (orders, (9 * orders + 3 * lines) * share),
        "delivery": (orders, 95 * orders * share),
        "small_drop": (small, 80 * small * share),
        "visit": (visits, 300 * visits),
        "complaint": (complaints, 210 * complaints),
    }
    last_on = months["last_on"].to_pylist()
    customer = months["customer_key"].to_pylist()
    parts = [
        pa.table(
            {
                "customer_key": pa.array(customer),
                "performed_on": pa.array(last_on, pa.date32()),
                "activity": pa.array([kind] * len(customer)),
                "quantity": pa.array(quantity),
                "minutes": pa.array(np.round(minutes * intensity * noise[i], 1)),
            }
        )
        for i, (kind, (quantity, minutes)) in enumerate(kinds.items())
    ]
    return _keyed("activity_key", "s", _positive(pa.concat_tables(parts)))


def _positive(rows: pa.Table) -> pa.Table:
    order = [(column, "ascending") for column in ("performed_on", "customer_key", "activity")]
    return rows.filter(pa.array(rows["quantity"].to_numpy() > 0)).sort_by(order)


def _keyed(column: str, letter: str, rows: pa.Table) -> pa.Table:
    return rows.append_column(column, pa.array([f"{letter}{i:06d}" for i in range(1, rows.num_rows + 1)]))


def _market_volumes(facts: Mapping[str, pa.Table], random: np.random.Generator) -> pa.Table:
    """Spend per customer and category with anybody: ours over a share drawn around the customer's own; prospects by size."""
    ours = _query(facts, _SPEND, start=MARKET_START_ON)
    categories = ours["category"].unique().sort().to_pylist()
    amount = ours["amount"].to_numpy().reshape(-1, len(categories))
    loyalty = random.beta(4.0, 6.5, size=(len(amount), 1))
    share = np.clip(loyalty * np.exp(0.3 * random.standard_normal(amount.shape)), 0.05, 0.95)
    typical = np.median(amount, axis=0)
    bought_elsewhere = typical * random.gamma(1.5, 0.4, size=amount.shape)
    spend = np.where(amount > 0, amount / share, bought_elsewhere)
    size = np.array([[float(prospect[6])] for prospect in PROSPECTS])
    prospect_spend = 0.03 * size * random.dirichlet(4 * typical / typical.mean(), len(PROSPECTS))
    names = ours["name"].to_pylist()[:: len(categories)] + [p[1] for p in PROSPECTS]
    keys = ours["customer_key"].to_pylist()[:: len(categories)] + [p[0] for p in PROSPECTS]
    total = np.vstack([spend, prospect_spend])
    count = total.size
    return pa.table(
        {
            "purchaser_key": pa.array(np.repeat(keys, len(categories)).tolist()),
            "purchaser_name": pa.array(np.repeat(names, len(categories)).tolist()),
            "customer_key": pa.array(np.repeat(keys, len(categories)).tolist()),
            "category": pa.array(categories * len(keys)),
            "period_start_on": pa.array([MARKET_START_ON] * count, pa.date32()),
            "period_end_on": pa.array([AS_OF] * count, pa.date32()),
            "amount": pa.array(np.round(total.ravel(), 2)),
            "currency": pa.array(["USD"] * count),
        }
    )


def _interactions(facts: Mapping[str, pa.Table], random: np.random.Generator) -> pa.Table:
    """Mails, calls, visits and meetings; how often, and how often they answer, is drawn per customer."""
    contacts = _query({"customers": facts["customers"], "contacts": contact_names()}, _CONTACTS)
    count = contacts.num_rows
    first, other = (np.array(contacts[name].to_pylist()) for name in ("first_contact", "other_contact"))
    per_month = random.gamma(2.0, np.where(contacts["is_branch"].to_numpy(), 0.5, 0.9), count)
    answering = random.beta(4.0, 5.0, count)
    number = random.poisson(per_month * INTERACTION_MONTHS)
    who = np.repeat(np.arange(count), number)
    size = len(who)
    kind = random.choice(["mail", "call", "visit", "meeting"], size, p=[0.62, 0.24, 0.09, 0.05])
    together = np.isin(kind, ["visit", "meeting"])
    direction = np.where(together, "both", np.where(random.random(size) < answering[who], "in", "out"))
    end = np.datetime64(AS_OF, "D")
    day = end - random.integers(0, int(INTERACTION_MONTHS * 30.4), size).astype("timedelta64[D]")
    day = np.busday_offset(day, 0, roll="backward").astype("datetime64[us]")
    instant = day + (14 * 60 + random.integers(0, 8 * 60, size)).astype("timedelta64[m]")
    longest = np.select([kind == "meeting", kind == "visit", kind == "call"], [90, 60, 25], 0)
    minutes = np.where(longest > 0, np.ceil(longest * (0.3 + 0.7 * random.random(size))), np.nan)
    rows = pa.table(
        {
            "customer_key": contacts["customer_key"].take(pa.array(who)),
            "occurred_at": pa.array(instant, pa.timestamp("us", tz="UTC")),
            "kind": pa.array(kind.tolist()),
            "direction": pa.array(direction.tolist()),
            "our_person": contacts["manager"].take(pa.array(who)),
            "their_person": pa.array(np.where(random.random(size) < 0.7, first[who], other[who]).tolist()),
            "minutes": pa.array(minutes, from_pandas=True),
        }
    )
    rows = rows.filter(pa.array(day.astype("datetime64[D]") >= contacts["opened_on"].to_numpy()[who].astype("datetime64[D]")))
    order = [(column, "ascending") for column in ("occurred_at", "customer_key", "kind", "direction")]
    return _keyed("interaction_key", "i", rows.sort_by(order))
