"""A customer as a ledger hands it over."""

from collections.abc import Sequence
from dataclasses import dataclass

from openkam.app.accounts.terms.account import Kind


@dataclass(frozen=True, slots=True)
class LedgerCustomer:
    """One customer of a ledger. `ledger_account` is the engine's name of the account it belongs to; customers that share it are one.

    `parent_account` is the engine's name of the account above. Words that the ledger lacks stay empty. `employees` counts persons,
    `annual_sales` is the customer's own yearly sales in `currency`.
    """

    source: str
    customer_key: str
    ledger_account: str
    name: str
    kind: Kind = Kind.CUSTOMER
    parent_account: str = ""
    manager: str = ""
    legal_name: str = ""
    tax_id: str = ""
    country: str = ""
    industry: str = ""
    outlet_type: str = ""
    region: str = ""
    buying_group: str = ""
    address: str = ""
    postal_code: str = ""
    city: str = ""
    employees: int | None = None
    annual_sales: str = ""
    currency: str = ""


def first_word(group: Sequence[LedgerCustomer], field: str) -> str:
    """The first customer's value that says something, as text."""
    return next((str(value).strip() for customer in group if (value := getattr(customer, field)) not in (None, "")), "")
