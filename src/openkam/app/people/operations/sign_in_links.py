"""Links that sign a person in once: for the demo, and for a new person before they have a password."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from openkam.app.people import queries
from openkam.app.people.models import SignInLink, User
from openkam.app.people.operations.written import announce
from openkam.app.people.permissions import Permission, require

VALID_MINUTES = 15
KEPT_DAYS = 1


class SpentLink(Exception):  # noqa: N818 - a visitor's mishap, not a fault
    """The link is not ours, was used already, has expired, or its person may not sign in."""


@transaction.atomic
def make_sign_in_link(*, actor: User | None, user: User, valid_minutes: int = VALID_MINUTES) -> str:
    """A token that signs the person in once, within minutes. `actor` is None for the command."""
    if actor:
        require(actor, Permission.MANAGE_PEOPLE)
    now = timezone.now()
    SignInLink.objects.filter(expires_at__lt=now - timedelta(days=KEPT_DAYS)).delete()
    token = SignInLink.new_token()
    link = SignInLink.objects.create(
        user=user, digest=SignInLink.digest_of(token), expires_at=now + timedelta(minutes=valid_minutes)
    )
    announce(
        actor=actor,
        verb="made a sign-in link for",
        record=user,
        before={},
        after={"sign_in_link_expires_at": link.expires_at},
    )
    return token


@transaction.atomic
def use_sign_in_link(*, token: str) -> User:
    """The person the token signs in; spends it. Of two that come at once one gets in. Raises `SpentLink`."""
    link = queries.open_sign_in_link(token)
    now = timezone.now()
    if link is None or not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise SpentLink
    announce(
        actor=link.user, verb="came in by a sign-in link as", record=link.user, before={}, after={"sign_in_link_used_at": now}
    )
    return link.user
