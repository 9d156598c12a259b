"""Keep lists of accounts under a name."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from openkam.app.accounts.models import SavedView
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require


@transaction.atomic
def save_view(
    *,
    actor: User,
    name: str,
    filters: Mapping[str, Sequence[str]],
    columns: Sequence[str],
    sort: str = "",
    is_shared: bool = False,
    is_default: bool = False,
) -> SavedView:
    """Keep a list under a name of the actor's; the same name again replaces what it held. Only one of theirs opens first."""
    require(actor, Permission.EDIT_ACCOUNTS if is_shared else Permission.READ)
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > 100:
        raise ValidationError("A view has a name of 1 to 100 letters.")
    if is_default:
        _let_none_open_first(actor)
    view = SavedView.objects.filter(owner=actor, name=tidy).first() or SavedView(owner=actor, name=tidy)
    with recorded(actor=actor, verb="saved", record=view):
        view.filters = {key: list(values) for key, values in filters.items()}
        view.columns, view.sort = list(columns), sort
        view.is_shared, view.is_default = is_shared, is_default
        view.save()
    return view


@transaction.atomic
def remove_view(*, actor: User, view: SavedView) -> None:
    """Forget a view; only its owner may."""
    require(actor, Permission.READ)
    if view.owner_id != actor.pk:
        raise PermissionDenied("This view belongs to somebody else.")
    with recorded(actor=actor, verb="removed", record=view):
        view.delete()


def _let_none_open_first(actor: User) -> None:
    for other in SavedView.objects.filter(owner=actor, is_default=True):
        with recorded(actor=actor, verb="saved", record=other):
            other.is_default = False
            other.save(update_fields=["is_default"])
