"""The workspace's programme: changed as a whole or criterion by criterion, checked by the engine, kept in the audit."""

import os
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from openkam.analytics.selection.criteria import Points
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_edit import Edit, edited_programme
from openkam.analytics.terms import OpenKamError
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.selection.models import ProgrammeText
from openkam.app.selection.permissions import require_all_records
from openkam.app.selection.queries.workspace import PROGRAMME_FILE, programme_path, workspace_programme
from openkam.app.selection.terms import RefusedError


def save_programme(*, actor: User, text: str, reason: str = "") -> Programme:
    """Make a text the workspace's programme, for the rounds to come; raises `RefusedError` in the engine's words."""
    require(actor, Permission.MANAGE_SETTINGS)
    require_all_records(actor)
    return _save(actor, text, reason)


def change_criterion(
    *, actor: User, number: int, weight: float, points: Points, anchors: Sequence[str] = (), reason: str = ""
) -> Programme:
    """Change the weight, the value function and, of a rating, the anchors of the `number`-th criterion (from 1)."""
    require(actor, Permission.MANAGE_SETTINGS)
    text, programme = workspace_programme(actor)
    if not 1 <= number <= len(programme.criteria):
        raise RefusedError("The programme has no such criterion: load the page again.")
    criterion = programme.criteria[number - 1]
    edits = [Edit("criterion", "weight", weight, number)]
    if points != criterion.points:
        edits.append(Edit("criterion", "points", points, number))
    if criterion.rating and tuple(anchors) != criterion.anchors:
        edits.append(Edit("criterion", "anchors", tuple(anchors), number))
    try:
        changed = edited_programme(text, edits, name=PROGRAMME_FILE)
    except OpenKamError as error:
        raise RefusedError(str(error)) from error
    return _save(actor, changed, reason)


def _save(actor: User, text: str, reason: str) -> Programme:
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
