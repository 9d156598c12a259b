"""Make a claim about an account or a contact, and take one back."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.accounts.terms.account import Certainty
from openkam.app.audit.operations import record_write, recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Claim, Contact, Employment
from openkam.app.relationships.queries.claims import keeps_secrets_of
from openkam.app.relationships.terms import CLAIM_SHELF_LIFE_DAYS, PERSONAL_TOPICS, SCALES, Topic


@transaction.atomic
def make_claim(
    *,
    actor: User,
    account: Account,
    topic: Topic,
    text: str,
    source: str,
    as_of_on: date,
    contact: Contact | None = None,
    certainty: Certainty = Certainty.ASSUMED,
    shelf_life_days: int = CLAIM_SHELF_LIFE_DAYS,
    is_private: bool | None = None,
    value: int | None = None,
) -> Claim:
    """State what somebody believes; an older claim on the topic stays and counts no more.

    Unless `is_private` is said, what is claimed of a contact as a person (`terms.PERSONAL_TOPICS`) is private, and everything else is not.
    The audit keeps that a private claim was made, and not what it says. Raises `PermissionDenied` for a private claim by somebody
    who could not read it, `ValidationError` for a day to come, a contact who never worked at the account or a grade off the topic's scale.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    if is_private is None:
        is_private = contact is not None and topic in PERSONAL_TOPICS
        if is_private and not keeps_secrets_of(actor, account):
            raise ValidationError({"topic": "This is for the account's manager and team: tell them, or open it to everybody."})
    if is_private and not keeps_secrets_of(actor, account):
        raise PermissionDenied("Only the account's manager and team keep private claims about it.")
    if as_of_on > timezone.localdate():
        raise ValidationError({"as_of_on": "This day has not come yet."})
    if contact is not None and not Employment.objects.filter(contact=contact, account=account).exists():
        raise ValidationError({"contact": f"{contact.name} never held a post at {account.name}."})
    if value is not None and value not in SCALES.get(topic, {}):
        raise ValidationError({"value": "There is no such grade on the scale of this topic."})
    made = Claim(
        account=account,
        contact=contact,
        topic=topic,
        text=text.strip(),
        value=value,
        source=" ".join(source.split()),
        as_of_on=as_of_on,
        certainty=certainty,
        shelf_life_days=shelf_life_days,
        is_private=is_private,
        author=actor,
    )
    made.full_clean(exclude=["account", "contact", "author"])
    if is_private:
        made.save()
        _record_private(actor, "made a private claim", made)
    else:
        with recorded(actor=actor, verb="claimed", record=made):
            made.save()
    return made


@transaction.atomic
def withdraw_claim(*, actor: User, claim: Claim) -> None:
    """Let a claim count no more; it stays on record. Raises `PermissionDenied` for somebody else's private claim."""
    require(actor, Permission.EDIT_ACCOUNTS)
    if claim.is_private and not keeps_secrets_of(actor, claim.account):
        raise PermissionDenied("Only the account's manager and team keep private claims about it.")
    if claim.is_private:
        claim.withdrawn_at = timezone.now()
        claim.save(update_fields=["withdrawn_at"])
        _record_private(actor, "withdrew a private claim", claim)
        return
    with recorded(actor=actor, verb="withdrew", record=claim):
        claim.withdrawn_at = timezone.now()
        claim.save(update_fields=["withdrawn_at"])


def _record_private(actor: User, verb: str, claim: Claim) -> None:
    """The audit is read beyond manager and team: it names the account of a private claim and nothing else of it."""
    record_write(
        actor=actor, verb=verb, record=claim.account, before={}, after={"private claim": claim.pk, "account": str(claim.account)}
    )
