"""Claims fade into questions; a private one is met by the account's manager and team, and nowhere by anybody else."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.factories.contacts import claim, contact
from tests.factories.people import team, user

from openkam.app.accounts.operations.assignment import share_account
from openkam.app.audit.models import Entry
from openkam.app.audit.queries import entries
from openkam.app.people.terms import Role
from openkam.app.relationships.models import Claim
from openkam.app.relationships.operations.claims import withdraw_claim
from openkam.app.relationships.operations.contacts import archive_contact
from openkam.app.relationships.queries.claims import claim as claim_of
from openkam.app.relationships.queries.claims import claims_page, visible_claims
from openkam.app.relationships.terms import Topic

TODAY = timezone.localdate()


def page_of(client, account):
    return client.get(reverse("relationships:claims", args=[account.pk])).content.decode()


def test_the_latest_claim_on_a_topic_counts_and_fades(world):
    older = claim(world.own, "Doubts", as_of_on=TODAY - timedelta(days=100), shelf_life_days=10)
    claim(world.own, "Likes us", as_of_on=TODAY - timedelta(days=45), shelf_life_days=180)
    claim(world.own, "Cool", contact=world.anna)
    page = claims_page(world.manager, world.own, TODAY)

    assert sorted((line.claim.text, line.freshness) for line in page.fresh) == [("Cool", 1.0), ("Likes us", 0.75)]
    assert (page.questions, page.older) == ([], [older])


def test_past_its_shelf_life_it_is_a_question(world, signed_in):
    claim(world.own, "Buys elsewhere", topic=Topic.SHARE_OF_WALLET, as_of_on=TODAY - timedelta(days=10), shelf_life_days=10)

    assert [line.freshness for line in claims_page(world.manager, world.own, TODAY).fresh] == [0.0]
    tomorrow = claims_page(world.manager, world.own, TODAY + timedelta(days=1))
    assert ([found.text for found in tomorrow.questions], tomorrow.fresh) == (["Buys elsewhere"], [])
    Claim.objects.update(shelf_life_days=9)
    assert "To ask again" in page_of(signed_in(world.manager), world.own)


def test_a_private_claim_is_nowhere_for_others(world, signed_in):
    """The head sees every account and the whole audit, a colleague sees the account because it is shared: neither meets the claim."""
    hidden = claim(
        world.own,
        "Wants to retire",
        actor=world.manager,
        contact=world.anna,
        is_private=True,
        source="Her secret",
        topic=Topic.OTHER,
    )
    head, friend = user(Role.HEAD), user(Role.MANAGER)
    share_account(actor=head, account=world.own, user=friend)
    withdrawn = claim(world.own, "Wants a job here", actor=world.manager, is_private=True, source="Her secret")
    withdraw_claim(actor=world.manager, claim=withdrawn)

    for person in (head, friend, user(Role.ADMINISTRATOR)):
        client = signed_in(person)
        assert list(visible_claims(person)) == []
        with pytest.raises(Http404):
            claim_of(person, hidden.pk)
        addresses = [
            reverse("relationships:claims", args=[world.own.pk]),
            reverse("relationships:people", args=[world.own.pk]),
            world.anna.get_absolute_url(),
            world.own.get_absolute_url(),
            reverse("audit:list"),
            reverse("audit:record", args=["accounts.account", world.own.pk]),
            reverse("accounts:history", args=[world.own.pk]),
            f"{reverse('cockpit:search')}?q=retire",
        ]
        for address in addresses:
            answer = client.get(address)
            assert not [word for word in ("Wants to", "Wants a", "Her secret") if word in answer.content.decode()], address
        assert client.post(reverse("relationships:withdraw_claim", args=[hidden.pk])).status_code == 404
        assert not [entry for entry in entries(person) if "Wants" in f"{entry.after}{entry.before}{entry.record_name}"]
    assert not [entry for entry in Entry.objects.all() if "Wants" in f"{entry.after}" or "Her secret" in f"{entry.after}"]
    assert Entry.objects.filter(verb__endswith="a private claim").count() == 3  # made, made, withdrew


def test_manager_and_team_meet_a_private_claim(world, signed_in):
    mate = user(Role.TEAM_MEMBER)
    world.own.team = team(mate)
    world.own.save()
    claim(world.own, "Wants to retire", actor=mate, is_private=True)

    for person in (world.manager, mate):
        assert "Wants to retire" in page_of(signed_in(person), world.own)


def test_who_could_not_read_it_makes_no_private_claim(world, signed_in):
    head = user(Role.HEAD)
    with pytest.raises(PermissionDenied):
        claim(world.own, actor=head, is_private=True)
    sent = {
        "topic": "stance", "text": "Open", "source": "a visit", "as_of_on": TODAY.isoformat(), "certainty": "assumed",
        "shelf_life_days": "30", "is_private": "on",
    }  # fmt: skip
    address = reverse("relationships:make_claim", args=[world.own.pk])
    refused = signed_in(head).post(address, sent)
    assert refused.status_code == 422
    assert "nothing was stored" in refused.content.decode()
    assert not Claim.objects.exists(), "what was meant to be private would be read by everybody"
    assert signed_in(world.manager).post(address, sent).status_code == 302
    assert Claim.objects.get().is_private is True


def test_a_colleagues_claims_are_not_there(world, signed_in):
    foreign = claim(world.foreign, "Secret stance")
    client = signed_in(world.manager)

    assert list(visible_claims(world.manager)) == []
    for name in ("claims", "make_claim"):
        assert client.get(reverse(f"relationships:{name}", args=[world.foreign.pk])).status_code == 404
    assert client.post(reverse("relationships:withdraw_claim", args=[foreign.pk])).status_code == 404
    assert "Secret" not in client.get(reverse("relationships:make_claim", args=[world.own.pk])).content.decode()
    assert not [entry for entry in entries(world.manager) if "Secret stance" in f"{entry.after}"]


def test_what_cannot_be_claimed_is_refused(world):
    for wrong in (
        {"text": "  "},
        {"source": " "},
        {"as_of_on": TODAY + timedelta(days=1)},
        {"contact": world.secret},
        {"shelf_life_days": 0},
    ):
        with pytest.raises(ValidationError):
            claim(world.own, **wrong)
    with pytest.raises(PermissionDenied):
        claim(world.own, actor=user(Role.READ_ONLY))
    assert not Claim.objects.exists()


def test_a_withdrawn_claim_counts_no_more_and_one_about_the_archived_is_not_asked(world, signed_in):
    claim(world.own, "About Anna", contact=world.anna)
    claim(world.own, "Likes us")
    archive_contact(actor=world.manager, contact=world.anna)
    page = page_of(signed_in(world.manager), world.own)
    assert "About Anna" not in page
    found = Claim.objects.get(text="Likes us")
    assert signed_in(world.manager).post(reverse("relationships:withdraw_claim", args=[found.pk])).status_code == 302

    assert "No claim is fresh" in page_of(signed_in(world.manager), world.own)
    assert Entry.objects.filter(record_type="relationships.claim", verb="withdrew").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_three_claims_as_for_one(world, signed_in, django_assert_num_queries, count):
    for _ in range(count):
        claim(world.own, contact=contact(world.own))
    client = signed_in(world.manager)
    with django_assert_num_queries(4):
        assert client.get(reverse("relationships:claims", args=[world.own.pk])).status_code == 200
