"""Ratings of accounts by people: each with its evidence, each under the wording that its rater read."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.analytics.behaviour.facts import months_after
from openkam.app.accounts.queries.scope import account
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.selection.models import AccountRating, RatingScale
from openkam.app.selection.queries.ratings import own_rating
from openkam.app.selection.queries.scales import open_scale
from openkam.app.selection.terms import RATING_LEVELS, RefusedError


@transaction.atomic
def rate_account(
    *,
    actor: User,
    account_id: int,
    scale_id: int,
    version_id: int,
    level: int,
    rated_on: date,
    evidence: str = "",
    evidence_link: str = "",
) -> AccountRating:
    """Rate an account that the actor sees, instead of their own rating before.

    `version_id` is the wording that was read: where it is no longer the scale's, `RefusedError` asks to read the new one. Raises
    `Http404` for an account or scale there is none of, `ValidationError` without evidence or for a day to come.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    rated, scale = account(actor, account_id), open_scale(scale_id)
    RatingScale.objects.select_for_update().get(pk=scale.pk)
    version = scale.versions.order_by("-number")[0]
    if version.pk != version_id:
        raise RefusedError(f"{scale.label} was reworded meanwhile: read what its levels mean now, and rate again.")
    if not 0 <= level < RATING_LEVELS:
        raise ValidationError({"level": f"A level is a whole number from 0 to {RATING_LEVELS - 1}."})
    if not evidence.strip() and not evidence_link:
        raise ValidationError({"evidence": "Say what it rests on, or link to it: a rating without evidence cannot be checked."})
    if rated_on > timezone.localdate():
        raise ValidationError({"rated_on": "The day is still to come."})
    end_rating(actor, own_rating(actor, rated, scale), "replaced")
    made = AccountRating(
        account=rated,
        scale=scale,
        version=version,
        level=level,
        evidence=evidence.strip(),
        evidence_link=evidence_link,
        rated_by=actor,
        rated_on=rated_on,
        fades_on=months_after(rated_on, scale.shelf_life_months),
        given_at=timezone.now(),
    )
    made.full_clean()
    with recorded(actor=actor, verb="rated", record=made):
        made.save()
    return made


@transaction.atomic
def withdraw_rating(*, actor: User, account_id: int, scale_id: int) -> AccountRating:
    """Take one's own rating back; it stays on record. Raises `RefusedError` where there is none."""
    require(actor, Permission.EDIT_ACCOUNTS)
    rating = own_rating(actor, account(actor, account_id), RatingScale(pk=scale_id))
    if rating is None:
        raise RefusedError("You have not rated it, so there is nothing to take back.")
    end_rating(actor, rating, "withdrew")
    return rating


def end_rating(actor: User, rating: AccountRating | None, verb: str) -> None:
    """Let a rating count no more, where there is one."""
    if rating is not None:
        with recorded(actor=actor, verb=verb, record=rating):
            rating.ended_at = timezone.now()
            rating.save(update_fields=["ended_at"])
