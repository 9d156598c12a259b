"""What a person may do to contacts; which contacts is `queries.contacts`."""

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may


def may_edit(user: User) -> bool:
    """Add and change people at accounts, their posts and roles."""
    return may(user, Permission.EDIT_ACCOUNTS)
