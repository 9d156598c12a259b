"""Accounts to work with, made by the operations that make real ones."""

from datetime import date
from itertools import count

from tests.factories.people import user

from openkam.app.accounts.models import Account, Tag
from openkam.app.accounts.operations.accounts import create_account
from openkam.app.accounts.operations.ledger_customers import LedgerCustomer
from openkam.app.accounts.operations.tags import create_tag
from openkam.app.people.models import User
from openkam.app.people.terms import Role

_numbers = count(1)
SOME_DAY = date(2016, 5, 31)


def account(name: str = "", *, actor: User | None = None, **fields: object) -> Account:
    """A saved account, made by an administrator unless an actor is given."""
    return create_account(actor=actor or user(Role.ADMINISTRATOR), name=name or f"Account {next(_numbers)}", **fields)


def tag(name: str = "") -> Tag:
    """A saved tag."""
    return create_tag(actor=user(Role.ADMINISTRATOR), name=name or f"Tag {next(_numbers)}")


def ledger_customer(customer_key: str = "", **fields: object) -> LedgerCustomer:
    """One customer of a ledger that belongs to an account of its own."""
    key = customer_key or str(1000 + next(_numbers))
    return LedgerCustomer(**{"source": "ERP", "customer_key": key, "ledger_account": key, "name": f"Customer {key}"} | fields)
