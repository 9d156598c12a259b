"""Log what passed between us and an account, amend it, remove it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.analytics.relationship.mentions import ReadMentions
from openkam.app.accounts.models import Account
from openkam.app.audit.operations import record_write
from openkam.app.people.models import User
from openkam.app.people.operations.written import difference, field_values
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Contact, Employment, Interaction, Mention, Participant
from openkam.app.relationships.operations.last_contacts import contacts_in, reckon_for_entry
from openkam.app.relationships.queries.claims import keeps_secrets_of
from openkam.app.relationships.queries.mentions import mentions_in
from openkam.app.relationships.terms import SPOKEN_KINDS, InteractionKind, Part, Side

PRIVATE_REFUSAL = "Only the account's manager and team keep private entries about it."


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who took part, before it is stored: a user (ours), a contact (theirs), or an address that nobody is known by."""

    part: Part
    user: User | None = None
    contact: Contact | None = None
    address: str = ""
    address_side: Side = Side.THEIRS

    @property
    def side(self) -> Side:
        """On whose side they stand."""
        if self.user is not None:
            return Side.OURS
        return Side.THEIRS if self.contact is not None else self.address_side


@dataclass(frozen=True, slots=True)
class InteractionDetails:
    """An interaction before it is stored. None: not noted; `began_by` blank: not known."""

    kind: InteractionKind
    at: datetime
    is_time_known: bool = True
    duration_minutes: int | None = None
    began_by: Side | str = ""
    subject: str = ""
    note: str = ""
    our_talk_minutes: int | None = None
    their_talk_minutes: int | None = None
    our_agenda_points: int | None = None
    their_agenda_points: int | None = None


