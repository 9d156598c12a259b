"""Lists that were kept under a name."""

from django.db.models import Q, QuerySet
from django.http import Http404

from openkam.app.accounts.models import SavedView
from openkam.app.people.models import User
from openkam.app.people.queries.compiled import compiled_once


def saved_views(user: User) -> list[SavedView]:
    """The user's own views and those shared with everybody."""
    return _saved_views(user.pk)


@compiled_once
def _saved_views(person: int) -> QuerySet[SavedView]:
    return SavedView.objects.filter(Q(owner=person) | Q(is_shared=True)).select_related("owner")


def own_view(user: User, pk: int) -> SavedView:
    """One of the user's own views; raises `Http404` for anything else."""
    found = SavedView.objects.filter(owner=user, pk=pk).first()
    if found is None:
        raise Http404("No such view.")
    return found
