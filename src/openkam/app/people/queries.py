"""Reads: users, teams, and whose records a person sees. The one place where record scope is decided."""

from django.db.models import Q, QuerySet

from openkam.app.people.models import Membership, Team, User
from openkam.app.people.terms import Role, Scope


def active_users() -> QuerySet[User]:
    """Everybody who may sign in."""
    return User.objects.filter(is_active=True)


def any_administrator() -> bool:
    """True once the first administrator exists."""
    return User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists()


def teams() -> QuerySet[Team]:
    """All teams with their members."""
    return Team.objects.prefetch_related("memberships__user")


def subordinate_ids(user: User) -> set[int]:
    """The user and everybody below in the manager hierarchy; a ring in the data ends the walk."""
    below: dict[int | None, list[int]] = {}
    for user_id, manager_id in User.objects.values_list("id", "reports_to_id"):
        below.setdefault(manager_id, []).append(user_id)
    seen: set[int] = set()
    queue = [user.pk]
    while queue:
        user_id = queue.pop()
        if user_id not in seen:
            seen.add(user_id)
            queue.extend(below.get(user_id, []))
    return seen


def owned_by(user: User, owner: str, team: str = "", shared_with: str = "") -> Q:
    """The condition under which a user sees a record.

    `owner`, `team`, `shared_with` are the record's field paths to its owner (a user), its team and the users it is shared with.
    """
    scope = user.effective_scope
    if scope == Scope.ALL:
        return Q()
    seen = Q(**{f"{owner}__in": subordinate_ids(user) if scope == Scope.SUBTREE else {user.pk}})
    if team:
        mine = Membership.objects.filter(user=user).values("team_id")
        seen |= Q(**{f"{team}__in": mine})
        if scope == Scope.TEAM:
            mates = Membership.objects.filter(team_id__in=mine).values("user_id")
            seen |= Q(**{f"{owner}__in": mates})
    if shared_with:
        seen |= Q(**{shared_with: user.pk})
    return seen
