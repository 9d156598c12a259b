"""The history of accounts is open to who sees the account; its own fields can be restored, under all rules of a change."""

from typing import Any

from django.urls import reverse

from openkam.app.accounts.models import Account
from openkam.app.accounts.operations.accounts import change_account
from openkam.app.accounts.queries.scope import account, visible_accounts
from openkam.app.audit.permissions import register_history
from openkam.app.people.models import Team, User
from openkam.app.people.permissions import Permission

RESTORABLE = ("name", "kind", "manager_id", "team_id", "parent_id")


def restore_account_value(*, actor: User, key: str, field: str, value: Any, reason: str) -> None:
    """Give an account an old value back. What it pointed to must still be there, and an account above must be visible."""
    found = account(actor, int(key))
    values = {name: getattr(found, name) for name in RESTORABLE} | {field: value}
    manager_id, team_id, parent_id = (values.pop(name) for name in ("manager_id", "team_id", "parent_id"))
    change_account(
        actor=actor,
        account=found,
        manager=User.objects.get(pk=manager_id) if manager_id else None,
        team=Team.objects.get(pk=team_id) if team_id else None,
        parent=account(actor, parent_id) if parent_id else None,
        reason=reason,
        **values,
    )


register_history(
    Account,
    visible_to=visible_accounts,
    address=lambda key: reverse("accounts:detail", args=[key]),
    restore=restore_account_value,
    restorable=RESTORABLE,
    permission=Permission.EDIT_ACCOUNTS,
)
