"""Before anything goes: who may answer for a person's rights, and what an erasure would change."""

from collections.abc import Mapping
from dataclasses import dataclass

from openkam.app.audit.models import Entry
from openkam.app.audit.operations import entries_of
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may, require
from openkam.app.relationships.models import (
    BuyingRole,
    Claim,
    Commitment,
    Contact,
    ContactPoint,
    ContactProposal,
    Employment,
    InfluenceLine,
    Interaction,
    Invitation,
    LoyaltyEvidence,
    ReportingLine,
    Response,
)
from openkam.app.relationships.queries.audit_traces import judge_of, own_keys
from openkam.app.relationships.queries.person_traces import Person, hidden_in_words, known_person
from openkam.app.relationships.queries.texts_naming import texts_naming

MOST_LOOKED_THROUGH_AT_ONCE = 5_000
"""Entries of timelines and of the audit up to which all texts are looked through in a moment; more are counted by the run alone."""


@dataclass(frozen=True, slots=True)
class Answering:
    """Whether somebody may answer for a person's rights, else `refusal` says why; `counts` by kind where they may."""

    refusal: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    """By kind how many records go or are emptied, and how many stay without the name. Empty where `refusal` says why it is not theirs.

    `is_long`: a run looks through texts and audit, so that how many of them name the person is known afterwards.
    """

    refusal: str
    goes: Mapping[str, int]
    stays: Mapping[str, int]
    is_long: bool = False


def is_quickly_looked_through() -> bool:
    """Whether there is so little that an erasure takes a moment: two counts, which are cheap."""
    return Interaction.objects.count() + Entry.objects.count() <= MOST_LOOKED_THROUGH_AT_ONCE


def answering(user: User, contact: Contact) -> Answering:
    """For the page of a person's rights."""
    person = known_person(contact)
    refusal = _refusal(user, person)
    return Answering(refusal, {} if refusal else {**_going(person), **_staying(person)})


def erasure_preview(user: User, contact: Contact) -> ErasurePreview:
    """What an erasure would do. Raises `PermissionDenied` for who may not answer for rights."""
    require(user, Permission.ANSWER_RIGHTS)
    person = known_person(contact)
    refusal = _refusal(user, person)
    if refusal:
        return ErasurePreview(refusal, {}, {})
    goes = _going(person)
    is_long = not is_quickly_looked_through()
    if not is_long:
        goes["Texts that name them, by a mark"] = sum(1 for _ in texts_naming(person))
        goes["Entries of the audit, by a mark"] = sum(1 for _ in entries_of(judge_of(person, own_keys(person))))
    return ErasurePreview("", {kind: count for kind, count in goes.items() if count}, _staying(person), is_long)


def _refusal(user: User, person: Person) -> str:
    if person.contact.erased_at is not None:
        return "This person was erased."
    if not may(user, Permission.ANSWER_RIGHTS):
        return "A head of key accounts or an administrator answers for a person's rights: they must see all that is held."
    return hidden_in_words(user, person)


def _going(person: Person) -> dict[str, int]:
    of = person.records
    counts = {
        "Ways to reach them": of[ContactPoint].count(),
        "Claims about them": of[Claim].count(),
        "Invitations to surveys": of[Invitation].count(),
        "Notes of loyalty": of[LoyaltyEvidence].count(),
        "Proposed contacts": of[ContactProposal].count(),
    }
    return {kind: count for kind, count in counts.items() if count}


def _staying(person: Person) -> dict[str, int]:
    of = person.records
    counts = {
        "Posts": of[Employment].count(),
        "Buying roles": of[BuyingRole].count(),
        "Lines on people maps": of[ReportingLine].count() + of[InfluenceLine].count(),
        "Entries of timelines": of[Interaction].count(),
        "Promises of theirs": of[Commitment].count(),
        "Answers to surveys": of[Response].count(),
    }
    return {kind: count for kind, count in counts.items() if count}
