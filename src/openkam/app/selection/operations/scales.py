"""Anchored scales: made, reworded and put away. A rating given keeps the words it was given under."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.selection.models import RatingScale, ScaleVersion
from openkam.app.selection.terms import RATING_LEVELS


@dataclass(frozen=True, slots=True)
class ScaleDetails:
    """What a scale asks, how long an answer lasts, and what its levels 0 to 4 mean, in that order."""

    label: str
    question: str
    shelf_life_months: int
    anchors: Sequence[str]


@transaction.atomic
def create_scale(*, actor: User, name: str, details: ScaleDetails, reason: str = "") -> RatingScale:
    """Make a scale with its first wording. Raises `ValidationError` by field."""
    require(actor, Permission.MANAGE_SETTINGS)
    scale = RatingScale(name=name, made_at=timezone.now(), made_by=actor)
    _write(actor, scale, details, "made", reason)
    return scale


@transaction.atomic
def change_scale(*, actor: User, scale: RatingScale, details: ScaleDetails, reason: str = "") -> RatingScale:
    """Change a scale; other anchors become a version of their own. Raises `ValidationError` by field."""
    require(actor, Permission.MANAGE_SETTINGS)
    locked = RatingScale.objects.select_for_update().get(pk=scale.pk)
    _write(actor, locked, details, "changed", reason)
    return locked


def archive_scale(*, actor: User, scale: RatingScale, reason: str = "") -> RatingScale:
    """Ask nobody for it any more; the ratings given stay and can be read."""
    return _set_archived(actor, scale, "archived", reason, is_archived=True)


def reopen_scale(*, actor: User, scale: RatingScale, reason: str = "") -> RatingScale:
    """Ask for it again."""
    return _set_archived(actor, scale, "reopened", reason, is_archived=False)


def _set_archived(actor: User, scale: RatingScale, verb: str, reason: str, *, is_archived: bool) -> RatingScale:
    require(actor, Permission.MANAGE_SETTINGS)
    with recorded(actor=actor, verb=verb, record=scale, reason=reason):
        scale.archived_at = timezone.now() if is_archived else None
        scale.save(update_fields=["archived_at"])
    return scale


def _write(actor: User, scale: RatingScale, details: ScaleDetails, verb: str, reason: str) -> None:
    anchors = [anchor.strip() for anchor in details.anchors]
    if len(anchors) != RATING_LEVELS or not all(anchors):
        raise ValidationError(f"A scale needs {RATING_LEVELS} sentences, one for each level from 0 to {RATING_LEVELS - 1}.")
    scale.label, scale.question, scale.shelf_life_months = details.label, details.question, details.shelf_life_months
    scale.full_clean()
    with recorded(actor=actor, verb=verb, record=scale, reason=reason):
        scale.save()
    latest = ScaleVersion.objects.filter(scale=scale).order_by("-number").first()
    if latest is None or latest.anchors != anchors:
        number = latest.number + 1 if latest else 1
        version = ScaleVersion(scale=scale, number=number, anchors=anchors, made_at=timezone.now(), made_by=actor)
        with recorded(actor=actor, verb="worded", record=version, reason=reason):
            version.save()
