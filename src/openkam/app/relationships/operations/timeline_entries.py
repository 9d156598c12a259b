"""Mails and appointments, however they came, as entries of timelines: gathered first, then written in one transaction."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from openkam.analytics.relationship.correspondence.items import REFUSED, Correspondence, LeftOut
from openkam.analytics.relationship.correspondence.matching import Matched, Outcome, match
from openkam.app.audit.operations import record_write
from openkam.app.people.models import User
from openkam.app.relationships.models import (
    Commitment,
    ContactProposal,
    CorrespondenceImport,
    Interaction,
    Participant,
    RefusedItem,
)
from openkam.app.relationships.operations.last_contacts import contacts_in, reckon_last_contacts
from openkam.app.relationships.operations.waiting_entries import Entry, WaitingEntries
from openkam.app.relationships.queries.correspondence import Counted
from openkam.app.relationships.queries.erased_addresses import erased_among, erased_digests
from openkam.app.relationships.queries.who_is_known import Known
from openkam.app.relationships.terms import InteractionKind, Origin, Part, ProposalState, Side

Gathered = Iterator[tuple[int, Correspondence | LeftOut]]
"""Place, from 1, and what stands there."""

MOST_REFUSED_KEPT = 10_000
"""Of one import; more are counted and not listed: such a file is no mailbox."""

_AT_ONCE = 500
_OUTCOMES = {
    Outcome.INTERNAL: "internal",
    Outcome.NO_ACCOUNT: "no_account",
    Outcome.NONE_OF_OURS: "none_of_ours",
    Outcome.NOT_YOURS: "not_yours",
}


@dataclass(slots=True)
class Found:
    """What is to be written, and by whom it was told; the refused with their places, as many as are kept."""

    known: Known
    entries: WaitingEntries
    counted: Counted = field(default_factory=Counted)
    refused: list[tuple[int, LeftOut]] = field(default_factory=list[tuple[int, LeftOut]])


@dataclass(slots=True)
class _Written:
    """What a store has written so far: `unknown` people at an account's domain by account and address, with the first name told."""

    count: int = 0
    accounts: set[int] = field(default_factory=set[int])
    contacts: set[int] = field(default_factory=set[int])
    unknown: dict[tuple[int, str], str] = field(default_factory=dict[tuple[int, str], str])


_ADDRESS = re.compile(r"[^\s<>\"',;:]+@[^\s<>\"',;:]+")


@dataclass(slots=True)
class Forgotten:
    """People who were erased: they take part in nothing that comes in, unless somebody made a contact of the address again."""

    digests: frozenset[str]
    known: Container[str]
    told: dict[str, bool] = field(default_factory=dict[str, bool])

    def left_out_of(self, item: Correspondence | LeftOut) -> Correspondence | LeftOut:
        """The item without them, and then without its subject, which may name them."""
        if not self.digests:
            return item
        if isinstance(item, LeftOut):
            found = _ADDRESS.findall(f"{item.found} {item.key}".lower())
            return replace(item, found="", key="") if any(map(self._is_erased, found)) else item
        kept = [one for one in item.involved if not self._is_erased(one.address)]
        return item if len(kept) == len(item.involved) else replace(item, involved=kept, subject="")

    def _is_erased(self, address: str) -> bool:
        if address not in self.told:
            self.told[address] = address not in self.known and bool(erased_among([address], self.digests))
        return self.told[address]


def gather(actor: User, items: Iterable[tuple[int, Correspondence | LeftOut]], known: Known, entries: WaitingEntries) -> Found:
    """Match every item with who is known; what concerns no account that the actor may edit is counted and dropped here.

    In memory stay the keys of all items, to tell one that comes twice, and of the entries what `entries` keeps there.
    """
    directory, found = known.directory, Found(known, entries)
    forgotten = Forgotten(known.erased, directory.posts)
    seen: set[str] = set()
    for place, come in items:
        found.counted.read += 1
        item = forgotten.left_out_of(come)
        if isinstance(item, LeftOut):
            _leave_out(found, place, item)
            continue
        if item.key in seen:
            found.counted.repeated += 1
            continue
        seen.add(item.key)
        matched = match(item, directory, actor.pk)
        if matched.outcome == Outcome.TAKEN:
            entries.add(item, matched.by_account)
        else:
            name = _OUTCOMES[matched.outcome]
            setattr(found.counted, name, getattr(found.counted, name) + 1)
    return found


@transaction.atomic
def store(actor: User, made: CorrespondenceImport, found: Found, origin: Origin, now: datetime) -> CorrespondenceImport:
    """Write what was gathered as the entries of an import, once. Entries that are there already stay as they are.

    All of it in one transaction, in slices: the records of a slice are let go before the next ones are made.
    """
    made = CorrespondenceImport.objects.select_for_update().get(pk=made.pk)
    if made.taken_in_at is not None:
        return made
    if erased_digests() - found.known.erased:
        raise IntegrityError("Somebody was erased while the mails were read: they are to be read again.")
    counted, written = found.counted, _Written()
    for some in found.entries.slices():
        _write(actor, made, some, found, origin, written)
    reckon_last_contacts(accounts=written.accounts, contacts=written.contacts)
    refused = [
        RefusedItem(brought_by=made, place=place, reason=str(item.reason), key=item.key, found=item.found)
        for place, item in found.refused
    ]
    RefusedItem.objects.bulk_create(refused, batch_size=_AT_ONCE)
    proposed = [
        ContactProposal(account_id=account, address=address, name=name) for (account, address), name in written.unknown.items()
    ]
    ContactProposal.objects.bulk_create(proposed, batch_size=_AT_ONCE, ignore_conflicts=True)
    counted.entries = written.count
    made.counts, made.taken_in_at = counted.document(), now
    made.save(update_fields=["counts", "taken_in_at"])
    record_write(actor=actor, verb="took in correspondence", record=made, before={}, after=dict(made.counts))
    return made


