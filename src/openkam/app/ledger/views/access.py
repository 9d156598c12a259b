"""Who acts, and what they act on."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from openkam.app.ledger.models import ImportDraft
from openkam.app.ledger.queries.drafts import drafts
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, person_of, require


def actor_of(request: HttpRequest) -> User:
    """The signed-in person, who may import facts; anybody else gets the 403 page."""
    person = person_of(request)
    require(person, Permission.IMPORT_FACTS)
    return person


def draft_of(request: HttpRequest, pk: int) -> tuple[User, ImportDraft]:
    """The actor and the draft of that number; 404 without one."""
    actor = actor_of(request)
    return actor, get_object_or_404(drafts(actor), pk=pk)
