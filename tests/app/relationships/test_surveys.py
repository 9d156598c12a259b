"""Surveys: opened, sent, reminded, answered once; results with their doubt; names kept apart where that was promised; who meets them."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories.contacts import contact
from tests.factories.people import user
from tests.factories.surveys import answered, survey

from openkam.app.people.terms import Role
from openkam.app.relationships.models import Invitation, Response, StageEvidence, Survey
from openkam.app.relationships.operations.stages import measure_stage
from openkam.app.relationships.operations.survey_letters import send_letters_of, send_reminders
from openkam.app.relationships.operations.surveys import SpentInvitationError, take_answer
from openkam.app.relationships.queries.loyalty import account_ladder
from openkam.app.relationships.queries.survey_results import survey_results
from openkam.app.relationships.queries.surveys import guest_language
from openkam.app.relationships.queries.surveys import survey as survey_by_key
from openkam.app.relationships.terms import SurveyKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


def sent(made: Survey) -> object:
    """What came of its letters."""
    assert made.opened_by is not None
    return send_letters_of(actor=made.opened_by, survey_id=made.pk, tell=lambda _: None)


def test_what_cannot_be_asked_is_refused(world, today):
    mute = contact(world.own, reach=[])
    for people, wrong in (
        ([], {}),
        ([mute], {}),
        ([world.secret], {}),
        ([world.anna], {"closes_on": today - timedelta(days=1)}),
        ([world.anna], {"kind": SurveyKind.PERCEPTION}),
        ([world.anna], {"kind": SurveyKind.PERCEPTION, "topics": ["a" * 81]}),
        ([world.anna], {"colleagues": [world.manager]}),
    ):
        with pytest.raises(ValidationError):
            survey(world.own, people, **wrong)
    with pytest.raises(PermissionDenied):
        survey(world.own, [world.anna], actor=user(Role.READ_ONLY))
    assert not Survey.objects.exists()


def test_a_letter_in_the_contacts_language_carries_a_link_whose_token_is_not_stored(world):
    world.anna.language = "Deutsch"
    world.anna.save()
    made = survey(world.own, [world.anna])
    assert sent(made) == {"sent": 1, "refused": 0}
    assert sent(made) == {"sent": 0, "refused": 0}
    letter = mail.outbox[0]
    invitation = made.invitations.get()
    assert letter.subject.startswith("Eine Frage von")
    assert f"http://localhost/guest/survey/{invitation.token}/" in letter.body
    assert f"{invitation.token}/?score=9" in str(letter.alternatives[0].content)
    assert invitation.token not in [str(value) for value in Invitation.objects.values_list().get()]
    assert Invitation.objects.get(token_digest=Invitation.digest_of(invitation.token)) == invitation


def test_who_does_not_answer_is_reminded_once_with_the_same_link(world, today):
    made = survey(world.own, [world.anna, contact(world.own)])
    sent(made)
    first, second = made.invitations.all()
    take_answer(token=first.token, answers={"nps": 9})
    assert send_reminders(now_on=today + timedelta(days=6), tell=lambda _: None)["sent"] == 0
    assert send_reminders(now_on=today + timedelta(days=8), tell=lambda _: None)["sent"] == 1
    assert send_reminders(now_on=today + timedelta(days=9), tell=lambda _: None)["sent"] == 0
    assert mail.outbox[-1].to == [second.address]
    assert second.token in mail.outbox[-1].body
    assert mail.outbox[-1].subject.startswith("A reminder")


def test_without_a_mail_server_letters_lie_in_the_workspace(world, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    settings.OPENKAM_HOME = tmp_path
    made = survey(world.own, [world.anna])
    sent(made)
    (kept,) = Path(tmp_path / "outbox").iterdir()
    text = message_from_bytes(kept.read_bytes(), policy=default).get_body(("plain",))
    assert text is not None
    assert made.invitations.get().token in text.get_content()
    client = Client()
    client.force_login(world.manager)
    assert "No mail server is set" in client.get(reverse("relationships:survey", args=[made.pk])).text


def test_a_link_takes_one_answer_on_the_scale(world, today):
    made = survey(world.own, [world.anna])
    token = made.invitations.get().token
    for wrong in ({"nps": 11}, {"trust": 3}, {}):
        with pytest.raises(ValidationError):
            take_answer(token=token, answers=wrong)
    assert not Response.objects.exists()
    take_answer(token=token, answers={"nps": 10}, comment=" Fine ")
    for spent in (token, "forged"):
        with pytest.raises(SpentInvitationError):
            take_answer(token=spent, answers={"nps": 1})
    late = survey(world.own, [world.anna])
    Survey.objects.filter(pk=late.pk).update(closes_on=today - timedelta(days=1))
    with pytest.raises(SpentInvitationError):
        take_answer(token=late.invitations.get().token, answers={"nps": 1})
    assert [(one.comment, one.viewer) for one in Response.objects.all()] == [("Fine", "customer")]


def test_answers_feed_the_ladder_and_the_gate(world, today):
    people = [world.anna, contact(world.own, "Ben")]
    answered(survey(world.own, people), 9, 10)
    answered(survey(world.own, people, SurveyKind.TRUST), 6, 7)
    assert [view.beyond for _, view in account_ladder(world.own, today).people] == [["Supporter"]] * 2
    assert account_ladder(world.own, today).account.beyond == ["Supporter"]
    measure_stage(account=world.own, today=today)
    assert StageEvidence.objects.filter(criterion="trust", holds=True, source="survey").exists()


def test_results_tell_how_sure_they_are(world):
    people = [world.anna, contact(world.own), contact(world.own)]
    trust = survey(world.own, people, SurveyKind.TRUST)
    assert survey_results(world.manager, trust).scales == ()
    answered(trust, 6, 5, 7)
    results = survey_results(world.manager, trust)
    assert [(one.label, one.mean.informants, one.reliability) for one in results.scales] == [
        ("Trust", 3, None),
        ("Commitment", 3, None),
    ]
    assert results.scales[0].mean.mean == 6
    nps = survey(world.own, people)
    answered(nps, 9, 3, 8)
    found = survey_results(world.manager, nps)
    assert found.score is not None
    assert found.score.value == pytest.approx(0)
    assert found.score.lower is not None
    assert found.score.lower < 0
    assert found.chart is not None
    assert ("9", 1) in found.chart.rows
    seen = survey(
        world.own, [world.anna], SurveyKind.PERCEPTION, topics=["Delivery"], colleagues=[world.manager, user(Role.TEAM_MEMBER)]
    )
    for invitation, score in zip(seen.invitations.all(), (3, 6, 5), strict=True):
        take_answer(token=invitation.token, answers={"Delivery": score})
    (gap,) = survey_results(world.manager, seen).gaps
    assert gap.manager is not None
    assert gap.colleagues is not None
    assert (gap.manager.value, gap.colleagues.value) == (3.0, 2.0)


def test_without_names_nothing_tells_who_said_what(world, today):
    people = [world.anna, contact(world.own), contact(world.own)]
    made = survey(world.own, people, is_anonymous=True)
    tokens = [one.token for one in made.invitations.all()]
    for token in tokens[:2]:
        take_answer(token=token, answers={"nps": 10}, comment="Secret word")
    hidden = survey_results(world.manager, made)
    assert (hidden.is_hidden, hidden.answered, hidden.score, hidden.comments) == (True, 2, None, [])
    assert account_ladder(world.own, today).account.beyond == []
    take_answer(token=tokens[2], answers={"nps": 10})
    shown = survey_results(world.manager, made)
    assert (shown.is_hidden, [name for name, _ in shown.comments]) == (False, ["", ""])
    assert not Response.objects.exclude(invitation=None).exists()
    assert account_ladder(world.own, today).account.beyond == ["Supporter"]


def test_a_stranger_meets_no_survey(world):
    theirs = survey(world.foreign, [world.secret])
    with pytest.raises(Http404):
        survey_by_key(world.manager, theirs.pk)
    client = Client()
    client.force_login(world.manager)
    for name, key in (("survey", theirs.pk), ("surveys", world.foreign.pk), ("open_survey", world.foreign.pk)):
        assert client.get(reverse(f"relationships:{name}", args=[key])).status_code == 404


@pytest.mark.any_database
def test_its_pages_ask_and_list_with_as_many_queries(world, today, django_assert_num_queries):
    client = Client()
    client.force_login(world.manager)
    path = reverse("relationships:surveys", args=[world.own.pk])
    form = {"kind": "csat", "contacts": [world.anna.pk], "closes_on": today.isoformat()}
    made = client.post(reverse("relationships:open_survey", args=[world.own.pk]), form)
    assert made["Location"] == reverse("relationships:survey", args=[Survey.objects.get().pk])
    sent(Survey.objects.get())
    assert len(mail.outbox) == 1
    assert mail.outbox[0].body.count("http://testserver/guest/") == 1
    with django_assert_num_queries(4):
        client.get(path)
    for _ in range(2):
        survey(world.own, [world.anna, contact(world.own)])
    with django_assert_num_queries(4):
        assert "0 of 2 answered" in client.get(path).text
    assert client.post(reverse("relationships:open_survey", args=[world.own.pk]), {"kind": "perception"}).status_code == 422


@pytest.mark.parametrize(
    ("text", "code"),
    [("German", "de"), ("de-CH", "de"), ("FRANÇAIS", "fr"), ("es", "es"), ("Klingon", "en"), ("", "en"), ("English (UK)", "en")],
)
def test_a_language_is_understood_as_code_or_word(text, code):
    assert guest_language(text) == code