@transaction.atomic
def take_back(actor: User, made: CorrespondenceImport, reason: str, now: datetime) -> int:
    """Remove the entries of an import and the proposals that nothing speaks for any more; returns how many entries."""
    made = CorrespondenceImport.objects.select_for_update().get(pk=made.pk)
    if made.taken_in_at is None or made.undone_at is not None:
        raise ValidationError("There is nothing to undo: this import was never taken in, or is undone.")
    brought = made.interactions.filter(removed_at=None)
    accounts = set(brought.order_by().values_list("account_id", flat=True))
    Commitment.objects.filter(interaction__in=brought.order_by()).update(interaction=None)
    keys = list(brought.order_by().values_list("pk", flat=True))
    count, took_part = len(keys), contacts_in(keys)
    brought.delete()
    reckon_last_contacts(accounts=accounts, contacts=took_part)
    spoken_for = Participant.objects.filter(interaction__account__in=accounts).exclude(address="")
    supported = set(spoken_for.values_list("interaction__account_id", "address"))
    for one in ContactProposal.objects.filter(account__in=accounts, state=ProposalState.OPEN):
        if (one.account_id, one.address) not in supported:
            one.delete()
    made.undone_at = now
    made.save(update_fields=["undone_at"])
    record_write(
        actor=actor,
        verb="undid import of correspondence",
        record=made,
        before={"entries": count},
        after={"entries": 0},
        reason=reason,
    )
    return count


def _leave_out(found: Found, place: int, item: LeftOut) -> None:
    reasons = found.counted.reasons
    reasons[str(item.reason)] = reasons.get(str(item.reason), 0) + 1
    if item.reason in REFUSED:
        found.counted.refused += 1
        if len(found.refused) < MOST_REFUSED_KEPT:
            found.refused.append((place, item))
    else:
        found.counted.left_out += 1


def _write(  # noqa: PLR0917 - one slice of what `store` writes, with all that it stands on
    actor: User, made: CorrespondenceImport, some: Sequence[Entry], found: Found, origin: Origin, written: _Written
) -> None:
    # What stands on a timeline already, the removed among it, so that nothing comes back that somebody took away.
    # The accounts and that a key is told let the index answer: without them every slice goes through all entries there are.
    told = ~Q(external_id="") & Q(external_id__in=[item.key for item, _ in some])
    there = Interaction.objects.filter(told, account__in={account for _, by_account in some for account in by_account})
    known = set(there.order_by().values_list("account_id", "external_id"))
    entries: list[Interaction] = []
    people: list[Sequence[Matched]] = []
    for item, by_account in some:
        fresh = {account: shown for account, shown in by_account.items() if (account, item.key) not in known}
        found.counted.taken += bool(fresh)
        found.counted.known += not fresh
        entries += [_entry(actor, made, item, account, shown, origin=origin) for account, shown in fresh.items()]
        people += fresh.values()
    Interaction.objects.bulk_create(entries, batch_size=_AT_ONCE)
    parties = [_participant(entry, one) for entry, shown in zip(entries, people, strict=True) for one in shown]
    Participant.objects.bulk_create(parties, batch_size=_AT_ONCE)
    written.count += len(entries)
    written.accounts |= {entry.account_id for entry in entries}
    written.contacts |= {one.contact_id for one in parties if one.contact_id is not None}
    contact_addresses = found.known.directory.posts
    for entry, shown in zip(entries, people, strict=True):
        for one in shown:
            if not one.is_ours and one.contact is None and one.person.address not in contact_addresses:
                place = (entry.account_id, one.person.address)
                written.unknown[place] = written.unknown.get(place) or one.person.name


def _entry(
    actor: User, made: CorrespondenceImport, item: Correspondence, account: int, people: Sequence[Matched], *, origin: Origin
) -> Interaction:
    writer = next((one for one in people if one.person.part == Part.FROM.value), None)
    return Interaction(
        account_id=account,
        kind=InteractionKind.MEETING if item.is_appointment else InteractionKind.MAIL,
        at=item.at,
        is_time_known=item.is_time_known,
        duration_minutes=item.duration_minutes,
        began_by="" if writer is None else _side(writer),
        subject=item.subject if made.keeps_subjects else "",
        thread_key=item.thread_key,
        external_id=item.key,
        origin=origin,
        brought_by_id=made.pk,
        recorded_by_id=actor.pk,
    )


def _participant(entry: Interaction, one: Matched) -> Participant:
    is_known = one.user is not None or one.contact is not None
    return Participant(
        interaction_id=entry.pk,
        user_id=one.user,
        contact_id=one.contact,
        address="" if is_known else one.person.address,
        side=_side(one),
        part=Part(one.person.part.value),
    )


def _side(one: Matched) -> Side:
    return Side.OURS if one.is_ours else Side.THEIRS
