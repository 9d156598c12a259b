"""Make, change, delete and restore one account."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.app.accounts.models import Account, CustomField, Tag
from openkam.app.accounts.operations.card import NewFact, state_fact
from openkam.app.accounts.operations.custom_values import CustomInput, write_custom_values
from openkam.app.accounts.operations.naming import refresh_names
from openkam.app.accounts.operations.placing import move, place
from openkam.app.accounts.operations.tags import write_tags
from openkam.app.accounts.terms.account import Kind
from openkam.app.audit.operations import recorded
from openkam.app.people.models import Team, User
from openkam.app.people.permissions import Permission, require
from openkam.app.people.terms import Scope


@transaction.atomic
def create_account(
    *,
    actor: User,
    name: str,
    kind: Kind = Kind.CUSTOMER,
    manager: User | None = None,
    team: Team | None = None,
    parent: Account | None = None,
    tags: Iterable[Tag] = (),
    facts: Iterable[NewFact] = (),
    custom_values: Mapping[CustomField, CustomInput] | None = None,
    reason: str = "",
) -> Account:
    """Make an account. Who does not see all accounts and names nobody becomes its manager, else they could not open it."""
    require(actor, Permission.EDIT_ACCOUNTS)
    if manager is None and team is None and actor.effective_scope != Scope.ALL:
        manager = actor
    account = Account(name=_checked_name(name), kind=kind, manager=manager, team=team, parent=parent, created_by=actor)
    refresh_names(account)
    with recorded(actor=actor, verb="created", record=account, reason=reason):
        account.save()
    place(account)
    write_tags(actor=actor, account=account, tags=tags)
    for fact in facts:
        state_fact(actor=actor, account=account, fact=fact)
    write_custom_values(actor=actor, account=account, values=custom_values or {})
    return account


@transaction.atomic
def change_account(
    *,
    actor: User,
    account: Account,
    name: str,
    kind: Kind,
    manager: User | None,
    team: Team | None,
    parent: Account | None,
    tags: Iterable[Tag] | None = None,
    custom_values: Mapping[CustomField, CustomInput] | None = None,
    reason: str = "",
) -> Account:
    """Set an account's own fields; what stands on the record card changes by a new fact. `tags=None` leaves the tags as they are."""
    require(actor, Permission.EDIT_ACCOUNTS)
    with recorded(actor=actor, verb="changed", record=account, reason=reason):
        if account.parent_id != (parent.pk if parent else None):
            move(account, parent)
        account.name, account.kind, account.parent = _checked_name(name), kind, parent
        account.manager, account.team = manager, team
        refresh_names(account)
        _save_if_changed(account)
    if tags is not None:
        write_tags(actor=actor, account=account, tags=tags)
    write_custom_values(actor=actor, account=account, values=custom_values or {})
    return account


@transaction.atomic
def delete_account(*, actor: User, account: Account, reason: str = "") -> None:
    """Put an account into the bin. What hangs below it stays where it is, and everything comes back with `restore_account`."""
    require(actor, Permission.DELETE_ACCOUNTS)
    with recorded(actor=actor, verb="deleted", record=account, reason=reason):
        account.deleted_at, account.deleted_by = timezone.now(), actor
        account.save(update_fields=["deleted_at", "deleted_by"])


@transaction.atomic
def restore_account(*, actor: User, account: Account, reason: str = "") -> None:
    """Take an account out of the bin."""
    require(actor, Permission.DELETE_ACCOUNTS)
    with recorded(actor=actor, verb="restored", record=account, reason=reason):
        account.deleted_at = account.deleted_by = None
        account.save(update_fields=["deleted_at", "deleted_by"])


def _checked_name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise ValidationError("An account needs a name.")
    if len(tidy) > 300:
        raise ValidationError("A name has at most 300 letters.")
    return tidy


OWN_FIELDS = ("name", "kind", "parent_id", "manager_id", "team_id", "sort_name", "search_text")


def _save_if_changed(account: Account) -> None:
    """Save, and move the day of the last change, only when something did change."""
    stored = Account.objects.filter(pk=account.pk).values(*OWN_FIELDS).get()
    if any(stored[field] != getattr(account, field) for field in OWN_FIELDS):
        account.changed_at = timezone.now()
        account.save(update_fields=[*(field.removesuffix("_id") for field in OWN_FIELDS), "changed_at"])
