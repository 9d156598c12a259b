"""Emptying the records about a person: lines, roles and days stay, so that the map of an account keeps its shape."""

from collections.abc import Iterable
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from openkam.app.accounts.terms.names import folded
from openkam.app.audit.models import ERASED
from openkam.app.relationships.models import (
    Claim,
    Contact,
    ContactPoint,
    ContactProposal,
    Employment,
    Interaction,
    Invitation,
    LoyaltyEvidence,
    Participant,
    Response,
    StageChange,
)
from openkam.app.relationships.models.survey import new_nonce
from openkam.app.relationships.operations.last_contacts import reckon_last_contacts
from openkam.app.relationships.queries.erased_addresses import name_digest
from openkam.app.relationships.queries.person_traces import Person
from openkam.app.relationships.queries.texts_naming import KEYS, NamingText
from openkam.app.relationships.terms import Origin, Side


def rename_contact(contact: Contact, number: int) -> None:
    """The person under a number; their page, posts and lines stay."""
    contact.name = f"Erased contact {number}"
    contact.sort_name = folded(contact.name)
    contact.honorific = contact.language = contact.time_zone = ""
    contact.erased_at = timezone.now()
    contact.save()


def empty_records(person: Person) -> dict[str, int]:
    """Empty or remove every record about the person; returns how many of each kind.

    Answers to surveys stay without a name, what somebody believed of the person does not: it is withdrawn.
    """
    kept = person.records
    counts = {
        "ways to reach them": kept[ContactPoint].count(),
        "posts": kept[Employment].update(job_title="", site=""),
        "claims": _empty_claims(person),
        "notes of loyalty": kept[LoyaltyEvidence].update(source=ERASED, confirmed_by_them=""),
        "timeline entries": _empty_entries(person),
        "answers to surveys": _empty_answers(person),
        "proposals": kept[ContactProposal].count(),
    }
    kept[ContactPoint].delete()
    kept[ContactProposal].delete()
    return counts


def redact_texts(texts: Iterable[NamingText]) -> tuple[int, dict[str, int]]:
    """Write each text without the person; returns how many records, and how many of each kind the database refuses to change."""
    count = 0
    refused: dict[str, int] = {}
    for text in texts:
        values = {name: _key_of(text, name) if name in KEYS else value for name, value in text.values.items()}
        try:
            with transaction.atomic():
                count += text.model._base_manager.filter(pk=text.pk).update(**values)
        except DatabaseError:  # what the database refuses is told, and stays
            kind = str(text.model._meta.verbose_name_plural)
            refused[kind] = refused.get(kind, 0) + 1
    return count, refused


def _key_of(text: NamingText, name: str) -> str:
    """Still one of its kind, and the same for all mails of a conversation."""
    stored: Any = text.model._base_manager.values_list(name, flat=True).get(pk=text.pk)
    return name_digest(f"{name} {stored}")


def _empty_claims(person: Person) -> int:
    person.records[Claim].filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    return person.records[Claim].update(text=ERASED, source=ERASED, value=None)


def _empty_entries(person: Person) -> int:
    entries = list(person.records[Interaction].order_by().values_list("pk", flat=True))
    Interaction.objects.filter(pk__in=entries).exclude(origin=Origin.ENTERED).update(subject="")
    known = set(Participant.objects.filter(contact=person.contact).values_list("interaction", flat=True))
    for bare in Participant.objects.filter(address__in=person.addresses):
        if bare.interaction_id in known:
            bare.delete()
        else:
            bare.address, bare.contact, bare.side = "", person.contact, Side.THEIRS
            bare.save(update_fields=["address", "contact", "side"])
            known.add(bare.interaction_id)
    reckon_last_contacts(accounts=person.account_ids, contacts=[person.contact.pk])
    return len(entries)


def _empty_answers(person: Person) -> int:
    """The link opens nothing any more, and what was answered is nobody's."""
    count = Response.objects.filter(invitation__contact=person.contact).update(comment="", invitation=None)
    today = timezone.localdate()
    for asked in Invitation.objects.filter(contact=person.contact):
        asked.address = asked.token_digest = asked.failure = ""
        asked.nonce = new_nonce()
        asked.used_on = asked.used_on or today  # an open one would be reminded of
        asked.save()
    return count


def empty_decision(person: Person, pk: int) -> None:
    """A decision about a stage whose reason or evidence names the person; right behind the erasure's entry in the audit, and only then."""
    made = StageChange.objects.get(pk=pk)
    is_near = made.account_id in person.account_ids
    if person.is_in(made.reason, is_near=is_near):
        made.reason = ERASED
    made.evidence = [
        one | {"source": ERASED} if person.is_in(str(one.get("source", "")), is_near=is_near) else one for one in made.evidence
    ]
    made.save(update_fields=["reason", "evidence"])
