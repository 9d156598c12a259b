"""Change many accounts at once, after a preview."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from openkam.app.accounts.models import Account, Tag
from openkam.app.accounts.operations.assignment import check_manager
from openkam.app.accounts.queries.bulk import BulkChange, accounts_to_change
from openkam.app.audit.operations import Write, record_writes
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require

PORTION = 5000
"""Accounts per statement: databases bound how many values one statement may carry."""
Item = TypeVar("Item")


@transaction.atomic
def bulk_change_accounts(*, actor: User, accounts: QuerySet[Account], change: BulkChange, reason: str = "") -> int:
    """Make one change to all given accounts (from `queries.visible_accounts`); returns how many it changed.

    Each changed account has its own entry in the audit. `queries.bulk.bulk_preview` says beforehand what this will do.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    if change.delete:
        require(actor, Permission.DELETE_ACCOUNTS)
    if change.set_manager:
        check_manager(change.manager)
    # The keys are read once: a change may take accounts out of the very filter that found them.
    keys = list(accounts_to_change(accounts, change).order_by().values_list("pk", flat=True))
    for portion in _portions(keys):
        _change_portion(actor, portion, change, reason)
    return len(keys)


def _change_portion(actor: User, keys: list[int], change: BulkChange, reason: str) -> None:
    changed = list(Account.objects.select_for_update().filter(pk__in=keys))
    columns = change.columns()
    if change.delete:
        columns |= {"deleted_at": timezone.now(), "deleted_by_id": actor.pk}
    else:
        columns["changed_at"] = timezone.now()
    before_tags, after_tags = _retag(keys, change)
    writes: list[Write] = []
    for account in changed:
        before = {name: getattr(account, name) for name in columns}
        after = dict(columns)
        if account.pk in before_tags:
            before["tags"], after["tags"] = before_tags[account.pk], after_tags[account.pk]
        differing = {name for name in after if before[name] != after[name]}
        writes.append(
            Write(
                account,
                {name: before[name] for name in before if name in differing},
                {n: after[n] for n in after if n in differing},
            )
        )
    Account.objects.filter(pk__in=keys).update(**columns)
    record_writes(actor=actor, verb="deleted" if change.delete else "changed", writes=writes, reason=reason)


def _retag(keys: list[int], change: BulkChange) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Add and take tags; the tags before and after of each account whose tags differ."""
    if not change.add_tags and not change.remove_tags:
        return {}, {}
    links = Account.tags.through.objects
    held: dict[int, set[int]] = {key: set() for key in keys}
    for account_id, tag_id in links.filter(account_id__in=keys).values_list("account_id", "tag_id"):
        held[account_id].add(tag_id)
    added, removed = {tag.pk for tag in change.add_tags}, {tag.pk for tag in change.remove_tags}
    links.filter(account_id__in=keys, tag_id__in=removed).delete()
    links.bulk_create(Account.tags.through(account_id=key, tag_id=tag) for key in keys for tag in sorted(added - held[key]))
    names = dict(Tag.objects.values_list("pk", "name"))
    after = {key: (tags - removed) | added for key, tags in held.items()}
    differing = [key for key in keys if held[key] != after[key]]
    return (
        {key: sorted(names[tag] for tag in held[key]) for key in differing},
        {key: sorted(names[tag] for tag in after[key]) for key in differing},
    )


def _portions(items: Iterable[Item]) -> Iterator[list[Item]]:
    waiting = iter(items)
    while portion := list(islice(waiting, PORTION)):
        yield portion
