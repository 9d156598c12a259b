"""What a person may do to valuations and rates; which accounts they see is `queries.scope`."""

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.app.people.terms import Scope


def may_value(user: User) -> bool:
    """Have the ledger valued."""
    return may(user, Permission.CONDUCT_REVIEW)


def may_read_rates(user: User) -> bool:
    """Read what service costs the firm."""
    return may(user, Permission.CONDUCT_REVIEW)


def may_change_rates(user: User) -> bool:
    """Change pools and time equations."""
    return may(user, Permission.MANAGE_SETTINGS) and may_read_rates(user)


def may_read_assumptions(user: User) -> bool:
    """Read what valuations assume: it says nothing of any account, and explains figures that everybody meets."""
    return may(user, Permission.READ)


def may_change_assumptions(user: User) -> bool:
    """Change loss rates and what levers aim at."""
    return may(user, Permission.MANAGE_SETTINGS)


def may_change_rebates(user: User) -> bool:
    """Write down what is granted to an account: it commits the firm, so the account's manager reads it only."""
    return may(user, Permission.MANAGE_SETTINGS)


def may_deal_with_alerts(user: User) -> bool:
    """Say what became of an overdue order: whoever may change the account."""
    return may(user, Permission.EDIT_ACCOUNTS)


def sees_all_records(user: User) -> bool:
    """Whether nothing about accounts is kept from the person: only then may they read sums of the whole firm."""
    return user.effective_scope == Scope.ALL
