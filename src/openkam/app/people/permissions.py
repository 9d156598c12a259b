"""What each role may do. Which records it may do it to is the scope's affair, in `queries`."""

from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from openkam.app.people.models import User
from openkam.app.people.terms import Role


class Permission(StrEnum):
    """An act, in the words of the process."""

    MANAGE_PEOPLE = "manage people"
    MANAGE_ORGANISATION = "change the organisation"
    MANAGE_SETTINGS = "change settings"
    READ_AUDIT = "read the audit"
    IMPORT_FACTS = "import facts"
    CONDUCT_REVIEW = "conduct a review"
    DECIDE_SELECTION = "decide who is key"
    EDIT_ACCOUNTS = "edit accounts"
    DELETE_ACCOUNTS = "delete accounts"
    EXPORT = "export"
    ANSWER_RIGHTS = "answer for a person's rights"
    READ = "read"


_READ = frozenset({Permission.READ})
_TEAM = _READ | {Permission.EDIT_ACCOUNTS}
_MANAGER = _TEAM | {Permission.EXPORT}
_ANALYST = _READ | {Permission.EXPORT, Permission.CONDUCT_REVIEW, Permission.IMPORT_FACTS}
_HEAD = (
    _MANAGER
    | _ANALYST
    | {Permission.DECIDE_SELECTION, Permission.DELETE_ACCOUNTS, Permission.READ_AUDIT, Permission.MANAGE_SETTINGS}
    | {Permission.ANSWER_RIGHTS}
)

GRANTED: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: _HEAD | {Permission.MANAGE_PEOPLE, Permission.MANAGE_ORGANISATION},
    Role.HEAD: _HEAD,
    Role.MANAGER: _MANAGER,
    Role.ANALYST: _ANALYST,
    Role.TEAM_MEMBER: _TEAM,
    Role.READ_ONLY: _READ,
}


def may(user: User, permission: Permission) -> bool:
    """True when an active user's role grants the act."""
    return user.is_active and permission in GRANTED[Role(user.role)]


def require(user: User, permission: Permission) -> None:
    """Raise `PermissionDenied`, naming the act, unless the user may do it."""
    if not may(user, permission):
        raise PermissionDenied(f"Your role does not let you {permission}. Ask an administrator.")


def person_of(request: HttpRequest) -> User:
    """Who sent a request; raises `PermissionDenied` for a visitor, whom the middleware does not let in anyway."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Sign in first.")
    return request.user
