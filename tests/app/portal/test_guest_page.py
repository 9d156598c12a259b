"""The guest page: one answer by a link, in the guest's language; a GET writes nothing; what is wrong with a link leaks nothing."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from tests.factories.accounts import account
from tests.factories.contacts import contact
from tests.factories.people import user
from tests.factories.surveys import survey

from openkam.analytics.relationship.rapport.scale_items import COMMITMENT_ITEMS, TRUST_ITEMS
from openkam.app.portal.permissions import MOST_PER_MINUTE
from openkam.app.relationships.models import Response, Survey
from openkam.app.relationships.queries.surveys import ends_of, questions_of
from openkam.app.relationships.terms import GUEST_LANGUAGES, GUEST_SURVEY_ADDRESS, SurveyKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    """An administrator's survey of one contact."""
    user()
    cache.clear()
    made = account("Unseen Bay")
    return survey(made, [contact(made, "Secret Buyer", language="fr")])


def address(made: Survey) -> str:
    return reverse("portal:survey", args=[made.invitations.get().token])


def test_letters_lead_to_this_page():
    assert reverse("portal:survey", args=["made-up"]) == GUEST_SURVEY_ADDRESS.format(token="made-up")


def test_opening_writes_nothing_and_an_answer_is_taken_once(asked):
    client = Client(enforce_csrf_checks=True)
    page = client.get(address(asked), {"score": "9"})
    assert page.status_code == 200
    assert '<html lang="fr"' in page.text
    assert "Quelle est la probabilité" in page.text
    assert 'value="9"' in page.text
    assert page.text.count("checked") == 1
    assert "Unseen Bay" not in page.text
    assert page["Cache-Control"].startswith("max-age=0")
    client.head(address(asked))
    assert not Response.objects.exists()
    assert client.post(address(asked), {"q0": "9"}).status_code == 403
    client = Client()
    assert client.post(address(asked), {"comment": "Rien"}).status_code == 422
    assert client.post(address(asked), {"q0": "12"}).status_code == 422
    assert "Merci" in client.post(address(asked), {"q0": "9", "comment": "Bien"}).text
    assert Response.objects.get().answers.get().value == 9
    for again in (client.get(address(asked)), client.post(address(asked), {"q0": "1"})):
        assert (again.status_code, "déjà servi" in again.text) == (410, True)
    assert Response.objects.get().answers.get().value == 9


def test_a_forged_or_expired_link_says_so_and_nothing_else(asked):
    client = Client()
    Survey.objects.update(closes_on=timezone.localdate() - timedelta(days=1))
    expired = client.get(address(asked))
    forged = client.get(reverse("portal:survey", args=["0" * 64]), headers={"Accept-Language": "de-DE,de;q=0.9"})
    assert (expired.status_code, "plus ouvert" in expired.text) == (410, True)
    assert (forged.status_code, "nicht gültig" in forged.text) == (404, True)
    for page in (expired, forged, client.post(address(asked), {"q0": "9"})):
        assert not any(word in page.text for word in ("Unseen", "Secret", asked.opened_by.name))
    assert not Response.objects.exists()


def test_who_comes_too_often_is_slowed_down(asked):
    client = Client()
    # Twice as often, as a new minute may begin meanwhile.
    statuses = {client.get(reverse("portal:survey", args=["made-up"])).status_code for _ in range(2 * MOST_PER_MINUTE + 1)}
    assert statuses == {404, 429}


def test_several_questions_may_be_left_out_but_not_all(asked):
    made = survey(asked.account, [asked.invitations.get().contact], SurveyKind.TRUST)
    client = Client()
    assert "Répondez à une question" in client.post(address(made), {"comment": "?"}).text
    assert client.post(address(made), {"q0": "6", "q3": "2"}).status_code == 200
    assert dict(Response.objects.get().answers.values_list("question", "value")) == {"truth": 6, "fairness": 2}


def test_every_sentence_of_a_guest_is_translated(asked):
    """English is the source; in the others no question may stay as it is."""
    for code in GUEST_LANGUAGES.keys() - {"en"}:
        for kind in set(SurveyKind) - {SurveyKind.PERCEPTION}:
            asked.kind = kind
            with translation.override("en"):
                source = {*(one.text for one in questions_of(asked)), *ends_of(asked)}
            with translation.override(code):
                told = {*(one.text for one in questions_of(asked)), *ends_of(asked)}
            assert not source & told, (code, kind)
    assert len(TRUST_ITEMS) + len(COMMITMENT_ITEMS) == 9
