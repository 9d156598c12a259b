"""Note what speaks for a rung of the ladder, check a recommendation, take a note back."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Contact, Employment, LoyaltyEvidence
from openkam.app.relationships.operations.ladder_places import reckon_places
from openkam.app.relationships.terms import LoyaltyKind


@transaction.atomic
def note_loyalty(
    *,
    actor: User,
    account: Account,
    kind: LoyaltyKind,
    on: date,
    source: str,
    contact: Contact | None = None,
    until_on: date | None = None,
    recommends: int | None = None,
    confirmed_by: User | None = None,
    confirmed_by_them: str = "",
) -> LoyaltyEvidence:
    """Keep one piece of evidence.

    Raises `ValidationError` for a day to come, an end before it, an attitude without a score, a score of anything else, or a contact
    who never worked at the account.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    if on > timezone.localdate():
        raise ValidationError({"on": "This day has not come yet."})
    if until_on is not None and until_on < on:
        raise ValidationError({"until_on": "It cannot end before it began."})
    if (kind == LoyaltyKind.ATTITUDE) != (recommends is not None):
        raise ValidationError({"recommends": "An attitude has a score from 0 to 10, and nothing else has one."})
    if contact is not None and not Employment.objects.filter(contact=contact, account=account).exists():
        raise ValidationError({"contact": f"{contact.name} never held a post at {account.name}."})
    made = LoyaltyEvidence(
        account=account,
        contact=contact,
        kind=kind,
        on=on,
        until_on=until_on,
        recommends=recommends,
        confirmed_by=confirmed_by,
        confirmed_by_them=" ".join(confirmed_by_them.split()),
        source=" ".join(source.split()),
        author=actor,
    )
    made.full_clean(exclude=["account", "contact", "author", "confirmed_by"])
    with recorded(actor=actor, verb="noted", record=made):
        made.save()
    reckon_places(keys=[account.pk], today=timezone.localdate())
    return made


@transaction.atomic
def verify_recommendation(*, actor: User, evidence: LoyaltyEvidence) -> None:
    """Say that a recommendation was made indeed. Raises `ValidationError` for anything else, and for one that is verified."""
    require(actor, Permission.EDIT_ACCOUNTS)
    if evidence.kind != LoyaltyKind.RECOMMENDATION or evidence.confirmed_by_id is not None:
        raise ValidationError("Only a recommendation that nobody has verified yet is to be verified.")
    with recorded(actor=actor, verb="verified", record=evidence):
        evidence.confirmed_by = actor
        evidence.save(update_fields=["confirmed_by"])
    reckon_places(keys=[evidence.account_id], today=timezone.localdate())


@transaction.atomic
def withdraw_loyalty(*, actor: User, evidence: LoyaltyEvidence) -> None:
    """Let a note count no more; it stays on record."""
    require(actor, Permission.EDIT_ACCOUNTS)
    with recorded(actor=actor, verb="withdrew", record=evidence):
        evidence.withdrawn_at = timezone.now()
        evidence.save(update_fields=["withdrawn_at"])
    reckon_places(keys=[evidence.account_id], today=timezone.localdate())
