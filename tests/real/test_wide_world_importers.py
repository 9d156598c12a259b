"""Wide World Importers exported as flat files, as the how-to page says, and imported again."""

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest
from tests.factories.real_import import MAPPINGS, file_rows, import_by, ledger_rows

from openkam.analytics.behaviour.facts import MeasureParameters
from openkam.analytics.engine import open_engine
from openkam.analytics.ledger.append import SameFileError
from openkam.analytics.ledger.import_result import ImportResult
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.sample.company_tables import DATA
from openkam.analytics.valuation.account_measures import account_measures
from openkam.analytics.valuation.whale_curve import whale_curve

TABLES = ("customers", "transactions", "receivables")


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    script = (MAPPINGS / "wide-world-importers.sql").read_text(encoding="utf-8")
    with duckdb.connect() as db:
        db.execute(script.replace("src/openkam/analytics/sample/data", str(DATA)).replace("'wwi-", f"'{folder}/wwi-"))
    return folder


@pytest.fixture(scope="module")
def imported(exports: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledger, dict[str, ImportResult]]:
    ledger = Ledger.open(tmp_path_factory.mktemp("wwi") / "ledger")
    return ledger, {t: import_by(f"wide-world-importers-{t}", ledger, exports / f"wwi-{t}.csv") for t in TABLES}


def test_every_row_is_accepted(imported: tuple[Ledger, dict[str, ImportResult]]):
    results = imported[1]
    assert {t: r.rows_accepted for t, r in results.items()} == {"customers": 663, "transactions": 231_412, "receivables": 70_510}
    assert all(r.rows_rejected == 0 for r in results.values())


def test_sales_list_prices_and_costs_are_those_of_the_original_tables(imported: tuple[Ledger, dict[str, ImportResult]]):
    with duckdb.connect() as db:
        expected = db.execute(
            f"""SELECT sum(Quantity * l.UnitPrice), sum(Quantity * i.UnitPrice), sum(Quantity * LastCostPrice)
                FROM '{DATA}/order_lines.parquet' AS l JOIN '{DATA}/stock_items.parquet' AS i USING (StockItemID)"""
        ).fetchall()
    found = ledger_rows(imported[0], "transactions", "SELECT sum(net_amount), sum(list_amount), sum(cost_amount) FROM ledger")
    assert found == expected


def test_receivables_fall_due_and_stay_open_as_in_the_export(exports: Path, imported: tuple[Ledger, dict[str, ImportResult]]):
    expected = file_rows(
        """SELECT sum(TransactionAmount::DECIMAL(18, 4)), sum(OutstandingBalance::DECIMAL(18, 4)), count(FinalizationDate),
                  max(TransactionDate::DATE + 7) FROM receivables""",
        receivables=exports / "wwi-receivables.csv",
    )
    found = ledger_rows(
        imported[0], "receivables", "SELECT sum(amount), sum(open_amount), count(settled_on), max(due_on) FROM ledger"
    )
    assert found == expected


def test_branches_have_a_parent_and_a_group_and_independents_neither(imported: tuple[Ledger, dict[str, ImportResult]]):
    assert ledger_rows(
        imported[0],
        "customers",
        """SELECT count(*) FILTER (account_key IS NULL), count(DISTINCT account_key), count(parent_key),
                  count(*) FILTER (parent_key IS NOT NULL AND account_key IS NULL) FROM ledger""",
    ) == [(261, 2, 400, 0)]


def test_the_same_export_again_changes_nothing(exports: Path, imported: tuple[Ledger, dict[str, ImportResult]]):
    before = imported[0].latest_version
    with pytest.raises(SameFileError, match="imported before"):
        import_by("wide-world-importers-customers", imported[0], exports / "wwi-customers.csv")
    assert imported[0].latest_version == before


def by_head_office(query: str) -> list[float]:
    """The highest first of one figure for each customer that pays, out of the original tables."""
    with duckdb.connect() as db:
        for path in DATA.glob("*.parquet"):
            db.read_parquet(str(path)).create_view(path.stem)
        return [float(value) for (value,) in db.execute(query).fetchall()]


def test_the_whale_curve_at_head_offices_is_that_of_the_original_tables(imported: tuple[Ledger, dict[str, ImportResult]]):
    with open_engine("duckdb", memory_gib=1, threads=1) as engine:
        whole = MeasureParameters(date(2016, 5, 31), "USD", period_months=60)
        found = account_measures(engine, imported[0].at(), whole).table
    expected = by_head_office(
        "SELECT sum(l.Quantity * (l.UnitPrice - i.LastCostPrice)) AS earned FROM order_lines AS l JOIN orders USING (OrderID) "
        "JOIN customers USING (CustomerID) JOIN stock_items AS i USING (StockItemID) GROUP BY BillToCustomerID ORDER BY earned DESC"
    )
    curve = whale_curve(found["gross_contribution"].to_numpy(zero_copy_only=False).astype(float))
    assert curve is not None
    assert (curve.account_count, curve.missing_count) == (len(expected), 0)
    assert curve.cumulative == pytest.approx(np.concatenate([[0.0], np.cumsum(expected)]), rel=1e-9)


def test_invoiced_profit_adds_up_to_a_curve_that_two_head_offices_carry():
    """`LineProfit` stands on the invoice, which goes to the head office: the branches of a buying group are one account there."""
    profit = by_head_office(
        "SELECT sum(l.LineProfit) AS earned FROM invoice_lines AS l JOIN customer_transactions AS t USING (InvoiceID) "
        "GROUP BY t.CustomerID ORDER BY earned DESC"
    )
    curve = whale_curve(np.array(profit))
    assert curve is not None
    assert curve.total == pytest.approx(85_729_180.90, abs=0.005)
    assert (curve.account_count, curve.loser_count, curve.peak_share) == (263, 0, 1.0)
    assert curve.heights[2] == pytest.approx(0.6307, abs=5e-5)
