"""The tables of facts: every field with its Arrow type, unit and meaning.

Amounts are decimals with four places in the currency of their row; a day is a `date32`, an instant a UTC timestamp.
The three columns of `PROVENANCE` stand at the end of every table and are filled by `Ledger.append`.
"""

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

AMOUNT = pa.decimal128(18, 4)
QUANTITY = pa.decimal128(18, 4)
RATE = pa.decimal128(18, 8)
TEXT = pa.string()
DAY = pa.date32()
INSTANT = pa.timestamp("us", tz="UTC")
WHOLE = pa.int64()
FLAG = pa.bool_()


class LineType(StrEnum):
    """What a transaction line is. Sales and returns make net sales; the others are kept beside it, never thrown away."""

    SALE = "sale"
    RETURN = "return"
    CANCELLATION = "cancellation"
    FREIGHT = "freight"
    FEE = "fee"
    WRITE_OFF = "write_off"
    BAD_DEBT = "bad_debt"
    ADJUSTMENT = "adjustment"
    NON_PRODUCT = "non_product"


NET_SALES_LINE_TYPES = (LineType.SALE, LineType.RETURN, LineType.CANCELLATION)
"""Line types whose net amounts add up to net sales; returns and cancellations carry negative amounts."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column: `unit` is `currency` (of the row), `units`, `days`, `day`, `UTC`, `text`, …; `required` means never null."""

    name: str
    type: pa.DataType
    unit: str
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table of facts. `key` names the fields that identify a row within a source, where the source gives them."""

    name: str
    meaning: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema as stored: the facts, then the provenance."""
        return pa.schema([pa.field(f.name, f.type, nullable=not f.required) for f in (*self.fields, *PROVENANCE)])

    def field(self, name: str) -> Field:
        """The field of that name; raises `KeyError` when the table has none."""
        return next((f for f in self.fields if f.name == name), None) or _no_field(self.name, name)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the fields that every row must carry."""
        return tuple(f.name for f in self.fields if f.required)


def _no_field(table: str, name: str) -> Field:
    raise KeyError(f"{table} has no field {name!r}")


ILLUSTRATIVE_PREFIX = "illustrative:"
"""A source that starts so holds generated rows; whatever is computed from them is labelled illustrative wherever it is shown."""

PROVENANCE = (
    Field("source", TEXT, "text", "Business unit and system the row came from, as named at import", True),
    Field("batch_id", TEXT, "text", "Import that brought the row; sorts by time", True),
    Field("source_row", WHOLE, "row", "Row number in the imported file, the header being row 1, where it is known"),
)

CUSTOMERS = TableSchema(
    "customers",
    "Source records of customers and prospects, one per business unit and key",
    ("customer_key",),
    (
        Field("customer_key", TEXT, "text", "The source's own key of the customer", True),
        Field("name", TEXT, "text", "Trade name as the source writes it", True),
        Field(
            "account_key",
            TEXT,
            "text",
            "Account this record belongs to, where the source knows; else the record stands for itself",
        ),
        Field("account_name", TEXT, "text", "Name of that account"),
        Field("parent_key", TEXT, "text", "Key of the head office or owner in the same source"),
        Field("group_name", TEXT, "text", "Buying group, chain or concern"),
        Field("legal_name", TEXT, "text", "Registered name"),
        Field("tax_id", TEXT, "text", "VAT or tax number"),
        Field("domain", TEXT, "text", "Internet domain"),
        Field("address", TEXT, "text", "Street address"),
        Field("postal_code", TEXT, "text", "Postal code"),
        Field("city", TEXT, "text", "City"),
        Field("region", TEXT, "text", "Sales region"),
        Field("country", TEXT, "text", "Country"),
        Field("industry", TEXT, "text", "Industry, by the source's own classes"),
        Field("category", TEXT, "text", "Customer category or outlet type"),
        Field("manager", TEXT, "text", "Who looks after the customer today"),
        Field("employees", WHOLE, "persons", "Number of employees"),
        Field("annual_sales", AMOUNT, "currency", "The customer's own yearly sales"),
        Field("currency", TEXT, "ISO 4217", "Currency of annual_sales and credit_limit"),
        Field("credit_limit", AMOUNT, "currency", "Credit granted"),
        Field("payment_terms_days", WHOLE, "days", "Days allowed for payment"),
        Field("is_prospect", FLAG, "flag", "True when the record has never bought"),
        Field("opened_on", DAY, "day", "Day the record was opened"),
        Field(
            "own_unit",
            TEXT,
            "text",
            "Where the customer is one of our own units: the source of that unit's ledger, so that transfer prices can be eliminated",
        ),
    ),
)

PRODUCTS = TableSchema(
    "products",
    "What is sold",
    ("product_key",),
    (
        Field("product_key", TEXT, "text", "The source's own key of the product", True),
        Field("name", TEXT, "text", "Name", True),
        Field("category", TEXT, "text", "Product category"),
        Field("brand", TEXT, "text", "Brand"),
        Field("supplier_key", TEXT, "text", "Key of the main supplier"),
        Field("unit_list_price", AMOUNT, "currency/unit", "List price of one unit"),
        Field("unit_cost", AMOUNT, "currency/unit", "Variable cost of one unit; used where a line has no cost of its own"),
        Field("currency", TEXT, "ISO 4217", "Currency of price and cost"),
    ),
)

TRANSACTIONS = TableSchema(
    "transactions",
    "Lines of orders or invoices, credit notes included",
    ("transaction_key", "line_number"),
    (
        Field("transaction_key", TEXT, "text", "Order or invoice number", True),
        Field("line_number", WHOLE, "count", "Number of the line within it, where the source has one"),
        Field("customer_key", TEXT, "text", "Customer; null only where the import chose to keep sales without a customer"),
        Field("transacted_on", DAY, "day", "Day of the order or invoice", True),
        Field("product_key", TEXT, "text", "Product"),
        Field("line_type", TEXT, "text", "What the line is", True, tuple(LineType)),
        Field("quantity", QUANTITY, "units", "Units, negative when they come back"),
        Field("net_amount", AMOUNT, "currency", "Net invoice amount of the line, without tax, negative for credit", True),
        Field("list_amount", AMOUNT, "currency", "Quantity at list price, same sign as the net amount"),
        Field(
            "rebate_amount",
            AMOUNT,
            "currency",
            "Reductions off the invoice: bonus, rebate, terms; positive lowers the pocket price",
        ),
        Field("cost_amount", AMOUNT, "currency", "Variable cost of goods of the line, same sign as the quantity"),
        Field("currency", TEXT, "ISO 4217", "Currency of the amounts", True),
        Field("business_unit", TEXT, "text", "Selling unit"),
        Field("site_key", TEXT, "text", "Site or branch of the customer that was supplied"),
        Field("channel", TEXT, "text", "Sales channel"),
        Field("sales_person", TEXT, "text", "Who sold"),
    ),
)

RECEIVABLES = TableSchema(
    "receivables",
    "Invoices to be paid, paid or open",
    ("invoice_key",),
    (
        Field("invoice_key", TEXT, "text", "Invoice number", True),
        Field("customer_key", TEXT, "text", "Customer who owes", True),
        Field("invoiced_on", DAY, "day", "Day of the invoice", True),
        Field("due_on", DAY, "day", "Day payment is due", True),
        Field("settled_on", DAY, "day", "Day it was paid in full; null while open"),
        Field("amount", AMOUNT, "currency", "Invoiced amount, tax included", True),
        Field("open_amount", AMOUNT, "currency", "What is still unpaid; null means all of it while open, none once settled"),
        Field("currency", TEXT, "ISO 4217", "Currency of the amounts", True),
        Field("is_disputed", FLAG, "flag", "True when the customer disputes it"),
    ),
)

SERVICE_ACTIVITIES = TableSchema(
    "service_activities",
    "What was done for a customer: the drivers of cost to serve",
    ("activity_key",),
    (
        Field("activity_key", TEXT, "text", "The source's own key, where it has one"),
        Field("customer_key", TEXT, "text", "Customer served", True),
        Field("performed_on", DAY, "day", "Day it was done", True),
        Field("activity", TEXT, "text", "Kind of activity, for example order, delivery, visit, complaint", True),
        Field("quantity", QUANTITY, "activities", "How many", True),
        Field(
            "minutes",
            QUANTITY,
            "minutes",
            "Minutes taken in all, where measured; else the programme's minutes per activity apply",
        ),
        Field("cost_amount", AMOUNT, "currency", "Cost, where the source knows it; else minutes at the programme's rate"),
        Field("currency", TEXT, "ISO 4217", "Currency of the cost"),
    ),
)

INTERACTIONS = TableSchema(
    "interactions",
    "Contacts between our people and theirs: metadata only",
    ("interaction_key",),
    (
        Field("interaction_key", TEXT, "text", "The source's own key, where it has one"),
        Field("customer_key", TEXT, "text", "Customer", True),
        Field("occurred_at", INSTANT, "UTC", "When", True),
        Field("kind", TEXT, "text", "Meeting, call, mail or visit", True),
        Field("direction", TEXT, "text", "out = ours to them, in = theirs to us, both = together", True, ("out", "in", "both")),
        Field("our_person", TEXT, "text", "Our participant"),
        Field("their_person", TEXT, "text", "Their participant"),
        Field("minutes", QUANTITY, "minutes", "Duration"),
    ),
)

MARKET_VOLUMES = TableSchema(
    "market_volumes",
    "Category volume by purchaser, our customers and others",
    ("purchaser_key", "category", "period_start_on"),
    (
        Field("purchaser_key", TEXT, "text", "Who buys the category", True),
        Field("purchaser_name", TEXT, "text", "Name of the purchaser"),
        Field("customer_key", TEXT, "text", "The same purchaser among our customers, if it is one"),
        Field("category", TEXT, "text", "Product category", True),
        Field("period_start_on", DAY, "day", "First day covered", True),
        Field("period_end_on", DAY, "day", "Last day covered", True),
        Field("volume", QUANTITY, "volume_unit", "Volume bought from anybody"),
        Field("volume_unit", TEXT, "text", "Unit of the volume"),
        Field("amount", AMOUNT, "currency", "Spend with anybody"),
        Field("currency", TEXT, "ISO 4217", "Currency of the spend"),
    ),
)

EXCHANGE_RATES = TableSchema(
    "exchange_rates",
    "Dated exchange rates; the last one on or before a day applies to it",
    ("rated_on", "from_currency", "to_currency"),
    (
        Field("rated_on", DAY, "day", "First day on which the rate applies", True),
        Field("from_currency", TEXT, "ISO 4217", "Currency converted from", True),
        Field("to_currency", TEXT, "ISO 4217", "Currency converted to", True),
        Field("rate", RATE, "to/from", "Units of to_currency for one unit of from_currency", True),
    ),
)

TABLES = {
    t.name: t
    for t in (CUSTOMERS, PRODUCTS, TRANSACTIONS, RECEIVABLES, SERVICE_ACTIVITIES, INTERACTIONS, MARKET_VOLUMES, EXCHANGE_RATES)
}
