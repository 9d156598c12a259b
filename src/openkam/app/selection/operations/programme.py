"""The workspace's programme: changed as a whole, checked by the engine, kept in the audit."""

import os

from django.db import transaction
from django.utils import timezone

from openkam.analytics.selection.programme import Programme
from openkam.analytics.terms import OpenKamError
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.selection.models import ProgrammeText
from openkam.app.selection.permissions import require_all_records
from openkam.app.selection.queries.workspace import PROGRAMME_FILE, programme_path
from openkam.app.selection.terms import RefusedError


def save_programme(*, actor: User, text: str, reason: str = "") -> Programme:
    """Make a text the workspace's programme, for the rounds to come; raises `RefusedError` in the engine's words."""
    require(actor, Permission.MANAGE_SETTINGS)
    require_all_records(actor)
    return keep_programme(actor, text, reason)


def keep_programme(actor: User, text: str, reason: str) -> Programme:
    """Check a text, make it the workspace's programme and record it; who may is asked by the operation that calls."""
    text = text.replace("\r\n", "\n")
    try:
        programme = Programme.parse(text, name=PROGRAMME_FILE)
    except OpenKamError as error:
        raise RefusedError(str(error)) from error
    path = programme_path()
    with transaction.atomic():
        kept = ProgrammeText.objects.select_for_update().order_by("id").first() or ProgrammeText()
        with recorded(actor=actor, verb="changed the programme", record=kept, reason=reason):
            kept.text, kept.changed_at, kept.changed_by = text, timezone.now(), actor
            kept.save()
        half = path.with_name(f"{path.name}.{os.getpid()}")
        half.write_text(text, encoding="utf-8")
        half.replace(path)
    return programme