@transaction.atomic
def log_interaction(
    *, actor: User, account: Account, details: InteractionDetails, parties: Sequence[Party] = (), is_private: bool = False
) -> Interaction:
    """Keep what passed between us and an account that the actor sees.

    The audit keeps that a private entry was made, and not what it says. Raises `PermissionDenied` for a private entry by somebody
    who could not read it, `ValidationError` for an instant to come, for nobody of theirs in a contact between the two (a note
    needs nobody), for a contact who never worked at the account, for an @ and a name that may be several people's, and for shares of
    talk where nobody talks.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    if is_private:
        _check_secrets(actor, account)
    made = Interaction(account=account, is_private=is_private, recorded_by=actor)
    _describe(made, details)
    _check_parties(made, parties)
    read = _read_mentions(actor, made)
    made.save()
    _write_parties(made, parties)
    _write_mentions(made, read)
    reckon_for_entry(made)
    _record(actor, "logged", made, {})
    return made


@transaction.atomic
def amend_interaction(
    *, actor: User, interaction: Interaction, details: InteractionDetails, parties: Sequence[Party] = ()
) -> Interaction:
    """Put right what was kept; who took part is replaced as a whole. Raises as `log_interaction` does."""
    require(actor, Permission.EDIT_ACCOUNTS)
    if interaction.is_private:
        _check_secrets(actor, interaction.account)
    stored = Interaction.objects.select_for_update().get(pk=interaction.pk)
    if stored.removed_at is not None:
        raise ValidationError("This entry has been removed.")
    before = _values(stored)
    _describe(interaction, details)
    _check_parties(interaction, parties)
    read = _read_mentions(actor, interaction)
    interaction.save()
    before_them = contacts_in([interaction.pk])
    interaction.participants.all().delete()
    interaction.mentions.all().delete()
    _write_parties(interaction, parties)
    _write_mentions(interaction, read)
    reckon_for_entry(interaction, also=before_them)
    _record(actor, "amended", interaction, before)
    return interaction


@transaction.atomic
def remove_interaction(*, actor: User, interaction: Interaction, reason: str = "") -> None:
    """Take an entry off the timeline; it stays on record and counts no more. An import does not bring it back."""
    require(actor, Permission.EDIT_ACCOUNTS)
    if interaction.is_private:
        _check_secrets(actor, interaction.account)
    before = _values(interaction)
    interaction.removed_at = timezone.now()
    interaction.save(update_fields=["removed_at"])
    reckon_for_entry(interaction)
    _record(actor, "removed", interaction, before, reason=reason)


def _describe(made: Interaction, details: InteractionDetails) -> None:
    for field in fields(details):
        setattr(made, field.name, getattr(details, field.name))
    made.subject, made.note = " ".join(details.subject.split()), details.note.strip()
    made.full_clean(exclude=["account", "recorded_by"], validate_constraints=False)
    if made.at > timezone.now() and (made.is_time_known or timezone.localdate(made.at) > timezone.localdate()):
        raise ValidationError({"at": "This has not happened yet: log it afterwards. What is to be done by a day is a promise."})
    noted = [made.our_talk_minutes, made.their_talk_minutes, made.our_agenda_points, made.their_agenda_points]
    if made.kind not in SPOKEN_KINDS and any(value is not None for value in noted):
        raise ValidationError("Shares of talk and agenda are those of a meeting, a call or a visit.")
    talked = (made.our_talk_minutes or 0) + (made.their_talk_minutes or 0)
    if made.duration_minutes is not None and talked > made.duration_minutes:
        raise ValidationError({"our_talk_minutes": f"Both talked {talked} minutes of {made.duration_minutes}."})


def _check_parties(made: Interaction, parties: Sequence[Party]) -> None:
    if made.kind != InteractionKind.NOTE and not any(party.side == Side.THEIRS for party in parties):
        raise ValidationError({"contacts": "Who of theirs took part? Without anybody it is a note."})
    contacts = {party.contact.pk: party.contact for party in parties if party.contact}
    known = Employment.objects.filter(account=made.account, contact__in=contacts).values_list("contact", flat=True)
    for key in contacts.keys() - set(known):
        raise ValidationError({"contacts": f"{contacts[key].name} never held a post at {made.account.name}."})
    writers = [party for party in parties if party.part == Part.FROM]
    if len(writers) > 1:
        raise ValidationError({"contacts": "One person writes a mail."})
    if writers and made.began_by and writers[0].side != made.began_by:
        raise ValidationError({"began_by": "A mail is begun by the side of who writes it."})


def _write_parties(made: Interaction, parties: Sequence[Party]) -> None:
    people: dict[tuple[int | None, int | None, str], Participant] = {}
    for party in parties:
        address = party.address.strip().lower()
        one = Participant(
            interaction=made, user=party.user, contact=party.contact, address=address, side=party.side, part=party.part
        )
        one.full_clean(exclude=["interaction", "user", "contact"], validate_constraints=False)
        people.setdefault((one.user_id, one.contact_id, one.address), one)
    Participant.objects.bulk_create(people.values())


def _read_mentions(actor: User, made: Interaction) -> ReadMentions:
    """Raises `ValidationError` for an @ and a name that may be several people's."""
    read = mentions_in(actor, made.account, made.note)
    if read.questions:
        told = [f"@{one.words} may be {' or '.join(who.name for who in one.candidates)}" for one in read.questions]
        raise ValidationError({"note": f"{'; '.join(told)}: write more of the name."})
    return read


def _write_mentions(made: Interaction, read: ReadMentions) -> None:
    Mention.objects.bulk_create(
        Mention(interaction=made, **{"user_id" if one.key.startswith("u") else "contact_id": int(one.key[1:])})
        for one in read.people
    )


def _values(made: Interaction) -> dict[str, object]:
    people = made.participants.select_related("user", "contact")
    return {**field_values(made), "participants": ", ".join(f"{one} ({one.part})" for one in people)}


def _check_secrets(actor: User, account: Account) -> None:
    if not keeps_secrets_of(actor, account):
        raise PermissionDenied(PRIVATE_REFUSAL)


def _record(actor: User, verb: str, made: Interaction, before: dict[str, object], *, reason: str = "") -> None:
    """The audit is read beyond manager and team: it names the account of a private entry and nothing else of it."""
    if made.is_private:
        told: dict[str, object] = {"private entry": made.pk, "account": str(made.account)}
        record_write(actor=actor, verb=f"{verb} a private entry", record=made.account, before={}, after=told)
        return
    change = difference(before, _values(made))
    if change.is_change:
        record_write(actor=actor, verb=verb, record=made, before=change.before, after=change.after, reason=reason)
