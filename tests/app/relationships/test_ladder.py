"""The ladder of loyalty: measured and noted evidence, per account and per person; who meets it; its page."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories.accounts import account
from tests.factories.stages import loyalty
from tests.factories.valued import valuation, worth

from openkam.analytics.relationship.loyalty_ladder import Rung
from openkam.app.relationships.models import LoyaltyEvidence
from openkam.app.relationships.operations.ladder_places import reckon_all_places
from openkam.app.relationships.operations.loyalty import verify_recommendation, withdraw_loyalty
from openkam.app.relationships.queries.loyalty import (
    account_headline,
    account_ladder,
    accounts_on,
    ladder_board,
    loyalty_evidence,
)
from openkam.app.relationships.terms import LadderRung, LoyaltyKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


def test_the_words_are_those_of_the_engine():
    assert [rung.value for rung in LadderRung] == [rung.value for rung in Rung]


def test_evidence_climbs_rung_by_rung_and_the_headline_stops_at_the_first_gap(world, today):
    assert account_headline(world.own, today).headline == ""
    made = worth(valuation(as_of_on=today - timedelta(days=900)), world.own)
    made = account_headline(world.own, today)  # orders are judged as of the last day of the facts
    assert (made.headline, made.place) == ("Client", 3)
    given = loyalty(world.own, contact=world.anna)
    assert account_ladder(world.own, today).account.beyond == []
    verify_recommendation(actor=world.manager, evidence=given)
    assert account_ladder(world.own, today).account.beyond == ["Advocate"]
    with pytest.raises(ValidationError):
        verify_recommendation(actor=world.manager, evidence=given)
    for _ in range(2):
        loyalty(world.own, LoyaltyKind.ATTITUDE, recommends=9)
    assert account_ladder(world.own, today).account.headline == "Advocate"
    loyalty(world.own, LoyaltyKind.CONTRACT, until_on=today + timedelta(days=90))
    plan = loyalty(world.own, LoyaltyKind.PLAN, until_on=today, confirmed_by=world.manager, confirmed_by_them="Anna Berg")
    found = account_ladder(world.own, today)
    assert (found.account.headline, found.account.missing) == ("Partner", "")
    assert [(one.name, view.beyond) for one, view in found.people] == [("Anna Berg", ["Advocate"])]
    withdraw_loyalty(actor=world.manager, evidence=plan)
    assert account_headline(world.own, today).headline == "Advocate"


def test_what_cannot_be_noted_is_refused(world, today):
    for wrong in (
        {"on": today + timedelta(days=1)},
        {"until_on": today - timedelta(days=1)},
        {"recommends": 9},
        {"kind": LoyaltyKind.ATTITUDE},
        {"kind": LoyaltyKind.ATTITUDE, "recommends": 11},
        {"contact": world.secret},
        {"source": " "},
    ):
        with pytest.raises(ValidationError):
            loyalty(world.own, **wrong)
    with pytest.raises(ValidationError):
        verify_recommendation(actor=world.manager, evidence=loyalty(world.own, LoyaltyKind.FIT))


def test_a_stranger_meets_no_rung_of_it(world, today):
    theirs = loyalty(world.foreign, source="Secret letter")
    with pytest.raises(Http404):
        loyalty_evidence(world.manager, theirs.pk)
    reckon_all_places(today=today, tell=lambda _: None)
    board = ladder_board(world.manager)
    assert (sum(count for _, count in board.counts), board.not_reckoned, board.reckoned_on) == (1, 0, today)
    assert [account.name for account in accounts_on(world.manager, "")] == ["Tailspin Toys"]


def test_evidence_moves_the_place_that_the_list_counts(world, today):
    worth(valuation(), world.own)
    assert (ladder_board(world.manager).not_reckoned, dict(ladder_board(world.manager).counts)["Client"]) == (1, 0)
    reckon_all_places(today=today, tell=lambda _: None)
    assert dict(ladder_board(world.manager).counts)["Client"] == 1
    for _ in range(2):
        given = loyalty(world.own, LoyaltyKind.ATTITUDE, recommends=9)
    assert [account.name for account in accounts_on(world.manager, "supporter")] == ["Tailspin Toys"]
    withdraw_loyalty(actor=world.manager, evidence=given)
    assert dict(ladder_board(world.manager).counts)["Client"] == 1
    assert list(accounts_on(world.manager, "supporter")) == []


@pytest.mark.any_database
def test_its_pages_and_their_queries(world, today, django_assert_num_queries):
    client = Client()
    client.force_login(world.manager)
    made = valuation()
    worth(made, world.own)
    path = reverse("relationships:ladder")
    with django_assert_num_queries(12):
        assert "Tailspin Toys" in client.get(path).text
    for _ in range(2):
        worth(made, account(manager=world.manager))
    with django_assert_num_queries(12):
        client.get(path)
    assert "Tailspin" not in client.get(path, {"rung": "partner"}).text
    assert client.post(reverse("relationships:reckon_ladder")).status_code == 403
    form = {"kind": "recommendation", "on": today.isoformat(), "source": "Fair"}
    assert client.post(reverse("relationships:note_loyalty", args=[world.own.pk]), form).status_code == 302
    note = LoyaltyEvidence.objects.get()
    assert "Fair" in client.get(reverse("relationships:stage", args=[world.own.pk])).text
    client.post(reverse("relationships:verify_loyalty", args=[note.pk]))
    client.post(reverse("relationships:withdraw_loyalty", args=[note.pk]))
    note.refresh_from_db()
    assert (note.confirmed_by, note.withdrawn_at is not None) == (world.manager, True)
    page = client.get(reverse("cockpit:account", args=[world.own.pk])).text
    assert "rung 3 of 6" in page
    assert "missing for Early" in page
