"""Keeps the table of descent in step with the parents of accounts."""

from django.core.exceptions import ValidationError

from openkam.app.accounts.models import Account, Descent
from openkam.app.accounts.terms.account import LEVELS_AT_MOST


def place(account: Account) -> None:
    """Enter a new account below its parent and everything above that."""
    above = _line_above(account.parent)
    _check_levels(len(above), 0)
    lines = [Descent(ancestor_id=ancestor, descendant=account, levels=levels) for ancestor, levels in above]
    Descent.objects.bulk_create([Descent(ancestor=account, descendant=account, levels=0), *lines])


def move(account: Account, parent: Account | None) -> None:
    """Hang an account with all below it under another parent, or under none; the caller saves `account.parent`.

    Raises `ValidationError` when the parent is below the account, or the line would grow too long.
    """
    subtree = list(Descent.objects.filter(ancestor=account).values_list("descendant", "levels"))
    above = _line_above(parent)
    touched = [account.pk, *(ancestor for ancestor, _ in above)]
    list(Account.objects.select_for_update().filter(pk__in=touched).order_by("pk").values_list("pk", flat=True))
    members = {descendant for descendant, _ in subtree}
    if parent is not None and parent.pk in members:
        raise ValidationError(f"{parent} is part of {account}: an account cannot hang below itself.")
    _check_levels(len(above), max(levels for _, levels in subtree))
    Descent.objects.filter(descendant__in=members).exclude(ancestor__in=members).delete()
    Descent.objects.bulk_create(
        Descent(ancestor_id=ancestor, descendant_id=descendant, levels=up + down)
        for ancestor, up in above
        for descendant, down in subtree
    )


def _line_above(parent: Account | None) -> list[tuple[int, int]]:
    """The ancestors a child of `parent` has, each with its levels."""
    if parent is None:
        return []
    return [
        (ancestor, levels + 1) for ancestor, levels in Descent.objects.filter(descendant=parent).values_list("ancestor", "levels")
    ]


def _check_levels(above: int, below: int) -> None:
    if above + below + 1 > LEVELS_AT_MOST:
        raise ValidationError(f"Accounts hang at most {LEVELS_AT_MOST} levels deep: choose a parent further up.")
