"""Cut a small piece of Online Retail II (first year), as messy as the whole, for the tests.

    python scripts/cut_online_retail.py ORIGINAL.parquet [FOLDER_TO_WRITE]

Kept: every line of about one customer in thirty, the fees of Amazon and the rare adjustments; of April and October 2010 every
odd line (cancellations, bad debt, codes that are no product, price 0 or below, negative quantity) and one in twenty of the other
invoices without a customer. Nothing is changed in a line; the order is that of the original, the headings are the publisher's.
The same input gives the same bytes.
"""

import csv
import gzip
import io
import sys
from pathlib import Path

import duckdb

TARGET = Path(__file__).parents[1] / "tests" / "real" / "online_retail"

HEADINGS = ("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country")

QUERY = r"""
    SELECT Invoice, StockCode, Description, Quantity, strftime(InvoiceDate, '%Y-%m-%d %H:%M:%S'), Price, CustomerID, Country
    FROM lines
    WHERE CustomerID % 31 = 7 OR StockCode IN ('AMAZONFEE', 'ADJUST2')
       OR (month(InvoiceDate) IN (4, 10)
           AND (NOT regexp_matches(Invoice, '^\d') OR NOT regexp_matches(StockCode, '^\d{5}') OR Price <= 0 OR Quantity <= 0
                OR (CustomerID IS NULL AND try_cast(Invoice AS INTEGER) % 20 = 3)))
    ORDER BY file_row_number"""


def cut(original: Path, target: Path) -> tuple[int, int]:
    """Write the cut to `target`; returns its lines and bytes."""
    db = duckdb.connect()
    db.read_parquet(str(original), file_row_number=True).create_view("lines")
    rows = db.execute(QUERY).fetchall()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    packed = gzip.compress(text.getvalue().encode("utf-8"), compresslevel=9, mtime=0)
    target.mkdir(parents=True, exist_ok=True)
    (target / "online_retail_cut.csv.gz").write_bytes(packed)
    return len(rows), len(packed)


if __name__ == "__main__":
    arguments = [Path(a) for a in sys.argv[1:]]
    if not 1 <= len(arguments) <= 2 or not arguments[0].is_file():
        raise SystemExit(str(__doc__))
    lines, size = cut(arguments[0], arguments[1] if len(arguments) > 1 else TARGET)
    sys.stdout.write(f"{lines:,} lines, {size:,} bytes\n")
