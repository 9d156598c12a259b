"""Who acts, and what they act on."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.datastructures import MultiValueDict

from openkam.app.ledger.models import ImportDraft
from openkam.app.ledger.queries.drafts import drafts
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, person_of, require


def actor_of(request: HttpRequest) -> User:
    """The signed-in person, who may import facts; anybody else gets the 403 page."""
    person = person_of(request)
    require(person, Permission.IMPORT_FACTS)
    return person


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, also when that is nothing; None when none was sent."""
    return request.POST if request.method == "POST" else None


def sent_files(request: HttpRequest) -> MultiValueDict[str, UploadedFile[Any]] | None:
    """The files a form was sent with; None when none was sent."""
    return request.FILES if request.method == "POST" else None


def draft_of(request: HttpRequest, pk: int) -> tuple[User, ImportDraft]:
    """The actor and the draft of that number; 404 without one."""
    actor = actor_of(request)
    return actor, get_object_or_404(drafts(actor), pk=pk)
