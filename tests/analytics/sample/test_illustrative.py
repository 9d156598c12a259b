from collections.abc import Callable

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.sample.company_tables import AS_OF, sample_tables
from openkam.analytics.sample.illustrative import MARKET_START_ON, SMALL_DROP_AMOUNT, illustrative_tables


@pytest.fixture(scope="module")
def real() -> dict[str, pa.Table]:
    return sample_tables()


@pytest.fixture(scope="module")
def generated(real: dict[str, pa.Table]) -> dict[str, pa.Table]:
    return illustrative_tables(real=real)


@pytest.fixture(scope="module")
def ask(real: dict[str, pa.Table], generated: dict[str, pa.Table]) -> Callable[[str], tuple[object, ...]]:
    def answer(query: str) -> tuple[object, ...]:
        with duckdb.connect() as db:
            for name, table in {**real, **{f"made_{n}": t for n, t in generated.items()}}.items():
                db.register(name, table)
            return db.execute(query).fetchall()[0]

    return answer


def test_the_same_seed_gives_the_same_rows(generated: dict[str, pa.Table]):
    again = illustrative_tables()
    assert all(again[name].equals(table) for name, table in generated.items())


def test_another_seed_gives_other_rows(real: dict[str, pa.Table], generated: dict[str, pa.Table]):
    other = illustrative_tables(seed=1, real=real)
    assert [name for name, table in other.items() if table.equals(generated[name])] == ["customers"]


def test_keys_are_unique_and_required_facts_present(generated: dict[str, pa.Table]):
    for name, table in generated.items():
        for required in TABLES[name].required:
            assert table[required].null_count == 0
        rows = list(zip(*(table[key].to_pylist() for key in TABLES[name].key), strict=True))
        assert len(set(rows)) == len(rows)


def test_every_row_is_about_a_customer_or_an_invented_prospect(ask: Callable[[str], tuple[object, ...]]):
    for table in ("service_activities", "market_volumes", "interactions"):
        assert ask(
            f"""SELECT count(*) FROM made_{table} WHERE customer_key NOT IN
                (SELECT customer_key FROM customers UNION ALL SELECT customer_key FROM made_customers)"""
        ) == (0,)


def test_prospects_are_marked_and_share_no_key_with_customers(ask: Callable[[str], tuple[object, ...]]):
    assert ask("SELECT count(*), bool_and(is_prospect) FROM made_customers") == (24, True)
    assert ask("SELECT count(*) FROM made_customers JOIN customers USING (customer_key)") == (0,)
    regions = ask("SELECT list(DISTINCT region ORDER BY region) FROM made_customers")
    assert regions == ask("SELECT list(DISTINCT region ORDER BY region) FROM customers")


def test_orders_and_small_drops_are_counted_from_the_real_orders(ask: Callable[[str], tuple[object, ...]]):
    orders, small = ask(
        f"""SELECT count(*), count(*) FILTER (amount < {SMALL_DROP_AMOUNT})
            FROM (SELECT sum(net_amount) AS amount FROM transactions GROUP BY transaction_key)"""
    )
    found = ask(
        """SELECT sum(quantity) FILTER (activity = 'order'), sum(quantity) FILTER (activity = 'delivery'),
                  sum(quantity) FILTER (activity = 'small_drop') FROM made_service_activities"""
    )
    assert found == (orders, orders, small)


def test_activities_take_time_and_lie_on_days_of_the_ledger(ask: Callable[[str], tuple[object, ...]]):
    least, quantity, last = ask("SELECT min(minutes), min(quantity), max(performed_on) FROM made_service_activities")
    assert least > 0
    assert quantity > 0
    assert last == AS_OF


def test_the_market_is_never_smaller_than_what_we_sell_into_it(ask: Callable[[str], tuple[object, ...]]):
    assert ask(
        f"""WITH ours AS (SELECT customer_key, category, sum(net_amount) AS amount
                          FROM transactions JOIN products USING (product_key)
                          WHERE transacted_on BETWEEN DATE '{MARKET_START_ON}' AND DATE '{AS_OF}' GROUP BY ALL)
            SELECT count(*) FILTER (m.amount < o.amount), min(o.amount / m.amount) > 0.03, max(o.amount / m.amount) < 0.96
            FROM made_market_volumes AS m JOIN ours AS o USING (customer_key, category)"""
    ) == (0, True, True)


def test_share_of_wallet_is_about_two_fifths(ask: Callable[[str], tuple[object, ...]]):
    ours, market = ask(
        f"""SELECT (SELECT sum(net_amount) FROM transactions
                    WHERE transacted_on BETWEEN DATE '{MARKET_START_ON}' AND DATE '{AS_OF}'),
                   (SELECT sum(amount) FROM made_market_volumes JOIN customers USING (customer_key))"""
    )
    assert 0.25 < ours / market < 0.45


def test_meetings_and_visits_are_held_together(ask: Callable[[str], tuple[object, ...]]):
    assert ask(
        """SELECT count(*) FILTER ((direction = 'both') <> (kind IN ('visit', 'meeting'))),
                  count(*) FILTER (kind = 'mail' AND minutes IS NOT NULL), count(*) FILTER (kind <> 'mail' AND minutes IS NULL),
                  count(*) FILTER (their_person IS NULL OR our_person IS NULL)
           FROM made_interactions"""
    ) == (0, 0, 0, 0)


def test_interactions_are_on_working_days_within_the_ledger(ask: Callable[[str], tuple[object, ...]]):
    first, last, weekend, too_early = ask(
        """SELECT min(occurred_at)::DATE, max(occurred_at)::DATE, count(*) FILTER (isodow(occurred_at) > 5),
                  count(*) FILTER (occurred_at::DATE < opened_on)
           FROM made_interactions JOIN customers USING (customer_key)"""
    )
    assert (weekend, too_early) == (0, 0)
    assert str(first) > "2014-05-25"
    assert last <= AS_OF


def test_mails_are_answered_to_different_degrees(ask: Callable[[str], tuple[object, ...]]):
    (shares,) = ask(
        """SELECT list(share) FROM (
             SELECT avg((direction = 'in')::INTEGER) AS share FROM made_interactions
             WHERE direction <> 'both' GROUP BY customer_key HAVING count(*) > 20)"""
    )
    assert 0.3 < float(np.mean(shares)) < 0.6
    assert float(np.std(shares)) > 0.1
