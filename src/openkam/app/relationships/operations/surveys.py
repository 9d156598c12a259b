"""Open a survey, take an answer in; its letters are `survey_letters`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.analytics.relationship.rapport.perception_gap import Viewer
from openkam.app.accounts.models import Account
from openkam.app.audit.operations import record_write
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Answer, Contact, Employment, Invitation, Response, Survey
from openkam.app.relationships.operations.ladder_places import reckon_places
from openkam.app.relationships.queries.surveys import (
    guest_language,
    open_invitation,
    questions_of,
    score_range,
)
from openkam.app.relationships.terms import SURVEY_DAYS, PointKind, SurveyKind

MOST_TOPICS = 8
LONGEST_TOPIC = 80


class SpentInvitationError(Exception):
    """The link is not ours, was used already, or its survey is closed."""


@transaction.atomic
def open_survey(
    *,
    actor: User,
    account: Account,
    kind: SurveyKind,
    contacts: Iterable[Contact],
    site_address: str,
    colleagues: Iterable[User] = (),
    topics: Sequence[str] = (),
    is_anonymous: bool = False,
    closes_on: date | None = None,
) -> Survey:
    """Make a survey with an invitation for each person; nothing is sent yet (`request_letters`).

    Colleagues are asked how they see the topics, and nothing else. Raises `ValidationError` where nobody is asked, somebody has no mail
    address or never worked at the account, a perception survey has no topics, or it would close before it opens.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    asked, ours = list(contacts), list(colleagues)
    wanted = [" ".join(topic.split()) for topic in topics if topic.strip()]
    closes_on = closes_on or timezone.localdate() + timedelta(days=SURVEY_DAYS)
    if closes_on < timezone.localdate():
        raise ValidationError({"closes_on": "It would close before it opens."})
    _check(account, kind, asked, ours, wanted)
    addresses = {
        contact.pk: next((point.value for point in contact.points.all() if point.kind == PointKind.MAIL), "") for contact in asked
    }
    without = [contact.name for contact in asked if not addresses[contact.pk]]
    if without:
        raise ValidationError({"contacts": f"No mail address is known of {', '.join(without)}."})
    made = Survey.objects.create(
        account=account,
        kind=kind,
        topics=wanted if kind == SurveyKind.PERCEPTION else [],
        is_anonymous=is_anonymous,
        closes_on=closes_on,
        site_address=site_address.rstrip("/"),
        opened_by=actor,
    )
    for contact in asked:
        _invite(
            Invitation(survey=made, contact=contact, address=addresses[contact.pk], language=guest_language(contact.language))
        )
    for user in ours:
        _invite(Invitation(survey=made, user=user, address=user.email, language="en"))
    told: dict[str, object] = {"survey": made.pk, "kind": made.kind, "people": len(asked) + len(ours)}
    record_write(actor=actor, verb="surveyed", record=account, before={}, after=told)
    return made


@transaction.atomic
def take_answer(*, token: str, answers: Mapping[str, int], comment: str = "") -> None:
    """Keep what a guest answered; the link is spent. Of two that come at once one is kept.

    Raises `SpentInvitationError` for a link that does not open, `ValidationError` for an answer off the scale or to no question of it.
    """
    today = timezone.localdate()
    found = open_invitation(token, today)
    if found is None or not Invitation.objects.filter(pk=found.pk, used_on=None).update(used_on=today):
        raise SpentInvitationError
    survey = found.survey
    names = {question.name for question in questions_of(survey)}
    lowest, highest = score_range(survey)
    if set(answers) - names or not all(lowest <= value <= highest for value in answers.values()):
        raise ValidationError("An answer is not on the scale.")
    if not answers:
        raise ValidationError("Nothing was answered.")
    made = Response.objects.create(
        survey=survey,
        invitation=None if survey.is_anonymous else found,
        viewer=_viewer(found),
        answered_on=today,
        comment=comment.strip(),
    )
    Answer.objects.bulk_create(Answer(response=made, question=name, value=value) for name, value in answers.items())
    reckon_places(keys=[survey.account_id], today=today)


def _check(account: Account, kind: SurveyKind, asked: Sequence[Contact], ours: Sequence[User], topics: Sequence[str]) -> None:
    if not asked:
        raise ValidationError({"contacts": "Choose whom to ask."})
    if kind == SurveyKind.PERCEPTION and not 1 <= len(set(topics)) <= MOST_TOPICS:
        raise ValidationError({"topics": f"Name one to {MOST_TOPICS} topics, each on a line of its own."})
    if any(len(topic) > LONGEST_TOPIC for topic in topics):
        raise ValidationError({"topics": f"A topic has at most {LONGEST_TOPIC} letters."})
    if ours and kind != SurveyKind.PERCEPTION:
        raise ValidationError({"colleagues": "Only how both sides see the same topics is asked of colleagues."})
    here = set(Employment.objects.filter(account=account).values_list("contact_id", flat=True))
    strangers = [contact.name for contact in asked if contact.pk not in here]
    if strangers:
        raise ValidationError({"contacts": f"{', '.join(strangers)} never held a post at {account.name}."})


def _invite(invitation: Invitation) -> None:
    invitation.save()
    invitation.token_digest = Invitation.digest_of(invitation.token)
    invitation.save(update_fields=["token_digest"])


def _viewer(invitation: Invitation) -> str:
    if invitation.user_id is None:
        return Viewer.CUSTOMER.value
    is_manager = invitation.user_id == invitation.survey.account.manager_id
    return (Viewer.MANAGER if is_manager else Viewer.COLLEAGUE).value
