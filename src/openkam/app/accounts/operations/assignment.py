"""Who looks after an account, and who else may see it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.app.accounts.models import Account, Share
from openkam.app.audit.operations import record_write, recorded
from openkam.app.people.models import Team, User
from openkam.app.people.permissions import Permission, require


@transaction.atomic
def assign_manager(*, actor: User, account: Account, manager: User | None, team: Team | None = None, reason: str = "") -> Account:
    """Give an account to a manager and a team, or to nobody. Raises `ValidationError` for somebody who may no longer sign in."""
    require(actor, Permission.EDIT_ACCOUNTS)
    check_manager(manager)
    with recorded(actor=actor, verb="assigned", record=account, reason=reason):
        if (account.manager, account.team) != (manager, team):
            account.manager, account.team, account.changed_at = manager, team, timezone.now()
            account.save(update_fields=["manager", "team", "changed_at"])
    return account


@transaction.atomic
def share_account(*, actor: User, account: Account, user: User) -> None:
    """Let somebody see the account whatever their scope. Sharing twice is sharing once."""
    require(actor, Permission.EDIT_ACCOUNTS)
    check_manager(user)
    _, made = Share.objects.get_or_create(account=account, user=user, defaults={"shared_by": actor})
    if made:
        record_write(actor=actor, verb="shared", record=account, before={}, after={"shared_with": user.name})


@transaction.atomic
def unshare_account(*, actor: User, account: Account, user: User) -> None:
    """Stop sharing the account with somebody."""
    require(actor, Permission.EDIT_ACCOUNTS)
    removed, _ = Share.objects.filter(account=account, user=user).delete()
    if removed:
        record_write(actor=actor, verb="stopped sharing", record=account, before={"shared_with": user.name}, after={})


def check_manager(person: User | None) -> None:
    """Raise `ValidationError` when the person may no longer sign in."""
    if person is not None and not person.is_active:
        raise ValidationError(f"{person} may no longer sign in: choose somebody else.")
