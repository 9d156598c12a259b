"""Accounts and what is kept about each."""

from openkam.app.accounts.models.account import Account, AccountKey, Share, Tag
from openkam.app.accounts.models.card import Address, Fact, Identifier, TradeName
from openkam.app.accounts.models.custom_field import CustomField, CustomValue
from openkam.app.accounts.models.hierarchy import Descent
from openkam.app.accounts.models.saved_view import SavedView

__all__ = [
    "Account",
    "AccountKey",
    "Address",
    "CustomField",
    "CustomValue",
    "Descent",
    "Fact",
    "Identifier",
    "SavedView",
    "Share",
    "Tag",
    "TradeName",
]
