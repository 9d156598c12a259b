"""The ledger's tables of the sample against sums taken straight from the shipped files."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from openkam.analytics.ledger.schema import PROVENANCE, TABLES
from openkam.analytics.sample.company_tables import AS_OF, DATA, contact_names, sample_tables

PERIOD = "DATE '2015-06-01' AND DATE '2016-05-31'"


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return sample_tables()


def one(query: str, **tables: pa.Table) -> tuple[object, ...]:
    """The one row of a query over the shipped files, by their names, and over the tables given."""
    with duckdb.connect() as db:
        for path in DATA.glob("*.parquet"):
            db.read_parquet(str(path)).create_view(f"shipped_{path.stem}")
        for name, table in tables.items():
            db.register(name, table)
        return db.execute(query).fetchall()[0]


def test_the_files_stay_small():
    assert sum(path.stat().st_size for path in DATA.glob("*.parquet")) < 4_000_000


def test_every_file_is_described_with_its_rows():
    source = (DATA / "SOURCE.md").read_text(encoding="utf-8")
    for path in DATA.glob("*.parquet"):
        (count,) = one(f"SELECT count(*) FROM shipped_{path.stem}")
        line = next(line for line in source.splitlines() if f"`{path.name}`" in line)
        assert f"{count:,}" in line


def test_tables_have_every_fact_column_and_keep_what_is_required(tables: dict[str, pa.Table]):
    provenance = {field.name for field in PROVENANCE}
    assert list(tables) == ["customers", "products", "transactions", "receivables"]
    for name, table in tables.items():
        schema = TABLES[name].arrow
        assert table.schema.equals(pa.schema([field for field in schema if field.name not in provenance]))
        for required in TABLES[name].required:
            assert table[required].null_count == 0
        keys = [table[key] for key in TABLES[name].key]
        assert len(set(zip(*(key.to_pylist() for key in keys), strict=True))) == table.num_rows


def test_net_sales_are_those_of_the_order_lines(tables: dict[str, pa.Table]):
    transactions = tables["transactions"]
    expected = one(
        f"""SELECT count(*), sum(Quantity * UnitPrice), sum(Quantity * UnitPrice) FILTER (OrderDate BETWEEN {PERIOD})
            FROM shipped_order_lines JOIN shipped_orders USING (OrderID)"""
    )
    found = one(
        f"SELECT count(*), sum(net_amount), sum(net_amount) FILTER (transacted_on BETWEEN {PERIOD}) FROM transactions",
        transactions=transactions,
    )
    assert found == expected
    assert found == (231_412, Decimal("177634276.40"), Decimal("55845930.05"))


def test_there_are_279_accounts_with_sales(tables: dict[str, pa.Table]):
    independents, groups = one(
        "SELECT count(*) FILTER (BuyingGroupName IS NULL), count(DISTINCT BuyingGroupName) FROM shipped_customers"
    )
    (found,) = one(
        "SELECT count(DISTINCT coalesce(account_key, customer_key)) FROM customers JOIN transactions USING (customer_key)",
        **tables,
    )
    assert (independents, groups) == (261, 2)
    assert found == 261 + 2 * 9


def test_the_largest_accounts_are_regions_of_the_buying_groups(tables: dict[str, pa.Table]):
    expected = one(
        f"""SELECT sum(Quantity * UnitPrice) FILTER (BuyingGroupName = 'Wingtip Toys'
                       AND State IN ('IL', 'IN', 'MI', 'OH', 'WI')),
                   sum(Quantity * UnitPrice) FILTER (BuyingGroupName = 'Wingtip Toys'
                       AND State IN ('DE', 'DC', 'FL', 'GA', 'MD', 'NC', 'SC', 'VA', 'WV', 'PR')),
                   sum(Quantity * UnitPrice) FILTER (BuyingGroupName = 'Tailspin Toys'
                       AND State IN ('IA', 'KS', 'MN', 'MO', 'NE', 'ND', 'SD'))
            FROM shipped_order_lines JOIN shipped_orders USING (OrderID) JOIN shipped_customers USING (CustomerID)
            WHERE OrderDate BETWEEN {PERIOD}"""
    )
    names, amounts = one(
        f"""SELECT list(name), list(amount) FROM (
              SELECT any_value(coalesce(account_name, name)) AS name, sum(net_amount) AS amount
              FROM transactions JOIN customers USING (customer_key) WHERE transacted_on BETWEEN {PERIOD}
              GROUP BY coalesce(account_key, customer_key) ORDER BY amount DESC LIMIT 3)""",
        **tables,
    )
    assert names == ["Wingtip Toys · East North Central", "Wingtip Toys · South Atlantic", "Tailspin Toys · West North Central"]
    assert tuple(amounts) == expected


def test_gross_contribution_differs_from_invoiced_profit_by_what_was_never_picked(tables: dict[str, pa.Table]):
    (gross,) = one("SELECT sum(net_amount - cost_amount) FROM transactions", **tables)
    (profit,) = one("SELECT sum(LineProfit) FROM shipped_invoice_lines")
    (unpicked,) = one(
        """SELECT sum(l.Quantity * (l.UnitPrice - i.LastCostPrice))
           FROM shipped_order_lines AS l JOIN shipped_stock_items AS i USING (StockItemID) WHERE NOT IsPicked"""
    )
    assert gross - unpicked == profit
    assert (gross, profit) == (Decimal("88729962.50"), Decimal("85729180.90"))


def test_list_amounts_are_never_below_net(tables: dict[str, pa.Table]):
    reductions, lines = one(
        """SELECT sum(list_amount - net_amount), count(*) FILTER (list_amount <> net_amount) FROM transactions
           WHERE list_amount >= net_amount""",
        **tables,
    )
    assert (reductions, lines) == (Decimal("160987.55"), 512)


def test_receivables_are_the_invoices_under_the_branch_supplied(tables: dict[str, pa.Table]):
    receivables = tables["receivables"]
    expected = one(
        """SELECT count(*), sum(TransactionAmount), sum(OutstandingBalance), count(FinalizationDate)
           FROM shipped_customer_transactions WHERE TransactionTypeName = 'Customer Invoice'"""
    )
    found = one("SELECT count(*), sum(amount), sum(open_amount), count(settled_on) FROM receivables", receivables=receivables)
    assert found == expected
    assert found[:3] == (70_510, Decimal("198043439.45"), Decimal("267011.44"))


def test_each_invoice_is_owed_by_the_payer_of_the_branch_and_worth_its_picked_lines(tables: dict[str, pa.Table]):
    wrong_payer, wrong_amount = one(
        """WITH picked AS (SELECT InvoiceID, sum(Quantity * UnitPrice) AS amount
                           FROM shipped_order_lines JOIN shipped_orders USING (OrderID) WHERE IsPicked GROUP BY InvoiceID)
           SELECT count(*) FILTER (coalesce(c.parent_key, c.customer_key) <> t.CustomerID::VARCHAR),
                  count(*) FILTER (p.amount <> t.AmountExcludingTax)
           FROM receivables AS r JOIN customers AS c USING (customer_key)
           JOIN shipped_customer_transactions AS t ON t.InvoiceID::VARCHAR = r.invoice_key
           JOIN picked AS p USING (InvoiceID)""",
        **tables,
    )
    assert (wrong_payer, wrong_amount) == (0, 0)


def test_invoices_fall_due_after_seven_days(tables: dict[str, pa.Table]):
    assert one("SELECT min(due_on - invoiced_on), max(due_on - invoiced_on) FROM receivables", **tables) == (7, 7)


def test_the_as_of_day_is_the_last_day_of_everything(tables: dict[str, pa.Table]):
    last = one("SELECT (SELECT max(transacted_on) FROM transactions), (SELECT max(invoiced_on) FROM receivables)", **tables)
    assert last == (AS_OF, AS_OF)
    assert date(2016, 5, 31) == AS_OF


def test_the_manager_is_who_sold_most_to_the_account(tables: dict[str, pa.Table]):
    (expected,) = one(
        """SELECT first(FullName ORDER BY amount DESC) FROM (
             SELECT FullName, sum(Quantity * UnitPrice) AS amount
             FROM shipped_orders JOIN shipped_order_lines USING (OrderID) JOIN shipped_customers USING (CustomerID)
             JOIN shipped_people ON PersonID = SalespersonPersonID
             WHERE BuyingGroupName = 'Tailspin Toys' AND State IN ('AK', 'CA', 'HI', 'OR', 'WA') GROUP BY FullName)"""
    )
    managers, sites = one(
        "SELECT list(DISTINCT manager), count(*) FROM customers WHERE account_name = 'Tailspin Toys · Pacific'", **tables
    )
    assert managers == [expected]
    assert sites == 27


def test_each_category_holds_articles_and_each_article_has_one(tables: dict[str, pa.Table]):
    names, numbers = one(
        "SELECT list(category), list(n) FROM (SELECT category, count(*) AS n FROM products GROUP BY category)", **tables
    )
    counts = dict(zip(names, numbers, strict=True))
    assert sum(counts.values()) == 227
    assert set(counts) == {"Clothing", "Computing Novelties", "Novelty Items", "Packaging Materials", "Toys"}


def test_an_area_code_stands_for_one_state():
    (most,) = one("SELECT max(n) FROM (SELECT count(DISTINCT State) AS n FROM shipped_customers GROUP BY left(PhoneNumber, 5))")
    assert most == 1


def test_every_customer_has_a_contact():
    contacts = contact_names()
    assert contacts.num_rows == 663
    assert contacts["first_contact"].null_count == 0


def test_the_data_lie_inside_the_package():
    assert Path(__file__).parents[3] / "src" / "openkam" / "analytics" / "sample" / "data" == DATA
