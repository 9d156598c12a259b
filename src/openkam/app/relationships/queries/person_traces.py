"""What a workspace holds of one person: the records about them, the words they are known by, and who sees all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from openkam.analytics.relationship.person_words import PersonWords
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.audit.models import ERASED, Entry
from openkam.app.people.models import User
from openkam.app.people.terms import Scope
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
    MapPlace,
    Participant,
    ReportingLine,
    Response,
)
from openkam.app.relationships.terms import PointKind


@dataclass(frozen=True)
class Person:
    """A contact with the words they are known by, former names and addresses among them.

    `everywhere` tells of them in any text, `nearby` (with each name alone) in texts of the accounts `account_ids`, where they held a
    post or something else stands of them. `addresses` are mail addresses that are nobody else's.
    """

    contact: Contact
    account_ids: frozenset[int]
    addresses: frozenset[str]
    everywhere: tuple[PersonWords, ...]
    nearby: tuple[PersonWords, ...]
    records: Mapping[type[Model], QuerySet[Any]] = field(repr=False)

    def is_in(self, text: str, *, is_near: bool = False) -> bool:
        """Whether a text tells of them."""
        return any(words.is_in(text, is_near=is_near) for words in (self.nearby if is_near else self.everywhere))

    def without(self, text: str, *, is_near: bool = False) -> str:
        """The text without them."""
        for words in self.nearby if is_near else self.everywhere:
            text = words.without(text, is_near=is_near)
        return text


@dataclass(frozen=True)
class Sought:
    """What has to be known of a person to look for them once their records are empty.

    `keys` are those of their own records by kind (`audit_traces.own_keys`); `has_namesake`: somebody else bears the name.
    """

    account_ids: Sequence[int]
    names: Sequence[str]
    mails: Sequence[str]
    phones: Sequence[str]
    shared_with: Sequence[str]
    has_namesake: bool
    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)


def person_at_right(user: User, pk: int) -> Contact:
    """A contact for whom their rights are answered: anybody with a post at an account that the user sees. Raises `Http404`."""
    posts = Employment.objects.filter(account__in=visible_accounts(user).order_by())
    found = Contact.objects.filter(pk=pk, pk__in=posts.order_by().values("contact")).first()
    if found is None:
        raise Http404("No such contact.")
    return found


def known_person(contact: Contact) -> Person:
    """Everything by which a person is found."""
    return person_sought(contact, sought_words(contact))


def sought_words(contact: Contact) -> Sought:
    """The words of a person as their records and the audit have them."""
    names, mails, phones = _known_by(contact)
    proposed = ContactProposal.objects.filter(contact=contact).values_list("address", flat=True)
    asked = Invitation.objects.filter(contact=contact).values_list("address", flat=True)
    mails |= {address.strip().lower() for address in (*proposed, *asked) if address.strip()}
    others = ContactPoint.objects.exclude(contact=contact).values_list("value", flat=True)
    shared = {value.strip().lower() for value in others}
    mails, phones = {one for one in mails if one not in shared}, {one for one in phones if one.lower() not in shared}
    account_ids = _accounts(_records(contact, mails))
    colleagues = User.objects.values_list("name", flat=True)
    near_by = Contact.objects.exclude(pk=contact.pk).filter(employments__account__in=account_ids).values_list("name", flat=True)
    has_namesake = Contact.objects.exclude(pk=contact.pk).filter(sort_name=contact.sort_name).exists() or any(
        name.casefold() in {other.casefold() for other in colleagues} for name in names
    )
    return Sought(
        account_ids=sorted(account_ids),
        names=sorted(names),
        mails=sorted(mails),
        phones=sorted(phones),
        shared_with=sorted({*colleagues, *near_by}),
        has_namesake=has_namesake,
    )


def person_sought(contact: Contact, sought: Sought) -> Person:
    """Somebody by words that are known, with whatever records there are of them now."""
    mails, phones = set(sought.mails), set(sought.phones)
    nearby = tuple(PersonWords.of(name, mails, phones, shared_with=sought.shared_with) for name in sought.names)
    # With a namesake elsewhere the name alone does not say which of the two is meant.
    everywhere = (PersonWords.of("", mails, phones),) if sought.has_namesake else nearby
    return Person(contact, frozenset(sought.account_ids), frozenset(mails), everywhere, nearby, _records(contact, mails))


def hidden_in_words(user: User, person: Person) -> str:
    """Why somebody may not answer for all that is held of a person: the accounts that hold something and that they do not see, the bin
    included, and whom to ask. Empty where they see all of it.
    """
    if user.effective_scope == Scope.ALL:
        return ""
    seen = set(visible_accounts(user).filter(pk__in=person.account_ids).order_by().values_list("pk", flat=True))
    hidden = len(person.account_ids - seen)
    return f"{hidden} account{'s' * (hidden > 1)} that you do not see hold something of them: ask who sees all." if hidden else ""


def _known_by(contact: Contact) -> tuple[set[str], set[str], set[str]]:
    """Names, mail addresses and phone numbers, today's and those that the audit remembers."""
    names = {contact.name}
    mails: set[str] = set()
    phones: set[str] = set()
    for kind, value in contact.points.values_list("kind", "value"):
        (mails if kind == PointKind.MAIL else phones).add(value.strip().lower())
    for before, after in Entry.objects.filter(record_type=Contact._meta.label_lower, record_key=str(contact.pk)).values_list(
        "before", "after"
    ):
        names |= {str(values["name"]) for values in (before, after) if values.get("name") not in (None, "", ERASED)}
    was_theirs = Q(before__contact_id=contact.pk) | Q(after__contact_id=contact.pk)
    for before, after in Entry.objects.filter(was_theirs, record_type=ContactPoint._meta.label_lower).values_list(
        "before", "after"
    ):
        for values in (before, after):
            if values.get("value") not in (None, "", ERASED) and values.get("contact_id") == contact.pk:
                (mails if values.get("kind") == PointKind.MAIL else phones).add(str(values["value"]).strip().lower())
    return names, mails, phones


def _records(contact: Contact, mails: set[str]) -> dict[type[Model], QuerySet[Any]]:
    of = Q(contact=contact)
    in_entries = Participant.objects.filter(of | Q(address__in=mails))
    return {
        ContactPoint: ContactPoint.objects.filter(of),
        Employment: Employment.objects.filter(of),
        BuyingRole: BuyingRole.objects.filter(of),
        ReportingLine: ReportingLine.objects.filter(of | Q(superior=contact)),
        InfluenceLine: InfluenceLine.objects.filter(of | Q(target=contact)),
        MapPlace: MapPlace.objects.filter(of),
        Claim: Claim.objects.filter(of),
        Participant: in_entries,
        Interaction: Interaction.objects.filter(pk__in=in_entries.order_by().values("interaction")),
        Commitment: Commitment.objects.filter(by_contact=contact),
        Invitation: Invitation.objects.filter(of),
        Response: Response.objects.filter(invitation__contact=contact),
        LoyaltyEvidence: LoyaltyEvidence.objects.filter(of),
        ContactProposal: ContactProposal.objects.filter(of | Q(address__in=mails)),
    }


_ACCOUNT_OF: dict[type[Model], str] = {
    Participant: "interaction__account",
    Invitation: "survey__account",
    Response: "survey__account",
    MapPlace: "map__account",
}


def _accounts(records: Mapping[type[Model], QuerySet[Any]]) -> frozenset[int]:
    found: set[int] = set()
    for model, kept in records.items():
        if model is not ContactPoint:
            found.update(kept.order_by().values_list(_ACCOUNT_OF.get(model, "account"), flat=True))
    return frozenset(found)
