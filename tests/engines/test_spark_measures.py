import gc
import warnings
from collections.abc import Iterator
from decimal import Decimal

import pytest
from tests.factories.buying_company import AS_OF as BOUGHT_TO
from tests.factories.buying_company import buying_tables
from tests.factories.company import seeded_company
from tests.factories.facts import facts_table, write_snapshot
from tests.factories.measuring import SERVICE_RATES, assert_same, by_account, parameters

from openkam.analytics.engine import Engine, open_engine
from openkam.analytics.review.wanted_measures import measure_accounts
from openkam.analytics.valuation.account_measures import account_measures

SOCKETS = "unclosed .socket"  # PySpark leaves the sockets over which it fetched results to the garbage collector

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings(f"ignore:{SOCKETS}:ResourceWarning")]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine("spark", memory_gib=1, threads=2, temporary_folder=tmp_path_factory.mktemp("spark")) as opened:
        yield opened
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", SOCKETS, ResourceWarning)
        gc.collect()


def test_spark_and_duckdb_give_the_same_measures_of_a_company(spark, tmp_path):
    snapshot = write_snapshot(tmp_path, seeded_company(), files_per_table=3)
    chosen = parameters(service_rates=SERVICE_RATES)
    with open_engine("duckdb", memory_gib=1, threads=2, temporary_folder=tmp_path / "duckdb") as duckdb:
        expected = account_measures(duckdb, snapshot, chosen)
    found = account_measures(spark, snapshot, chosen)
    assert found.table.schema == expected.table.schema
    assert found.notes == expected.notes
    assert found.unassigned_net_sales == pytest.approx(expected.unassigned_net_sales, rel=1e-9)
    spark_rows, duckdb_rows = by_account(found.table), by_account(expected.table)
    assert list(spark_rows) == list(duckdb_rows)
    for account, values in duckdb_rows.items():
        assert_same(spark_rows[account], values, account)


def test_spark_reads_a_table_without_files_as_empty(spark, tmp_path):
    tables = {
        name: table for name, table in seeded_company(customer_count=6).items() if name in {"transactions", "exchange_rates"}
    }
    found = account_measures(spark, write_snapshot(tmp_path, tables), parameters())
    assert found.table.num_rows > 0
    assert found.table["open_amount"].null_count == found.table.num_rows


def test_spark_and_duckdb_give_the_same_modelled_measures(spark, tmp_path):
    tables = {name: facts_table(name, *table.to_pylist()) for name, table in buying_tables().items()}
    snapshot = write_snapshot(tmp_path, tables, files_per_table=3)
    with open_engine("duckdb", memory_gib=1, threads=2, temporary_folder=tmp_path / "duckdb") as duckdb:
        expected = measure_accounts(duckdb, snapshot, parameters(as_of=BOUGHT_TO), None)
    found = measure_accounts(spark, snapshot, parameters(as_of=BOUGHT_TO), None)
    assert found.table.schema == expected.table.schema
    assert found.notes == expected.notes
    spark_rows = by_account(found.table)
    for account, values in by_account(expected.table).items():
        assert_same(spark_rows[account], values, account, tolerance=1e-6)


def test_spark_takes_a_firm_whose_units_sell_to_each_other_as_one(spark, tmp_path):
    """A plant sells 10 units at 100 that cost it 40 to the shop, which sells them on at 150: the firm earned 110, not 50."""
    sale = {"product_key": "p", "quantity": Decimal(10)}
    tables = {
        "customers": facts_table(
            "customers",
            {"source": "plant", "customer_key": "S", "name": "Our shop", "own_unit": "shop"},
            {"source": "shop", "customer_key": "c", "name": "Client"},
        ),
        "transactions": facts_table(
            "transactions",
            {**sale, "source": "plant", "customer_key": "S", "net_amount": Decimal(100), "cost_amount": Decimal(40)},
            {**sale, "source": "shop", "customer_key": "c", "net_amount": Decimal(150), "cost_amount": Decimal(100)},
        ),
    }
    found = account_measures(spark, write_snapshot(tmp_path, tables), parameters())
    with open_engine("duckdb", memory_gib=1, threads=2, temporary_folder=tmp_path / "duckdb") as duckdb:
        expected = account_measures(duckdb, write_snapshot(tmp_path, tables), parameters())
    assert found.notes == expected.notes
    assert "Transfer prices are eliminated: 1 customer is a unit of ours" in found.notes[0]
    rows = {engine: by_account(one.table) for engine, one in (("spark", found), ("duckdb", expected))}
    assert [len(one) for one in rows.values()] == [1, 1]
    (account,) = rows["duckdb"]
    assert rows["spark"][account]["gross_contribution"] == rows["duckdb"][account]["gross_contribution"] == 110
    assert_same(rows["spark"][account], rows["duckdb"][account], account)
