"""Ratings of one account side by side, and those that count for the programme."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openkam.analytics.selection.agreement import Agreement, Spread, spread_of
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_ratings import rated_programme
from openkam.analytics.selection.programme_terms import Rating
from openkam.analytics.terms import OpenKamError
from openkam.app.accounts.models import Account, AccountKey
from openkam.app.accounts.queries.scope import account
from openkam.app.people.models import User
from openkam.app.selection.models import AccountRating, RatingScale, ScaleVersion
from openkam.app.selection.queries.scales import NOBODY, RatedScale, latest_versions, rated_by_scale
from openkam.app.selection.queries.workspace import PROGRAMME_FILE, workspace_programme
from openkam.app.selection.terms import RefusedError


@dataclass(frozen=True, slots=True)
class RatingLine:
    """One rating as shown: faded once past its shelf life, with the words that it was given under where they are others now."""

    rating: AccountRating
    anchor: str
    is_faded: bool
    is_reworded: bool


@dataclass(frozen=True, slots=True)
class ScaleRatings:
    """A scale on one account's page: its levels, the ratings, their spread without the faded, the agreement over all accounts."""

    scale: RatingScale
    version: ScaleVersion
    levels: tuple[tuple[int, str, int], ...]
    """Level, what it means, and how many rate the account so."""
    lines: tuple[RatingLine, ...]
    spread: Spread | None
    agreement: Agreement
    own: AccountRating | None


@dataclass(frozen=True, slots=True)
class RatingsPage:
    """An account with every scale that is open, or that somebody rated it on."""

    account: Account
    scales: Sequence[ScaleRatings]


def ratings_page(user: User, account_id: int, today: date) -> RatingsPage:
    """The ratings of one visible account; raises `Http404` for any other."""
    rated = account(user, account_id)
    standing = list(AccountRating.objects.filter(account=rated, ended_at=None).select_related("version", "rated_by"))
    versions, found = latest_versions(), rated_by_scale(user, today)
    asked = [
        scale
        for scale in RatingScale.objects.all()
        if scale.archived_at is None or any(rating.scale_id == scale.pk for rating in standing)
    ]
    scales: list[ScaleRatings] = []
    for scale in asked:
        version = versions[scale.pk]
        lines = tuple(_line(rating, version, today) for rating in standing if rating.scale_id == scale.pk)
        scales.append(_of_scale(user, version, scale, lines, found.get(scale.pk, NOBODY)))
    return RatingsPage(rated, scales)


def own_rating(user: User, rated: Account, scale: RatingScale) -> AccountRating | None:
    """What the person says of the account now."""
    return AccountRating.objects.filter(account=rated, scale=scale, rated_by=user, ended_at=None).first()


def counted_programme(user: User, today: date) -> tuple[str, Programme]:
    """The workspace's programme with the ratings that people gave here and that are fresh: what the next round is conducted with.

    Raises `RefusedError` in the engine's words.
    """
    text, programme = workspace_programme(user)
    scales = {criterion.rating for criterion in programme.criteria if criterion.rating}
    known = {scale.pk: scale.name for scale in RatingScale.objects.filter(name__in=scales)} if scales else {}
    if not known:
        return text, programme
    anchors = {known[pk]: version.anchors for pk, version in latest_versions().items() if pk in known}
    try:
        text = rated_programme(text, _ratings(known, today), anchors, name=PROGRAMME_FILE)
        return text, Programme.parse(text, name=PROGRAMME_FILE)
    except OpenKamError as error:
        raise RefusedError(str(error)) from error


def _ratings(known: dict[int, str], today: date) -> list[Rating]:
    """The fresh ratings on the scales, of accounts that a ledger knows, as the engine reads them."""
    standing = AccountRating.objects.filter(scale__in=known, ended_at=None, fades_on__gt=today, account__deleted_at=None)
    standing = standing.order_by("account_id", "scale_id", "id").select_related("rated_by")
    keys = AccountKey.objects.filter(account__in=standing.order_by().values("account")).order_by("-id")
    ledger_account = dict(keys.values_list("account_id", "ledger_account"))
    people = {rating.rated_by_id: rating.rated_by.name for rating in standing}
    names = list(people.values())
    raters = {pk: name if names.count(name) == 1 else f"{name} ({pk})" for pk, name in people.items()}
    return [
        Rating(
            account=ledger_account[rating.account_id],
            criterion=known[rating.scale_id],
            value=rating.level,
            evidence=rating.evidence or rating.evidence_link,
            rated_by=raters[rating.rated_by_id],
            rated_on=rating.rated_on,
        )
        for rating in standing
        if rating.account_id in ledger_account
    ]


def _of_scale(
    user: User, version: ScaleVersion, scale: RatingScale, lines: tuple[RatingLine, ...], rated: RatedScale
) -> ScaleRatings:
    fresh = [line.rating.level for line in lines if not line.is_faded]
    return ScaleRatings(
        scale=scale,
        version=version,
        levels=tuple((level, anchor, fresh.count(level)) for level, anchor in enumerate(version.anchors)),
        lines=lines,
        spread=spread_of(fresh),
        agreement=rated.agreement,
        own=next((line.rating for line in lines if line.rating.rated_by_id == user.pk), None),
    )


def _line(rating: AccountRating, version: ScaleVersion, today: date) -> RatingLine:
    anchor = rating.version.anchors[rating.level]
    return RatingLine(rating, anchor, rating.fades_on <= today, is_reworded=anchor != version.anchors[rating.level])
