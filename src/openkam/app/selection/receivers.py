"""Whose history is open to whom: rounds and what-ifs to who conducts reviews and sees all, decisions to who sees the account."""

from django.db.models import QuerySet
from django.urls import reverse

from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.audit.permissions import register_history
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.app.selection.models import (
    AccountRating,
    Decision,
    KeyStatus,
    ProgrammeText,
    RatingScale,
    Round,
    ScaleVersion,
    Scenario,
)
from openkam.app.selection.permissions import may_change_programme, may_conduct, sees_all_records


def _whole(user: User) -> bool:
    """Texts of programmes and notes name accounts: their history is for who sees all of them."""
    return may_conduct(user) and sees_all_records(user)


def rounds_of(user: User) -> QuerySet[Round]:
    """The rounds whose history a person may open."""
    return Round.objects.all() if _whole(user) else Round.objects.none()


def scenarios_of(user: User) -> QuerySet[Scenario]:
    """The scenarios whose history a person may open."""
    return Scenario.objects.all() if _whole(user) else Scenario.objects.none()


def decisions_of(user: User) -> QuerySet[Decision]:
    """The decisions about accounts that the person sees."""
    return Decision.objects.filter(account__in=visible_accounts(user).order_by())


def statuses_of(user: User) -> QuerySet[KeyStatus]:
    """The statuses of accounts that the person sees."""
    return KeyStatus.objects.filter(account__in=visible_accounts(user).order_by())


def programmes_of(user: User) -> QuerySet[ProgrammeText]:
    """The programme, for who may change it and sees all accounts."""
    is_open = may_change_programme(user) and sees_all_records(user)
    return ProgrammeText.objects.all() if is_open else ProgrammeText.objects.none()


def ratings_of(user: User) -> QuerySet[AccountRating]:
    """The ratings of accounts that the person sees."""
    return AccountRating.objects.filter(account__in=visible_accounts(user).order_by())


def scales_of(user: User) -> QuerySet[RatingScale]:
    """The scales, which name no account."""
    return RatingScale.objects.all() if may(user, Permission.MANAGE_SETTINGS) else RatingScale.objects.none()


def wordings_of(user: User) -> QuerySet[ScaleVersion]:
    """The wordings of scales."""
    return ScaleVersion.objects.filter(scale__in=scales_of(user))


register_history(Round, visible_to=rounds_of, address=lambda key: reverse("selection:round", args=[key]))
register_history(Scenario, visible_to=scenarios_of)
register_history(Decision, visible_to=decisions_of)
register_history(KeyStatus, label="Key status", visible_to=statuses_of)
register_history(ProgrammeText, label="Programme", visible_to=programmes_of, address=lambda key: reverse("selection:criteria"))
register_history(AccountRating, label="Rating", visible_to=ratings_of)
register_history(
    RatingScale, label="Rating scale", visible_to=scales_of, address=lambda key: reverse("selection:scale", args=[key])
)
register_history(ScaleVersion, label="Wording of a scale", visible_to=wordings_of)
