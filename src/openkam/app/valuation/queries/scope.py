"""Valuations, and the rows of them that a person sees: those whose account they may see; with all records, also those without one."""

from django.db.models import Exists, OuterRef, QuerySet

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.valuation.models import AccountWorth, Valuation
from openkam.app.valuation.permissions import sees_all_records


def latest_valuation() -> Valuation | None:
    """The newest valuation, with the rates it was made with; it names no account."""
    return Valuation.objects.select_related("book").first()


def visible_worths(user: User, valuation: Valuation) -> QuerySet[AccountWorth]:
    """The rows of a valuation that the person sees. All other reads start here; what is in the bin is never there."""
    worths = AccountWorth.objects.filter(valuation=valuation)
    if sees_all_records(user):
        binned = Account.objects.filter(pk=OuterRef("account"), deleted_at__isnull=False)
        return worths.filter(~Exists(binned))
    return worths.filter(account__in=visible_accounts(user).order_by())
