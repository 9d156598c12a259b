"""The mailboxes that a person connected; nobody else sees them."""

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.app.relationships.models import Mailbox, MailboxFolder


def own_mailboxes(user: User) -> QuerySet[Mailbox]:
    """The user's mailboxes, each with its `chosen` folders, without their passwords."""
    chosen = Prefetch("folders", queryset=MailboxFolder.objects.filter(is_chosen=True), to_attr="chosen")
    return Mailbox.objects.filter(owner=user).select_related("run").defer("sealed_password").prefetch_related(chosen)


def own_mailbox(user: User, pk: int) -> Mailbox:
    """One of them; raises `Http404` for any other."""
    found = own_mailboxes(user).filter(pk=pk).first()
    if found is None:
        raise Http404("No such mailbox.")
    return found


def mailboxes_to_read() -> Sequence[Mailbox]:
    """Every mailbox whose owner may still bring something to a timeline."""
    every = Mailbox.objects.select_related("owner").defer("sealed_password")
    return [mailbox for mailbox in every if may(mailbox.owner, Permission.EDIT_ACCOUNTS)]
