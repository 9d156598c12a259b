"""What of the audit's entries is a person's: the fields that were theirs, and every value that tells of them."""

from collections.abc import Iterator, Mapping

from django.db.models import Model, Q

from openkam.app.accounts.models import Account
from openkam.app.audit.models import ERASED, Entry
from openkam.app.audit.operations import Judge, Theirs
from openkam.app.relationships.models import (
    Claim,
    Contact,
    ContactPoint,
    ContactProposal,
    Employment,
    Interaction,
    LoyaltyEvidence,
)
from openkam.app.relationships.queries.person_traces import Person
from openkam.app.relationships.queries.texts_naming import NEAR, redacted

OWN_FIELDS: dict[type[Model], frozenset[str]] = {
    Contact: frozenset({"name", "honorific", "language", "time_zone", "sort_name"}),
    ContactPoint: frozenset({"value", "label"}),
    Employment: frozenset({"job_title", "site"}),
    Claim: frozenset({"text", "source", "value"}),
    LoyaltyEvidence: frozenset({"source", "confirmed_by_them"}),
    ContactProposal: frozenset({"address", "name"}),
    Interaction: frozenset({"subject"}),
}
"""What an erasure empties of a record about the person, whatever stands in it."""
NAMED_AFTER_THEM = (Contact, ContactPoint, ContactProposal)
"""Records whose name is the person's own, or their address."""


def own_keys(person: Person) -> dict[str, frozenset[str]]:
    """By kind the keys of the person's records. To be asked before they are emptied: then some are gone."""
    return {model._meta.label_lower: frozenset(_own_keys(person, model)) for model in OWN_FIELDS}


def judge_of(person: Person, own: Mapping[str, frozenset[str]]) -> Judge:
    """Tells of any entry what is the person's; `own` are the keys of their records (`own_keys`)."""
    fields = {model._meta.label_lower: names for model, names in OWN_FIELDS.items()}
    named = {model._meta.label_lower for model in NAMED_AFTER_THEM}
    near = {model._meta.label_lower: _near_keys(person, model, path) for model, path in NEAR.items()}
    near[Account._meta.label_lower] = frozenset(str(key) for key in person.account_ids)

    def judge(entry: Entry) -> Theirs:
        kind, key = entry.record_type, entry.record_key
        is_own = key in own.get(kind, ())
        is_near = is_own or key in near.get(kind, ()) or _is_at(person, entry)
        blanked = fields[kind] if is_own else frozenset[str]()
        names = frozenset(
            name
            for values in (entry.before, entry.after)
            for name, value in values.items()
            if value not in (None, "", ERASED) and (name in blanked or redacted(person, value, is_near=is_near) != value)
        )
        return Theirs(
            values=names,
            record_name=entry.record_name != ERASED
            and ((is_own and kind in named) or person.is_in(entry.record_name, is_near=is_near)),
            reason=person.is_in(entry.reason, is_near=is_near),
        )

    return judge


def entries_about(person: Person) -> Q:
    """The entries whose record is one of the person's own."""
    wanted = Q(pk__in=())
    for model in OWN_FIELDS:
        wanted |= Q(record_type=model._meta.label_lower, record_key__in=sorted(_own_keys(person, model)))
    return wanted


def _own_keys(person: Person, model: type[Model]) -> Iterator[str]:
    """Keys of the person's records of a kind, those that are gone among them, which only the audit remembers."""
    if model is Contact:
        yield str(person.contact.pk)
        return
    yield from (str(key) for key in person.records[model].order_by().values_list("pk", flat=True))
    was_theirs = Q(before__contact_id=person.contact.pk) | Q(after__contact_id=person.contact.pk)
    if model is ContactProposal:
        for address in person.addresses:
            was_theirs |= Q(before__address=address) | Q(after__address=address)
    yield from Entry.objects.filter(was_theirs, record_type=model._meta.label_lower).values_list("record_key", flat=True)


def _near_keys(person: Person, model: type[Model], path: str) -> frozenset[str]:
    found = model._base_manager.filter(**{f"{path}__in": person.account_ids}).order_by().values_list("pk", flat=True)
    return frozenset(str(key) for key in found)


def _is_at(person: Person, entry: Entry) -> bool:
    """Whether the entry says itself that it is about an account of theirs, as that of a record that is gone does."""
    return entry.record_type.startswith("relationships.") and any(
        values.get("account_id") in person.account_ids for values in (entry.before, entry.after)
    )
