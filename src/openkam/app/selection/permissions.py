"""What a person may do to rounds; which candidates they see is `queries.candidates`."""

from django.core.exceptions import PermissionDenied

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.app.people.terms import Scope


def may_conduct(user: User) -> bool:
    """Start rounds and try what-ifs."""
    return may(user, Permission.CONDUCT_REVIEW)


def may_decide(user: User) -> bool:
    """Decide and close."""
    return may(user, Permission.DECIDE_SELECTION)


def may_change_programme(user: User) -> bool:
    """Change criteria, weights and value functions."""
    return may(user, Permission.MANAGE_SETTINGS) and may_conduct(user)


def sees_all_records(user: User) -> bool:
    """Whether nothing about accounts is kept from the person: only then may they read a programme, which names accounts."""
    return user.effective_scope == Scope.ALL


def require_all_records(user: User) -> None:
    """Raise `PermissionDenied` unless the person sees all accounts."""
    if not sees_all_records(user):
        raise PermissionDenied("The programme names accounts that you do not see. Ask an administrator.")
