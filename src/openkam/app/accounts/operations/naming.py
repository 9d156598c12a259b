"""Keeps the folded names of an account in step with what it is called."""

from collections.abc import Iterable

from openkam.app.accounts.models import Account
from openkam.app.accounts.terms.names import folded


def sort_name_of(name: str) -> str:
    """The name an account is sorted by; a name without a letter or figure stands for itself."""
    return (folded(name) or name.casefold())[:300]


def search_text_of(name: str, legal_name: str, others: Iterable[str]) -> str:
    """All words under which an account is found: its names, trade names and ledger keys, each once."""
    return " ".join(dict.fromkeys(folded(text) for text in (name, legal_name, *others) if text))


def refresh_names(account: Account) -> None:
    """Set the folded names from what is stored; the caller saves."""
    others: list[str] = []
    if account.pk is not None:
        others = [*account.trade_names.values_list("name", flat=True), *account.keys.values_list("customer_key", flat=True)]
    account.sort_name = sort_name_of(account.name)
    account.search_text = search_text_of(account.name, account.legal_name, others)
