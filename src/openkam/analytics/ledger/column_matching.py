"""Which column of a file is which field, where no mapping says it: the field's own name, or one of a few known names for it."""

from collections.abc import Sequence

from openkam.analytics.ledger.expression import find_column, matched_name
from openkam.analytics.ledger.schema import Field, TableSchema

_SYNONYMS: dict[str, tuple[str, ...]] = {
    "customer_key": (
        "customer id", "customer no", "customer number", "customer code", "customer", "client id", "account number",
        "cust id", "reseller key", "Kundennummer", "Kunde", "N° client", "client",
    ),
    "name": ("customer name", "company name", "company", "product name", "description", "item name", "reseller name"),
    "account_key": ("account id",),
    "group_name": ("group", "buying group", "chain", "concern"),
    "tax_id": ("vat id", "vat number", "tax number"),
    "domain": ("web domain", "internet domain"),
    "address": ("address line 1", "street", "street address"),
    "postal_code": ("postcode", "zip", "zip code"),
    "country": ("country name", "country code"),
    "region": ("sales region", "territory", "sales territory"),
    "category": ("customer category", "product category", "business type"),
    "manager": ("account manager", "key account manager"),
    "employees": ("number of employees", "number employees"),
    "product_key": (
        "product id", "product no", "stock code", "sku", "item id", "item number", "article number", "product code",
        "product", "article", "Artikelnummer", "Artikel", "référence",
    ),
    "unit_list_price": ("list price", "unit list price"),
    "unit_cost": ("standard cost", "cost price"),
    "transaction_key": (
        "invoice", "invoice no", "invoice number", "invoice id", "order id", "order no", "order number",
        "sales order number", "document number", "Rechnungsnummer", "Rechnung", "Belegnummer", "facture",
    ),
    "line_number": ("line no", "invoice line", "order line number", "sales order line number", "line"),
    "transacted_on": (
        "invoice date", "order date", "transaction date", "posting date", "sale date", "date", "day", "Rechnungsdatum", "Datum",
    ),
    "quantity": ("qty", "order quantity", "units", "pieces", "pcs", "Menge", "quantité"),
    "net_amount": ("net sales", "sales amount", "line total", "net value", "amount", "Nettobetrag", "Betrag", "montant"),
    "cost_amount": ("total product cost", "cost of goods", "cost"),
    "list_amount": ("gross amount", "list value"),
    "currency": ("currency code", "Währung", "devise"),
    "channel": ("sales channel",),
    "sales_person": ("sales rep", "seller", "employee"),
    "invoice_key": ("invoice number", "invoice no", "invoice id", "invoice"),
    "invoiced_on": ("invoice date", "date of invoice"),
    "due_on": ("due date",),
    "settled_on": ("settled date", "payment date", "paid date", "clearing date"),
    "amount": ("invoice amount", "total amount", "gross amount"),
    "open_amount": ("outstanding", "outstanding balance", "balance"),
    "is_disputed": ("disputed",),
    "activity_key": ("activity id",),
    "performed_on": ("activity date", "date"),
    "activity": ("activity type",),
    "occurred_at": ("timestamp", "date time", "datetime"),
    "kind": ("type",),
    "rated_on": ("date", "rate date"),
    "from_currency": ("from",),
    "to_currency": ("to",),
    "rate": ("exchange rate", "average rate"),
}  # fmt: skip
"""Other names, the surer first. They only serve where no column bears the field's own name."""


def match_columns(table: TableSchema, columns: Sequence[str]) -> dict[str, str]:
    """Field name → column of the file, each column for one field at most; own names go before other names."""
    matched: dict[str, str] = {}
    for field in table.fields:
        index = find_column(field.name, columns)
        if index is not None:
            matched[field.name] = columns[index]
    for field in table.fields:
        if field.name not in matched and (other := _other_name(field, columns, set(matched.values()))):
            matched[field.name] = other
    return matched


def _other_name(field: Field, columns: Sequence[str], taken: set[str]) -> str | None:
    for synonym in _SYNONYMS.get(field.name, ()):
        wanted = matched_name(synonym)
        found = [c for c in columns if matched_name(c) == wanted and c not in taken]
        if len(found) == 1:
            return found[0]
    return None
