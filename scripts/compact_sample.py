"""Make the sample company's compact Parquet files from the original tables of Wide World Importers.

    python scripts/compact_sample.py FOLDER_OF_ORIGINAL_PARQUET [FOLDER_TO_WRITE]

The folder holds one Parquet file per table of Microsoft's sample database, named `Schema.Table.parquet`. What is left out,
joined or derived stands in `SOURCE.md` beside the result. The same input gives the same bytes with the same pyarrow.
Everything derived is checked against the original before a file is written; a check that fails stops the script.
"""

import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

TARGET = Path(__file__).parents[1] / "src" / "openkam" / "analytics" / "sample" / "data"

TABLES = {
    "customers": """
        SELECT c.CustomerID::INTEGER AS CustomerID, c.CustomerName, c.BillToCustomerID::INTEGER AS BillToCustomerID,
               g.BuyingGroupName, k.CustomerCategoryName, c.PrimaryContactPersonID::INTEGER AS PrimaryContactPersonID,
               c.AlternateContactPersonID::INTEGER AS AlternateContactPersonID, m.DeliveryMethodName,
               c.CreditLimit::DECIMAL(9, 2) AS CreditLimit, c.AccountOpenedDate::DATE AS AccountOpenedDate,
               c.PaymentDays::SMALLINT AS PaymentDays, c.PhoneNumber, c.WebsiteURL,
               c.DeliveryAddressLine1, c.DeliveryAddressLine2,
               lpad(c.DeliveryPostalCode::VARCHAR, 5, '0') AS DeliveryPostalCode, s.City, s.State
        FROM Sales_Customers AS c JOIN states AS s USING (CustomerID)
        LEFT JOIN Sales_BuyingGroups AS g USING (BuyingGroupID)
        JOIN Sales_CustomerCategories AS k USING (CustomerCategoryID)
        JOIN Application_DeliveryMethods AS m USING (DeliveryMethodID)
        ORDER BY CustomerID""",
    "people": """
        SELECT PersonID::INTEGER AS PersonID, FullName, PreferredName, IsEmployee, IsSalesperson, EmailAddress
        FROM Application_People ORDER BY PersonID""",
    "stock_items": """
        SELECT i.StockItemID::SMALLINT AS StockItemID, i.StockItemName, i.SupplierID::SMALLINT AS SupplierID, i.Brand, i.Size,
               i.UnitPrice::DECIMAL(9, 2) AS UnitPrice, i.RecommendedRetailPrice::DECIMAL(9, 2) AS RecommendedRetailPrice,
               i.TypicalWeightPerUnit::DECIMAL(9, 3) AS TypicalWeightPerUnit, i.LeadTimeDays::SMALLINT AS LeadTimeDays,
               h.LastCostPrice::DECIMAL(9, 2) AS LastCostPrice, g.StockGroups
        FROM Warehouse_StockItems AS i JOIN Warehouse_StockItemHoldings AS h USING (StockItemID)
        JOIN (SELECT StockItemID, string_agg(StockGroupName, '|' ORDER BY StockGroupName) AS StockGroups
              FROM Warehouse_StockItemStockGroups JOIN Warehouse_StockGroups USING (StockGroupID) GROUP BY StockItemID) AS g
          USING (StockItemID)
        ORDER BY StockItemID""",
    "suppliers": """
        SELECT s.SupplierID::SMALLINT AS SupplierID, s.SupplierName, k.SupplierCategoryName,
               s.PrimaryContactPersonID::INTEGER AS PrimaryContactPersonID, s.PaymentDays::SMALLINT AS PaymentDays, s.WebsiteURL
        FROM Purchasing_Suppliers AS s JOIN Purchasing_SupplierCategories AS k USING (SupplierCategoryID)
        ORDER BY SupplierID""",
    "purchase_orders": """
        SELECT PurchaseOrderID::INTEGER AS PurchaseOrderID, SupplierID::SMALLINT AS SupplierID, OrderDate::DATE AS OrderDate,
               ExpectedDeliveryDate::DATE AS ExpectedDeliveryDate, IsOrderFinalized
        FROM Purchasing_PurchaseOrders ORDER BY PurchaseOrderID""",
    "purchase_order_lines": """
        SELECT PurchaseOrderID::INTEGER AS PurchaseOrderID, StockItemID::SMALLINT AS StockItemID,
               OrderedOuters::INTEGER AS OrderedOuters, ReceivedOuters::INTEGER AS ReceivedOuters,
               ExpectedUnitPricePerOuter::DECIMAL(9, 2) AS ExpectedUnitPricePerOuter, LastReceiptDate::DATE AS LastReceiptDate
        FROM Purchasing_PurchaseOrderLines ORDER BY PurchaseOrderID, PurchaseOrderLineID""",
    "orders": """
        SELECT o.OrderID::INTEGER AS OrderID, o.CustomerID::INTEGER AS CustomerID,
               o.SalespersonPersonID::INTEGER AS SalespersonPersonID,
               o.OrderDate::DATE AS OrderDate, o.ExpectedDeliveryDate::DATE AS ExpectedDeliveryDate,
               l.InvoiceID::INTEGER AS InvoiceID
        FROM Sales_Orders AS o LEFT JOIN invoiced_orders AS l USING (OrderID)
        ORDER BY OrderID""",
    "order_lines": """
        SELECT OrderID::INTEGER AS OrderID, StockItemID::SMALLINT AS StockItemID, Quantity::SMALLINT AS Quantity,
               UnitPrice::DECIMAL(9, 2) AS UnitPrice, PickedQuantity > 0 AS IsPicked
        FROM Sales_OrderLines ORDER BY OrderID, OrderLineID""",
    "invoice_lines": """
        SELECT InvoiceID::INTEGER AS InvoiceID, StockItemID::SMALLINT AS StockItemID, Quantity::SMALLINT AS Quantity,
               UnitPrice::DECIMAL(9, 2) AS UnitPrice, LineProfit::DECIMAL(9, 2) AS LineProfit
        FROM Sales_InvoiceLines ORDER BY InvoiceID, InvoiceLineID""",
    "customer_transactions": """
        SELECT t.CustomerID::INTEGER AS CustomerID, k.TransactionTypeName, t.InvoiceID::INTEGER AS InvoiceID,
               t.TransactionDate::DATE AS TransactionDate, t.AmountExcludingTax::DECIMAL(9, 2) AS AmountExcludingTax,
               t.TransactionAmount::DECIMAL(9, 2) AS TransactionAmount, t.OutstandingBalance::DECIMAL(9, 2) AS OutstandingBalance,
               t.FinalizationDate::DATE AS FinalizationDate
        FROM Sales_CustomerTransactions AS t JOIN Application_TransactionTypes AS k USING (TransactionTypeID)
        ORDER BY t.CustomerTransactionID""",
}
"""What each file holds, as a query over the originals and the two derived relations."""

