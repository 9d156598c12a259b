"""Unknown addresses: made a contact by somebody, or ignored for good."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.app.audit.operations import record_write
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Contact, ContactPoint, ContactProposal, Participant
from openkam.app.relationships.operations.contacts import ContactDetails, Reach, add_contact
from openkam.app.relationships.operations.employments import PostDetails
from openkam.app.relationships.operations.last_contacts import reckon_last_contacts
from openkam.app.relationships.terms import PointKind, ProposalState


@transaction.atomic
def accept_proposal(*, actor: User, proposal: ContactProposal, name: str) -> Contact:
    """Make a contact of a proposed address, and say of every entry of the account in which it stands that it was them.

    Raises `ValidationError` where it was decided meanwhile, or the account has a contact with this address.
    """
    proposal = _open(actor, proposal)
    taken = ContactPoint.objects.filter(
        kind=PointKind.MAIL, value__iexact=proposal.address, contact__employments__account=proposal.account
    ).select_related("contact")
    if known := taken.first():
        raise ValidationError({"name": f"{known.contact.name} has this address already."})
    details = ContactDetails(name=name, reach=[Reach(PointKind.MAIL, proposal.address)])
    person = add_contact(actor=actor, account=proposal.account, details=details, post=PostDetails())
    bare = Participant.objects.filter(interaction__account=proposal.account, address=proposal.address)
    bare.update(address="", contact=person)
    reckon_last_contacts(accounts=[proposal.account_id], contacts=[person.pk])
    proposal.contact = person
    _decide(actor, proposal, ProposalState.ACCEPTED)
    return person


@transaction.atomic
def ignore_proposal(*, actor: User, proposal: ContactProposal) -> None:
    """Propose this address at this account no more."""
    _decide(actor, _open(actor, proposal), ProposalState.IGNORED)


def _open(actor: User, proposal: ContactProposal) -> ContactProposal:
    require(actor, Permission.EDIT_ACCOUNTS)
    locked = ContactProposal.objects.select_for_update(of=("self",)).select_related("account").get(pk=proposal.pk)
    if locked.state != ProposalState.OPEN:
        raise ValidationError("Somebody decided this meanwhile.")
    return locked


def _decide(actor: User, proposal: ContactProposal, state: ProposalState) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by = state, timezone.now(), actor
    proposal.save(update_fields=["state", "decided_at", "decided_by", "contact"])
    after: dict[str, object] = {"state": str(state), "address": proposal.address}
    record_write(actor=actor, verb=str(state), record=proposal, before={"state": str(ProposalState.OPEN)}, after=after)
