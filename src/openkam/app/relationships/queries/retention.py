"""What is kept longer than the firm's clocks say, by person and by account; and the cases that somebody has to decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from openkam.analytics.behaviour.facts import months_after, months_before
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.app.relationships.models import Contact, Interaction, Participant, Response, RetentionCase, RetentionClock
from openkam.app.relationships.queries.contacts import visible_contacts
from openkam.app.relationships.terms import CaseState, Origin, RetentionKind


@dataclass(frozen=True, slots=True)
class Due:
    """Something whose time is over: of a contact or an account, since when, and how many records."""

    kind: RetentionKind
    contact_id: int | None
    account_id: int | None
    since_on: date
    count: int


def clocks() -> dict[str, RetentionClock]:
    """The clocks that were ever set, by kind."""
    return {clock.kind: clock for clock in RetentionClock.objects.all()}


def visible_clocks(user: User) -> QuerySet[RetentionClock]:
    """The clocks, whose history is open to who may set them."""
    return RetentionClock.objects.all() if may(user, Permission.MANAGE_SETTINGS) else RetentionClock.objects.none()


def due_on(today: date) -> Iterator[Due]:
    """What is due on a day by the clocks that run."""
    for name, clock in clocks().items():
        kind = RetentionKind(name)
        if clock.months is None:
            continue
        if kind is RetentionKind.CONTACTS:
            yield from _contacts(today, clock.months)
        elif kind is RetentionKind.ANSWERS:
            yield from _answers(today, clock.months)
        else:
            yield from _entries(kind, today, clock.months)


def entries_before(kind: RetentionKind, day: date) -> QuerySet[Interaction]:
    """The entries of a kind before a day, those that were removed among them: mails and appointments that came in, or what was logged."""
    of_kind = Q(origin=Origin.ENTERED) if kind == RetentionKind.INTERACTIONS else ~Q(origin=Origin.ENTERED)
    return Interaction.objects.filter(of_kind, at__lt=timezone.make_aware(datetime.combine(day, time.min))).order_by()


def visible_cases(user: User) -> QuerySet[RetentionCase]:
    """Cases of the accounts and contacts that the user sees, the longest due first."""
    seen = Q(account__in=visible_accounts(user).order_by()) | Q(contact__in=visible_contacts(user).order_by())
    return RetentionCase.objects.filter(seen).select_related("account", "contact", "decided_by")


def open_cases(user: User) -> QuerySet[RetentionCase]:
    """Those that wait for a decision."""
    return visible_cases(user).filter(state=CaseState.OPEN)


def open_case(user: User, pk: int) -> RetentionCase:
    """One of them; raises `Http404` for any other."""
    found = open_cases(user).filter(pk=pk).first()
    if found is None:
        raise Http404("No such case.")
    return found


def _contacts(today: date, months: int) -> Iterator[Due]:
    """Nobody works there any more, and nothing passed between us since."""
    cutoff = months_before(today, months)
    left = (
        Contact.objects.filter(erased_at=None, created_at__date__lt=cutoff)
        .annotate(holding=Count("employments", filter=Q(employments__until_on=None)), ended_on=Max("employments__until_on"))
        .filter(holding=0, ended_on__lt=cutoff)
        .order_by("pk")
    )
    seen = Participant.objects.filter(contact__in=left.order_by().values("pk")).order_by()
    last = dict(seen.values("contact").annotate(at=Max("interaction__at")).values_list("contact", "at"))
    for pk, ended_on, created_at in left.values_list("pk", "ended_on", "created_at"):
        days = [ended_on, timezone.localdate(created_at)]
        if pk in last:
            days.append(timezone.localdate(last[pk]))
        if max(days) < cutoff:
            yield Due(RetentionKind.CONTACTS, pk, None, months_after(max(days), months), 1)


def _entries(kind: RetentionKind, today: date, months: int) -> Iterator[Due]:
    old = entries_before(kind, months_before(today, months)).filter(account__deleted_at=None)
    for account, count, first in (
        old.values("account").annotate(count=Count("pk"), first=Min("at")).values_list("account", "count", "first")
    ):
        yield Due(kind, None, account, months_after(timezone.localdate(first), months), count)


def _answers(today: date, months: int) -> Iterator[Due]:
    old = Response.objects.filter(answered_on__lt=months_before(today, months), survey__account__deleted_at=None).order_by()
    found = old.values("survey__account").annotate(count=Count("pk"), first=Min("answered_on"))
    for account, count, first in found.values_list("survey__account", "count", "first"):
        yield Due(RetentionKind.ANSWERS, None, account, months_after(first, months), count)
