"""Set the tags of an account."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from openkam.app.accounts.models import Account, Tag
from openkam.app.audit.operations import record_write, recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require


@transaction.atomic
def tag_account(*, actor: User, account: Account, tags: Iterable[Tag], reason: str = "") -> None:
    """Make these the account's tags."""
    require(actor, Permission.EDIT_ACCOUNTS)
    write_tags(actor=actor, account=account, tags=tags, reason=reason)


@transaction.atomic
def create_tag(*, actor: User, name: str) -> Tag:
    """The tag of that name, made when there is none yet; case does not tell two tags apart."""
    require(actor, Permission.EDIT_ACCOUNTS)
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > 60:
        raise ValidationError("A tag has 1 to 60 letters.")
    found = Tag.objects.filter(name__iexact=tidy).first()
    if found is None:
        found = Tag(name=tidy)
        with recorded(actor=actor, verb="created", record=found):
            found.save()
    return found


def write_tags(*, actor: User, account: Account, tags: Iterable[Tag], reason: str = "") -> None:
    """Store and record the tags of an account; whether the actor may is the caller's question."""
    before = sorted(account.tags.values_list("name", flat=True))
    wanted = list(tags)
    after = sorted(tag.name for tag in wanted)
    if before != after:
        account.tags.set(wanted)
        record_write(actor=actor, verb="tagged", record=account, before={"tags": before}, after={"tags": after}, reason=reason)
