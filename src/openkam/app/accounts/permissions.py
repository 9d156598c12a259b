"""What a person may do to accounts; which accounts is `queries.visible_accounts`."""

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may


def may_edit(user: User) -> bool:
    """Make and change accounts."""
    return may(user, Permission.EDIT_ACCOUNTS)


def may_delete(user: User) -> bool:
    """Put accounts into the bin and take them out."""
    return may(user, Permission.DELETE_ACCOUNTS)


def may_export(user: User) -> bool:
    """Take a list of accounts along as a file."""
    return may(user, Permission.EXPORT)


def may_define_fields(user: User) -> bool:
    """Decide which fields of their own the firm's accounts have."""
    return may(user, Permission.MANAGE_SETTINGS)
