"""Clocks of retention: set, run, and decided about. Nothing is erased in silence; what may go by itself the setting says."""

from collections.abc import Callable, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.analytics.behaviour.facts import months_before
from openkam.app.accounts.models import Account
from openkam.app.audit.models import Entry
from openkam.app.audit.operations import Theirs, erase_from_audit, record_write, recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Commitment, Interaction, Invitation, Response, RetentionCase, RetentionClock
from openkam.app.relationships.operations.erased_files import wipe_freed_space
from openkam.app.relationships.operations.erasure_list import keep_erasures
from openkam.app.relationships.operations.last_contacts import contacts_in, reckon_last_contacts
from openkam.app.relationships.queries.retention import Due, due_on, entries_before
from openkam.app.relationships.terms import CaseState, RetentionKind

WORDS_OF_ENTRY = frozenset({"subject", "note", "participants", "external_id", "thread_key"})


@transaction.atomic
def set_clocks(*, actor: User, months: Mapping[RetentionKind, int | None], goes_by_itself: bool) -> None:
    """Say how many months each kind is kept (None: for good), and whether correspondence goes by itself."""
    require(actor, Permission.MANAGE_SETTINGS)
    for kind, wanted in months.items():
        clock = RetentionClock.objects.filter(kind=kind).first() or RetentionClock(kind=kind)
        with recorded(actor=actor, verb="set a clock of retention", record=clock):
            clock.months = wanted
            clock.goes_by_itself = goes_by_itself and kind == RetentionKind.CORRESPONDENCE
            clock.full_clean(validate_unique=False)
            clock.save()


def list_due(*, today: date, tell: Callable[[str], None]) -> dict[str, int]:
    """List what is due, and remove correspondence that goes by itself; returns how many cases are open and how many entries went."""
    by_itself = RetentionClock.objects.filter(kind=RetentionKind.CORRESPONDENCE, goes_by_itself=True).exists()
    open_keys: list[int] = []
    gone = 0
    for due in list(due_on(today)):
        if by_itself and due.kind == RetentionKind.CORRESPONDENCE:
            gone += _forget(None, due.kind, Account.objects.get(pk=due.account_id), today, "Its time was over")
            continue
        case = _listed(due, today)
        if case.state == CaseState.OPEN:
            open_keys.append(case.pk)
    RetentionCase.objects.filter(state=CaseState.OPEN).exclude(pk__in=open_keys).delete()
    keep_erasures()
    tell(f"{len(open_keys)} to decide, {gone} gone by themselves")
    return {"open": len(open_keys), "gone": gone}


@transaction.atomic
def keep_longer(*, actor: User, case: RetentionCase, until_on: date, reason: str) -> None:
    """Keep what is due until a day, for a reason. Raises `ValidationError` without one, or for a day that is over."""
    require(actor, Permission.ANSWER_RIGHTS)
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is kept longer than the firm promises."})
    if until_on <= timezone.localdate():
        raise ValidationError({"until_on": "Name a day to come."})
    with recorded(actor=actor, verb="kept longer", record=case, reason=reason.strip()):
        case.state, case.kept_until_on, case.reason = CaseState.KEPT, until_on, " ".join(reason.split())
        case.decided_at, case.decided_by = timezone.now(), actor
        case.save()


@transaction.atomic
def erase_due(*, actor: User, case: RetentionCase) -> int:
    """Remove what an account has of a kind whose time is over; returns how many records. A contact is erased as a person is."""
    require(actor, Permission.ANSWER_RIGHTS)
    if case.account is None:
        raise ValidationError("A person is erased on a page of their own, with what would go.")
    count = _forget(
        actor, RetentionKind(case.kind), case.account, timezone.localdate(), "Its time was over, and somebody decided so"
    )
    RetentionCase.objects.filter(pk=case.pk).update(
        state=CaseState.ERASED, decided_at=timezone.now(), decided_by=actor, count=count
    )
    return count


def _listed(due: Due, today: date) -> RetentionCase:
    """The case of something due: as new, as it was, or open again once the day is over until which it was kept."""
    of = {"kind": due.kind, "contact_id": due.contact_id, "account_id": due.account_id}
    case = RetentionCase.objects.filter(**of).first() or RetentionCase(**of)
    if case.state == CaseState.KEPT and case.kept_until_on and case.kept_until_on >= today:
        return case
    if case.state != CaseState.OPEN:
        case.state, case.kept_until_on, case.reason, case.decided_at, case.decided_by = CaseState.OPEN, None, "", None, None
    case.due_since_on, case.count = due.since_on, due.count
    case.save()
    return case


@transaction.atomic
def _forget(actor: User | None, kind: RetentionKind, account: Account, today: date, reason: str) -> int:
    """Remove an account's records of a kind before the clock's day, and their words from the audit."""
    clock = RetentionClock.objects.filter(kind=kind).first()
    if clock is None or clock.months is None:
        raise ValidationError("No clock runs for this any more.")
    cutoff = months_before(today, clock.months)
    count = _forget_answers(account, cutoff) if kind == RetentionKind.ANSWERS else 0
    keys = frozenset[str]()
    if kind != RetentionKind.ANSWERS:
        keys, count = _forget_entries(kind, account, cutoff)

    def judge(entry: Entry) -> Theirs:
        if entry.record_type != Interaction._meta.label_lower or entry.record_key not in keys:
            return Theirs()
        names = frozenset(name for values in (entry.before, entry.after) for name in values if name in WORDS_OF_ENTRY)
        return Theirs(names, record_name=True, reason=bool(entry.reason))

    told: dict[str, object] = {"kind": str(kind), "records": count, "before": cutoff.isoformat()}
    if keys:
        erase_from_audit(actor=actor, record=account, before={}, after=told, reason=reason, judge=judge)
    else:
        record_write(actor=actor, verb="forgot what was kept too long", record=account, before={}, after=told, reason=reason)
    transaction.on_commit(wipe_freed_space)
    return count


def _forget_entries(kind: RetentionKind, account: Account, cutoff: date) -> tuple[frozenset[str], int]:
    old = entries_before(kind, cutoff).filter(account=account)
    keys = frozenset(str(key) for key in old.values_list("pk", flat=True))
    # Promises outlive the entry in which they were made, but for those in a private one: loose from it, everybody would read them.
    Commitment.objects.filter(interaction__in=old.filter(is_private=False)).update(interaction=None)
    took_part = contacts_in(map(int, keys))
    old.delete()
    reckon_last_contacts(accounts=[account.pk], contacts=took_part)
    return keys, len(keys)


def _forget_answers(account: Account, cutoff: date) -> int:
    old = Response.objects.filter(survey__account=account, answered_on__lt=cutoff)
    Invitation.objects.filter(response__in=old.order_by()).update(address="", failure="")
    count = old.count()
    old.delete()
    return count
