"""The sample company, Wide World Importers, as tables of the ledger.

The files under `data/` keep the original names of tables and columns (`data/SOURCE.md`); here they take the ledger's words.
An independent customer stands for itself. The branches of a buying group, its head office among them, are joined by census
division into one account each: "Tailspin Toys · South Atlantic".
"""

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from openkam.analytics.ledger.schema import CUSTOMERS, PRODUCTS, PROVENANCE, RECEIVABLES, TRANSACTIONS, TableSchema
from openkam.analytics.sample.census import STATES

AS_OF = date(2016, 5, 31)
"""The last day with a transaction: the day on which a review of the sample stands."""

DATA = Path(__file__).parent / "data"

_CUSTOMERS = """
    WITH placed AS (
        SELECT c.*, s.division, s.region,
               CASE WHEN c.BuyingGroupName IS NOT NULL
                    THEN replace(lower(c.BuyingGroupName || '-' || s.division), ' ', '-') END AS account_key
        FROM customers AS c JOIN states AS s ON s.state = c.State),
    sold AS (
        SELECT coalesce(p.account_key, p.CustomerID::VARCHAR) AS account, e.FullName AS seller,
               sum(l.Quantity * l.UnitPrice) AS amount
        FROM orders AS o JOIN order_lines AS l USING (OrderID) JOIN placed AS p USING (CustomerID)
        JOIN people AS e ON e.PersonID = o.SalespersonPersonID
        GROUP BY ALL),
    managers AS (SELECT account, first(seller ORDER BY amount DESC, seller) AS manager FROM sold GROUP BY account)
    SELECT CustomerID::VARCHAR AS customer_key, CustomerName AS name, account_key,
           BuyingGroupName || ' · ' || division AS account_name,
           CASE WHEN BillToCustomerID <> CustomerID THEN BillToCustomerID::VARCHAR END AS parent_key,
           BuyingGroupName AS group_name,
           CASE WHEN BuyingGroupName IS NOT NULL THEN regexp_extract(WebsiteURL, 'www\\.([^/]+)', 1) END AS domain,
           DeliveryAddressLine1 || ', ' || DeliveryAddressLine2 AS address, DeliveryPostalCode AS postal_code, City AS city,
           region, 'US' AS country, CustomerCategoryName AS category, manager, 'USD' AS currency, CreditLimit AS credit_limit,
           PaymentDays AS payment_terms_days, false AS is_prospect, AccountOpenedDate AS opened_on
    FROM placed LEFT JOIN managers ON managers.account = coalesce(placed.account_key, placed.CustomerID::VARCHAR)
    ORDER BY CustomerID"""

_PRODUCTS = """
    SELECT StockItemID::VARCHAR AS product_key, StockItemName AS name, Brand AS brand, SupplierID::VARCHAR AS supplier_key,
           list_filter(['Packaging Materials', 'Toys', 'Clothing', 'Computing Novelties', 'Novelty Items'],
                       lambda g: list_contains(string_split(StockGroups, '|'), g))[1] AS category,
           UnitPrice AS unit_list_price, LastCostPrice AS unit_cost, 'USD' AS currency
    FROM stock_items ORDER BY StockItemID"""
"""An item stands in up to three stock groups; it takes the first of this list, so that each item counts once."""

_TRANSACTIONS = """
    SELECT l.OrderID::VARCHAR AS transaction_key,
           row_number() OVER (PARTITION BY l.OrderID ORDER BY l.file_row_number) AS line_number,
           o.CustomerID::VARCHAR AS customer_key, o.OrderDate AS transacted_on, l.StockItemID::VARCHAR AS product_key,
           'sale' AS line_type, l.Quantity AS quantity, l.Quantity * l.UnitPrice AS net_amount,
           l.Quantity * i.UnitPrice AS list_amount, l.Quantity * i.LastCostPrice AS cost_amount, 'USD' AS currency,
           'Wide World Importers' AS business_unit, o.CustomerID::VARCHAR AS site_key, e.FullName AS sales_person
    FROM order_lines AS l JOIN orders AS o USING (OrderID) JOIN stock_items AS i USING (StockItemID)
    JOIN people AS e ON e.PersonID = o.SalespersonPersonID
    ORDER BY l.OrderID, line_number"""

_RECEIVABLES = """
    SELECT t.InvoiceID::VARCHAR AS invoice_key, o.CustomerID::VARCHAR AS customer_key, t.TransactionDate AS invoiced_on,
           (t.TransactionDate + c.PaymentDays::INTEGER)::DATE AS due_on, t.FinalizationDate AS settled_on,
           t.TransactionAmount AS amount, t.OutstandingBalance AS open_amount, 'USD' AS currency
    FROM customer_transactions AS t JOIN orders AS o USING (InvoiceID) JOIN customers AS c ON c.CustomerID = t.CustomerID
    ORDER BY t.InvoiceID"""
"""Each invoice under the branch it supplied; the payer is that branch's `parent_key`."""

_CONTACTS = """
    SELECT c.CustomerID::VARCHAR AS customer_key, f.FullName AS first_contact, o.FullName AS other_contact
    FROM customers AS c JOIN people AS f ON f.PersonID = c.PrimaryContactPersonID
    LEFT JOIN people AS o ON o.PersonID = c.AlternateContactPersonID
    ORDER BY c.CustomerID"""

_MAPPED = (
    (CUSTOMERS, _CUSTOMERS),
    (PRODUCTS, _PRODUCTS),
    (TRANSACTIONS, _TRANSACTIONS),
    (RECEIVABLES, _RECEIVABLES),
)


def sample_tables() -> dict[str, pa.Table]:
    """The real part of the sample: `customers`, `products`, `transactions`, `receivables`, without provenance columns.

    Every column of the ledger's schema is there, in its type; what the company does not record is null.
    """
    with duckdb.connect() as db:
        for path in sorted(DATA.glob("*.parquet")):
            db.read_parquet(str(path), file_row_number=True).create_view(path.stem)
        db.execute("CREATE TABLE states (state VARCHAR, division VARCHAR, region VARCHAR)")
        db.executemany("INSERT INTO states VALUES (?, ?, ?)", STATES)
        return {table.name: shaped(table, db.sql(query).to_arrow_table()) for table, query in _MAPPED}


def contact_names() -> pa.Table:
    """Who speaks for a customer: `customer_key`, `first_contact`, `other_contact` (null where there is one contact only)."""
    with duckdb.connect() as db:
        for name in ("customers", "people"):
            db.read_parquet(str(DATA / f"{name}.parquet")).create_view(name)
        return db.sql(_CONTACTS).to_arrow_table()


def shaped(table: TableSchema, rows: pa.Table) -> pa.Table:
    """The rows with every fact column of the table, in its order and type; columns that `rows` lacks are null."""
    schema = pa.schema([f for f in table.arrow if f.name not in {p.name for p in PROVENANCE}])
    absent = {f.name: pa.nulls(rows.num_rows, f.type) for f in schema if f.name not in rows.column_names}
    columns = [absent[f.name] if f.name in absent else rows[f.name].cast(f.type) for f in schema]
    return pa.table(columns, schema=schema)
