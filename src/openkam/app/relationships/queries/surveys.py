"""Surveys that a person may read, the invitation behind a link, and who is to be reminded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext

from openkam.analytics.relationship.rapport.scale_items import COMMITMENT_ITEMS, TRUST_ITEMS
from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.relationships.models import Invitation, Survey
from openkam.app.relationships.terms import GUEST_LANGUAGES, REMIND_AFTER_DAYS, SURVEY_SCALES, SurveyKind
from openkam.app.runs.models import Run
from openkam.app.runs.permissions import sees_all_runs


@dataclass(frozen=True, slots=True)
class Question:
    """One question as the guest reads it, in the language that is active."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ScoreLink:
    """A link that opens the page with a score chosen."""

    score: int
    href: str


def visible_surveys(user: User) -> QuerySet[Survey]:
    """The surveys of the accounts that the user sees."""
    return Survey.objects.filter(account__in=visible_accounts(user).order_by())


def survey(user: User, pk: int) -> Survey:
    """One visible survey; raises `Http404` for any other."""
    found = visible_surveys(user).select_related("account", "opened_by", "run").filter(pk=pk).first()
    if found is None:
        raise Http404("No such survey.")
    return found


def surveys_of(user: User, account: Account) -> QuerySet[Survey]:
    """The surveys of a visible account, the latest first, each with how many were `asked` and `answered`."""
    return (
        visible_surveys(user)
        .filter(account=account)
        .annotate(
            asked=Count("invitations", distinct=True),
            answered=Count("invitations", distinct=True, filter=Q(invitations__used_on__isnull=False)),
        )
    )


def invitation_of(token: str) -> Invitation | None:
    """The invitation whose link carries the token, however it stands; None for a link that is not ours."""
    found = Invitation.objects.filter(token_digest=Invitation.digest_of(token))
    return found.select_related("survey__account", "survey__opened_by").first()


def open_invitation(token: str, today: date) -> Invitation | None:
    """The invitation of a link that still takes an answer."""
    found = invitation_of(token)
    return found if found and found.used_on is None and today <= found.survey.closes_on else None


def letters_left(found: Survey) -> QuerySet[Invitation]:
    """Whose letter neither went out nor was refused."""
    waiting = found.invitations.filter(sent_at=None, used_on=None, is_refused=False)
    return waiting.select_related("survey__opened_by", "contact", "user")


@dataclass(frozen=True, slots=True)
class LettersState:
    """How far the letters of a survey are. `waiting` and `refused` count letters; `failure` says why the last run gave up.

    `run` is open, and `may_open` says whether the person may look at its own page.
    """

    run: Run | None
    may_open: bool
    waiting: int
    refused: int
    failure: str
    can_send: bool


def letters_state(user: User, found: Survey, invitations: Sequence[Invitation], today: date) -> LettersState:
    """How far the letters are, without a query: from the survey with its run, and its invitations."""
    left = [one for one in invitations if one.sent_at is None and one.used_on is None]
    run = found.run
    is_open = run is not None and run.is_open
    return LettersState(
        run=run if is_open else None,
        may_open=run is not None and (run.requested_by_id == user.pk or sees_all_runs(user)),
        waiting=len([one for one in left if not one.is_refused]),
        refused=len([one for one in left if one.is_refused]),
        failure=run.failure if run is not None and left and not is_open else "",
        can_send=bool(left) and not is_open and today <= found.closes_on,
    )


def due_reminders(today: date) -> QuerySet[Invitation]:
    """Who was asked a week ago or longer, has neither answered nor been reminded, and still may."""
    return Invitation.objects.filter(
        sent_at__date__lte=today - timedelta(days=REMIND_AFTER_DAYS),
        reminded_at=None,
        used_on=None,
        is_refused=False,
        survey__closes_on__gte=today,
        survey__account__deleted_at=None,
    ).select_related("survey__opened_by", "contact", "user")


def questions_of(found: Survey) -> list[Question]:
    """What a survey asks, in the active language; topics in the words of who opened it."""
    match SurveyKind(found.kind):
        case SurveyKind.TRUST:
            return [Question(item.name, gettext(item.text)) for item in (*TRUST_ITEMS, *COMMITMENT_ITEMS)]
        case SurveyKind.NPS:
            return [Question("nps", gettext("How likely is it that you would recommend us to somebody in your field?"))]
        case SurveyKind.CSAT:
            return [Question("csat", gettext("How satisfied are you with us, all in all?"))]
        case SurveyKind.CES:
            return [Question("ces", gettext("How easy do we make it for you to get what you need?"))]
        case SurveyKind.PERCEPTION:
            return [Question(topic, topic) for topic in found.topics]


def ends_of(found: Survey) -> tuple[str, str]:
    """What the lowest and the highest answer mean, in the active language."""
    match SurveyKind(found.kind):
        case SurveyKind.TRUST:
            return gettext("not at all"), gettext("entirely")
        case SurveyKind.NPS:
            return gettext("not at all likely"), gettext("extremely likely")
        case SurveyKind.CES:
            return gettext("very hard"), gettext("very easy")
        case SurveyKind.CSAT | SurveyKind.PERCEPTION:
            return gettext("very poor"), gettext("very good")


def score_range(found: Survey) -> tuple[int, int]:
    """Lowest and highest answer."""
    return SURVEY_SCALES[found.kind]


def guest_language(text: str) -> str:
    """The language of guest pages for a contact's language, as a code or a word in whatever case; English where we have no other."""
    word = text.strip().lower().replace("_", "-").partition("-")[0].partition(" ")[0]
    return next((code for code, names in GUEST_LANGUAGES.items() if word in names), "en")


def writes_to_files() -> bool:
    """True while no mail server is set: letters then lie as files in the workspace."""
    return settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")
