-- Three flat files from the tables of Wide World Importers that ship with OpenKAM. The same joins work on the original database.
COPY (
    SELECT CustomerID, CustomerName, BillToCustomerID, BuyingGroupName, CustomerCategoryName, City, State, DeliveryPostalCode,
           CreditLimit, PaymentDays, AccountOpenedDate
    FROM 'src/openkam/analytics/sample/data/customers.parquet'
    ORDER BY CustomerID
) TO 'wwi-customers.csv' (HEADER);

COPY (
    SELECT o.OrderID, row_number() OVER (PARTITION BY o.OrderID ORDER BY l.StockItemID) AS LineNumber, o.CustomerID, o.OrderDate,
           l.StockItemID, l.Quantity, l.UnitPrice, i.UnitPrice AS ListPrice, i.LastCostPrice, p.FullName AS Salesperson
    FROM 'src/openkam/analytics/sample/data/orders.parquet' AS o
    JOIN 'src/openkam/analytics/sample/data/order_lines.parquet' AS l USING (OrderID)
    JOIN 'src/openkam/analytics/sample/data/stock_items.parquet' AS i USING (StockItemID)
    JOIN 'src/openkam/analytics/sample/data/people.parquet' AS p ON p.PersonID = o.SalespersonPersonID
    ORDER BY o.OrderID, LineNumber
) TO 'wwi-transactions.csv' (HEADER);

COPY (
    SELECT t.InvoiceID, t.CustomerID, t.TransactionDate, c.PaymentDays, t.FinalizationDate, t.TransactionAmount, t.OutstandingBalance
    FROM 'src/openkam/analytics/sample/data/customer_transactions.parquet' AS t
    JOIN 'src/openkam/analytics/sample/data/customers.parquet' AS c USING (CustomerID)
    WHERE t.TransactionTypeName = 'Customer Invoice'
    ORDER BY t.InvoiceID
) TO 'wwi-receivables.csv' (HEADER);
