"""Lists that were kept under a name."""

from django.db.models import Q, QuerySet
from django.http import Http404

from openkam.app.accounts.models import SavedView
from openkam.app.people.models import User


def saved_views(user: User) -> QuerySet[SavedView]:
    """The user's own views and those shared with everybody."""
    return SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner")


def own_view(user: User, pk: int) -> SavedView:
    """One of the user's own views; raises `Http404` for anything else."""
    found = SavedView.objects.filter(owner=user, pk=pk).first()
    if found is None:
        raise Http404("No such view.")
    return found
