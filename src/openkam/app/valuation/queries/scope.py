"""Valuations, and the rows of them that a person sees: those whose account they may see; with all records, also those without one."""

from typing import TypeVar

from django.db.models import Exists, F, OuterRef, QuerySet

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.people.queries.compiled import compiled_once, only_row
from openkam.app.valuation.models import AccountBridge, AccountDetail, AccountWorth, Valuation
from openkam.app.valuation.permissions import sees_all_records

Row = TypeVar("Row", AccountWorth, AccountBridge, AccountDetail)


def latest_valuation() -> Valuation | None:
    """The newest valuation, with the rates and assumptions it was made with; it names no account."""
    return only_row(_latest_valuation())


@compiled_once
def _latest_valuation() -> QuerySet[Valuation]:
    return Valuation.objects.select_related("book", "assumptions")[:1]


def visible_bridges(user: User, valuation: Valuation) -> QuerySet[AccountBridge]:
    """The bridges of a valuation that the person sees, by the same rule as its rows."""
    return _seen(AccountBridge.objects.filter(valuation=valuation), user)


def visible_details(user: User, valuation: Valuation) -> QuerySet[AccountDetail]:
    """The details of a valuation's accounts that the person sees, by the same rule as its rows."""
    return _seen(AccountDetail.objects.filter(valuation=valuation), user)


def has_binned(valuation: Valuation) -> bool:
    """Whether an account of the valuation is in the bin by now: then the sums that it kept hold more than anybody may see."""
    return Account.objects.filter(
        Exists(AccountWorth.objects.filter(valuation=valuation, account=OuterRef("pk"))), deleted_at__isnull=False
    ).exists()


def visible_worths(user: User, valuation: Valuation) -> QuerySet[AccountWorth]:
    """The rows of a valuation that the person sees. All other reads start here; what is in the bin is never there."""
    return _seen(AccountWorth.objects.filter(valuation=valuation), user)


def worths_of_account(user: User, valuation: Valuation, account: Account, limit: int) -> list[AccountWorth]:
    """The largest rows of an account among `visible_worths`, without their valuation."""
    return _worths_of_account(user, valuation.pk, account.pk, limit=limit)


@compiled_once
def _worths_of_account(user: User, valuation: int, account: int, *, limit: int) -> QuerySet[AccountWorth]:
    found = _seen(AccountWorth.objects.filter(valuation=valuation, account=account), user)
    return found.order_by(F("net_invoice").desc(nulls_last=True), "pk")[:limit]


def _seen(rows: "QuerySet[Row]", user: User) -> "QuerySet[Row]":
    if sees_all_records(user):
        binned = Account.objects.filter(pk=OuterRef("account"), deleted_at__isnull=False)
        return rows.filter(~Exists(binned))
    return rows.filter(account__in=visible_accounts(user).order_by())