ASCENDING = ("OrderID", "InvoiceID")
"""Columns that rise nearly by one from row to row: stored as differences they almost vanish."""

BRANCHES = r"""
    CREATE TABLE branches AS
    SELECT CustomerID, left(split_part(PhoneNumber, '(', 2), 3) AS area_code,
           nullif(regexp_extract(CustomerName, '\((.+), [A-Z]{2}\)$', 1), '') AS city,
           nullif(regexp_extract(CustomerName, '\(.+, ([A-Z]{2})\)$', 1), '') AS state
    FROM Sales_Customers"""

STATES = """
    CREATE TABLE states AS
    SELECT b.CustomerID, b.city AS City, coalesce(b.state, a.state) AS State
    FROM branches AS b
    LEFT JOIN (SELECT area_code, any_value(state) AS state FROM branches WHERE state IS NOT NULL GROUP BY area_code) AS a
      USING (area_code)"""

INVOICED_ORDERS = """
    CREATE TABLE invoiced_orders AS
    WITH picked AS (
        SELECT o.OrderID, c.BillToCustomerID AS payer, max(l.PickingCompletedWhen)::DATE AS day,
               string_agg(concat_ws(':', l.StockItemID, l.PickedQuantity, l.UnitPrice), ','
                          ORDER BY l.StockItemID, l.PickedQuantity, l.UnitPrice) AS content
        FROM Sales_Orders AS o JOIN Sales_Customers AS c USING (CustomerID) JOIN Sales_OrderLines AS l USING (OrderID)
        WHERE l.PickedQuantity > 0 GROUP BY ALL),
    invoiced AS (
        SELECT l.InvoiceID, t.CustomerID AS payer, t.TransactionDate::DATE AS day,
               string_agg(concat_ws(':', l.StockItemID, l.Quantity, l.UnitPrice), ','
                          ORDER BY l.StockItemID, l.Quantity, l.UnitPrice) AS content
        FROM Sales_InvoiceLines AS l JOIN Sales_CustomerTransactions AS t USING (InvoiceID) GROUP BY ALL)
    SELECT p.OrderID, i.InvoiceID
    FROM (SELECT *, row_number() OVER (PARTITION BY payer, day, content ORDER BY OrderID) AS nth FROM picked) AS p
    JOIN (SELECT *, row_number() OVER (PARTITION BY payer, day, content ORDER BY InvoiceID) AS nth FROM invoiced) AS i
      USING (payer, day, content, nth)"""
