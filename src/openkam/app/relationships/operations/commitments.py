"""Keep a promise of either side, say what became of it."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.audit.operations import record_write, recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Commitment, Contact, Employment, Interaction
from openkam.app.relationships.queries.claims import keeps_secrets_of
from openkam.app.relationships.terms import PromiseState, Side

CLOSING_NEEDS_REASON = (PromiseState.BROKEN, PromiseState.WITHDRAWN)


@transaction.atomic
def make_commitment(
    *,
    actor: User,
    account: Account,
    side: Side,
    text: str,
    promised_on: date,
    due_on: date | None = None,
    interaction: Interaction | None = None,
    by_user: User | None = None,
    by_contact: Contact | None = None,
) -> Commitment:
    """Keep what a side promised. In a private entry the promise is private too, and the audit keeps only that it was made.

    Raises `ValidationError` for a day to come, a due day before it, somebody of the other side, a contact who never worked at the
    account; `PermissionDenied` for a promise in a private entry by somebody who may not read it.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    if interaction is not None and (interaction.account_id != account.pk or interaction.removed_at is not None):
        raise ValidationError({"interaction": f"This is no entry of {account.name}."})
    if promised_on > timezone.localdate():
        raise ValidationError({"promised_on": "This day has not come yet."})
    if due_on is not None and due_on < promised_on:
        raise ValidationError({"due_on": "A promise cannot be due before it was made."})
    if (by_user is not None and side != Side.OURS) or (by_contact is not None and side != Side.THEIRS):
        raise ValidationError("Who promises stands on the side that promises.")
    if by_contact is not None and not Employment.objects.filter(contact=by_contact, account=account).exists():
        raise ValidationError({"by_contact": f"{by_contact.name} never held a post at {account.name}."})
    made = Commitment(
        account=account,
        side=side,
        text=" ".join(text.split()),
        interaction=interaction,
        by_user=by_user,
        by_contact=by_contact,
        promised_on=promised_on,
        due_on=due_on,
        recorded_by=actor,
    )
    made.full_clean(exclude=["account", "interaction", "by_user", "by_contact", "recorded_by"], validate_constraints=False)
    _write(actor, "kept a promise", made)
    return made


@transaction.atomic
def close_commitment(*, actor: User, commitment: Commitment, state: PromiseState, on: date, reason: str = "") -> None:
    """Say what became of a promise and on what day.

    Kept by its day is kept in time, kept after it is kept late, whichever of the two was said. Raises `ValidationError` when it is closed
    already, for a day to come or before the promise, and for a broken or withdrawn one without a reason.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    Commitment.objects.select_for_update().get(pk=commitment.pk)
    commitment.refresh_from_db(fields=["state", "due_on", "promised_on"])
    if commitment.state != PromiseState.OPEN:
        raise ValidationError("This promise is closed already: open it again first.")
    if state == PromiseState.OPEN:
        raise ValidationError({"state": "Say what became of it."})
    if on > timezone.localdate():
        raise ValidationError({"on": "This day has not come yet."})
    if on < commitment.promised_on:
        raise ValidationError({"on": "A promise cannot be closed before it was made."})
    if state in CLOSING_NEEDS_REASON and not reason.strip():
        raise ValidationError({"reason": "Say why: the other side will ask."})
    if state in {PromiseState.KEPT, PromiseState.KEPT_LATE}:
        is_late = commitment.due_on is not None and on > commitment.due_on
        state = PromiseState.KEPT_LATE if is_late else PromiseState.KEPT
    commitment.state, commitment.closed_on, commitment.reason = state, on, " ".join(reason.split())
    commitment.full_clean(exclude=["account", "interaction", "by_user", "by_contact", "recorded_by"], validate_constraints=False)
    _write(actor, "closed a promise", commitment)


@transaction.atomic
def reopen_commitment(*, actor: User, commitment: Commitment) -> None:
    """Take back what was said of a promise. Raises `ValidationError` when it is open."""
    require(actor, Permission.EDIT_ACCOUNTS)
    if commitment.state == PromiseState.OPEN:
        raise ValidationError("This promise is open.")
    commitment.state, commitment.closed_on, commitment.reason = PromiseState.OPEN, None, ""
    _write(actor, "reopened a promise", commitment)


def _write(actor: User, verb: str, made: Commitment) -> None:
    """Store and record it; of a private one the audit, which is read beyond manager and team, names the account alone."""
    if made.interaction is None or not made.interaction.is_private:
        with recorded(actor=actor, verb=verb, record=made):
            made.save()
        return
    if not keeps_secrets_of(actor, made.account):
        raise PermissionDenied("Only the account's manager and team keep what is promised in a private entry.")
    made.save()
    told: dict[str, object] = {"private promise": made.pk, "account": str(made.account)}
    record_write(actor=actor, verb=f"{verb} in private", record=made.account, before={}, after=told)
