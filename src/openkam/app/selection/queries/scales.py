"""The scales that people rate accounts on, with their wordings and how far raters agree."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.http import Http404

from openkam.analytics.selection.agreement import Agreement, ordinal_agreement
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.selection.models import AccountRating, RatingScale, ScaleVersion


@dataclass(frozen=True, slots=True)
class ScaleLine:
    """A scale with its wording of now, how many ratings stand, how many of them are past their shelf life, and the agreement."""

    scale: RatingScale
    version: ScaleVersion
    rating_count: int
    faded_count: int
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class RatedScale:
    """How many ratings stand on a scale, how many of them are past their shelf life, and how far raters agree."""

    rating_count: int
    faded_count: int
    agreement: Agreement


NOBODY = RatedScale(0, 0, ordinal_agreement(()))


def scale_lines(user: User, today: date) -> Sequence[ScaleLine]:
    """Every scale, the archived last; ratings are counted and compared over the accounts that the person sees."""
    versions, found = latest_versions(), rated_by_scale(user, today)
    lines = [
        ScaleLine(one, versions[one.pk], told.rating_count, told.faded_count, told.agreement)
        for one in RatingScale.objects.all()
        for told in (found.get(one.pk, NOBODY),)
    ]
    return sorted(lines, key=lambda line: line.scale.archived_at is not None)


def scale_of(pk: int) -> RatingScale:
    """One scale; raises `Http404`."""
    found = RatingScale.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("No such scale.")
    return found


def open_scale(pk: int) -> RatingScale:
    """One scale that is not archived; raises `Http404`."""
    found = scale_of(pk)
    if found.archived_at is not None:
        raise Http404("The scale is archived.")
    return found


def scale_named(name: str | None) -> RatingScale | None:
    """The scale that a programme's criterion is rated on; None where people give no ratings here."""
    return RatingScale.objects.filter(name=name).first() if name else None


def versions_of(scale: RatingScale) -> Sequence[ScaleVersion]:
    """All wordings of a scale, the latest first, with how many ratings were given under each."""
    return list(scale.versions.annotate(rating_count=Count("ratings")).order_by("-number"))


def latest_versions() -> dict[int, ScaleVersion]:
    """The wording of now by scale."""
    return {version.scale_id: version for version in ScaleVersion.objects.order_by("scale_id", "number")}


def rated_by_scale(user: User, today: date) -> dict[int, RatedScale]:
    """By scale the standing ratings of visible accounts; agreement leaves out what is past its shelf life."""
    standing = AccountRating.objects.filter(ended_at=None, account__in=visible_accounts(user).order_by()).order_by()
    fresh: dict[int, dict[int, list[int]]] = {}
    counts, faded = Counter[int](), Counter[int]()
    for scale_id, account_id, level, fades_on in standing.values_list("scale_id", "account_id", "level", "fades_on"):
        counts[scale_id] += 1
        units = fresh.setdefault(scale_id, {})
        if fades_on > today:
            units.setdefault(account_id, []).append(level)
        else:
            faded[scale_id] += 1
    return {pk: RatedScale(counts[pk], faded[pk], ordinal_agreement(units.values())) for pk, units in fresh.items()}