"""The copy at hand has no table of invoices. An invoice is the picked lines of one order, billed on the day of picking."""

CHECKS = {
    "an area code belongs to one state": """
        SELECT max(n) = 1 FROM (SELECT count(DISTINCT state) AS n FROM branches WHERE state IS NOT NULL GROUP BY area_code)""",
    "every customer has a state": "SELECT count(*) = 0 FROM states WHERE State IS NULL",
    "every invoice is matched to one order": """
        SELECT count(*) = (SELECT count(DISTINCT InvoiceID) FROM Sales_InvoiceLines)
           AND count(DISTINCT InvoiceID) = count(*) AND count(DISTINCT OrderID) = count(*) FROM invoiced_orders""",
    "an invoiced amount is that of the order's picked lines": """
        SELECT max(abs(t.AmountExcludingTax - o.amount)) < 0.005
        FROM Sales_CustomerTransactions AS t JOIN invoiced_orders USING (InvoiceID)
        JOIN (SELECT OrderID, sum(PickedQuantity * UnitPrice) AS amount FROM Sales_OrderLines GROUP BY OrderID) AS o
          USING (OrderID)""",
    "tax is the difference of an invoice's two amounts": """
        SELECT max(abs(AmountExcludingTax + TaxAmount - TransactionAmount)) < 0.005
        FROM Sales_CustomerTransactions WHERE InvoiceID IS NOT NULL""",
    "an order's contact is the customer's first contact": """
        SELECT bool_and(o.ContactPersonID = c.PrimaryContactPersonID)
        FROM Sales_Orders AS o JOIN Sales_Customers AS c USING (CustomerID)""",
    "a line is picked whole or not at all": """
        SELECT bool_and(PickedQuantity = Quantity OR PickedQuantity = 0) FROM Sales_OrderLines""",
}


def compact(originals: Path, target: Path) -> dict[str, int]:
    """Write the compact files to `target`; returns bytes per file. Raises `SystemExit` when the originals fail a check."""
    db = duckdb.connect()
    for path in sorted(originals.glob("*.parquet")):
        db.read_parquet(str(path)).create_view(path.stem.replace(".", "_"))
    for statement in (BRANCHES, STATES, INVOICED_ORDERS):
        db.execute(statement)
    for claim, question in CHECKS.items():
        if db.execute(question).fetchall() != [(True,)]:
            raise SystemExit(f"The originals in {originals} do not fit what the sample relies on: {claim}.")
    target.mkdir(parents=True, exist_ok=True)
    return {name: _write(db, query, target / f"{name}.parquet") for name, query in TABLES.items()}


def _write(db: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    table = db.sql(query).to_arrow_table()
    ascending = [name for name in ASCENDING if name in table.column_names]
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=22,
        store_decimal_as_integer=True,
        use_dictionary=[name for name in table.column_names if name not in ascending],  # pyright: ignore[reportArgumentType]
        column_encoding=dict.fromkeys(ascending, "DELTA_BINARY_PACKED"),
        row_group_size=table.num_rows,
    )
    return path.stat().st_size


if __name__ == "__main__":
    arguments = [Path(a) for a in sys.argv[1:]]
    if not 1 <= len(arguments) <= 2 or not arguments[0].is_dir():
        raise SystemExit(str(__doc__))
    sizes = compact(arguments[0], arguments[1] if len(arguments) > 1 else TARGET)
    sys.stdout.writelines(f"{size:>9,} {name}.parquet\n" for name, size in sizes.items())
    sys.stdout.write(f"{sum(sizes.values()):>9,} in all\n")
