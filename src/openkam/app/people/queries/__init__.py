"""Reads: the organisation, users, teams, and whose records a person sees. The one place where record scope is decided."""

from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.signing import BadSignature
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from openkam.analytics.ledger.currencies import CURRENCIES
from openkam.app.people.models import Membership, Organisation, SignInLink, Team, User
from openkam.app.people.permissions import Permission, may
from openkam.app.people.queries.compiled import compiled_once, only_row
from openkam.app.people.terms import FiscalYear, Role, Scope, WeekStart, fiscal_year

REPLACED_BY_THE_EURO = frozenset("ATS BEF CYP DEM EEK ESP FIM FRF GRD HRK IEP ITL LTL LUF LVL MTL NLG PTE SIT SKK".split())  # noqa: SIM905

TOLD_WITH_THE_USER = ("name", "time_zone", "fiscal_year_start_month", "fiscal_year_start_day", "week_start")


def organisation() -> Organisation:
    """The organisation; one without a name, not stored, until somebody described it."""
    return Organisation.objects.first() or Organisation()


def reporting_currencies() -> tuple[str, ...]:
    """The codes that money can be reported in: ISO 4217 without what the euro replaced."""
    return tuple(sorted(CURRENCIES - REPLACED_BY_THE_EURO))


def signed_in_user(key: int) -> User | None:
    """Whoever a session belongs to, with what pages say of the organisation as `organisation_…`, in one query."""
    return only_row(_user_with_organisation(key))


@compiled_once
def _user_with_organisation(key: int) -> QuerySet[User]:
    told = {f"organisation_{field}": Subquery(Organisation.objects.values(field)[:1]) for field in TOLD_WITH_THE_USER}
    return User.objects.annotate(**told).filter(pk=key).order_by()


def live_session(key: str) -> Session | None:
    """The session with this key, unless it is over."""
    return only_row(_live_session(key, timezone.now()))


@compiled_once
def _live_session(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


def fiscal_year_today(user: User, today: date) -> FiscalYear | None:
    """The fiscal year of the day, of a user from a session; None where the organisation is not described, or counts by the calendar."""
    month = getattr(user, "organisation_fiscal_year_start_month", None)
    day = getattr(user, "organisation_fiscal_year_start_day", None)
    return fiscal_year(today, month, day) if month and day and (month, day) != (1, 1) else None


def first_day_of_week(user: User, day: date) -> date:
    """The day with which the organisation's week of a day begins, of a user from a session; Monday where nobody said otherwise."""
    begins = getattr(user, "organisation_week_start", None) or WeekStart.MONDAY
    return day - timedelta(days=(day.weekday() - begins) % 7)


def active_users() -> QuerySet[User]:
    """Everybody who may sign in."""
    return User.objects.filter(is_active=True)


def person_with_address(address: str) -> User | None:
    """Who has an address, whatever its case, also if they may not sign in any more."""
    return User.objects.filter(email__iexact=address).first()


def administrators() -> QuerySet[User]:
    """Every administrator who may sign in."""
    return active_users().filter(role=Role.ADMINISTRATOR)


def any_administrator() -> bool:
    """True once the first administrator exists."""
    return administrators().exists()


def people(user: User) -> QuerySet[User]:
    """Everybody, with their manager, teams and whether they have a second factor; only oneself unless one manages people."""
    known = User.objects.all() if may(user, Permission.MANAGE_PEOPLE) else User.objects.filter(pk=user.pk)
    second_factor = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return (
        known.select_related("reports_to").prefetch_related("memberships__team").annotate(has_second_factor=Exists(second_factor))
    )


def possible_managers(user: User | None) -> QuerySet[User]:
    """Whom a person could report to: whom they report to now, and whoever may sign in and does not report to them."""
    if user is None:
        return active_users()
    return User.objects.filter(Q(is_active=True) | Q(pk=user.reports_to_id)).exclude(pk__in=subordinate_ids(user))


def possible_members(team: Team | None) -> QuerySet[User]:
    """Who could be in a team: who is in it now, and whoever may sign in."""
    present = Membership.objects.filter(team=team).values("user_id")
    return User.objects.filter(Q(is_active=True) | Q(pk__in=present)) if team else active_users()


def own_sessions(user: User) -> QuerySet[UserSession]:
    """The browsers a person is signed in with, newest first; ended ones are swept away."""
    UserSession.objects.purge_and_list(user)
    return UserSession.objects.filter(user=user).order_by("-created_at")


def open_sign_in_link(token: str) -> SignInLink | None:
    """The link of a token if it would sign somebody in now."""
    try:
        digest = SignInLink.digest_of(token)
    except BadSignature:
        return None
    unspent = SignInLink.objects.filter(digest=digest, used_at=None, expires_at__gt=timezone.now(), user__is_active=True)
    return unspent.select_related("user").first()


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
