"""The contacts over all accounts: what the list and the search find, for whom, in how many queries, and as a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from tests.factories import accounts
from tests.factories.contacts import contact, role
from tests.factories.interactions import mail
from tests.factories.people import user

from openkam.app.accounts.operations.accounts import delete_account
from openkam.app.audit.queries import history_of
from openkam.app.cockpit.queries.search import palette, search
from openkam.app.people.terms import Role, Scope
from openkam.app.relationships.models import Contact, Employment
from openkam.app.relationships.operations.contacts import archive_contact
from openkam.app.relationships.operations.employments import end_employment
from openkam.app.relationships.queries.contact_list import found_contacts, in_post_count
from openkam.app.relationships.queries.contacts import named, visible_employments
from openkam.app.relationships.terms import BuyingCenterRole

ADDRESS = "relationships:contacts"
NOW = timezone.now()


@pytest.fixture
def client(world, signed_in):
    return signed_in(world.manager)


def listed(client, **asked):
    answer = client.get(reverse(ADDRESS), asked)
    assert answer.status_code == 200
    return [row.record.post.contact.name for row in answer.context["table"].paginated_rows], answer.content.decode()


def test_the_list_says_post_account_roles_reach_last_contact_and_who_knows_them(client, world):
    role(world.anna, world.own, category="Packaging")
    mail(world.own, world.manager, world.anna, NOW - timedelta(days=3))
    mail(world.foreign, world.stranger, world.secret, NOW)
    names, page = listed(client)

    assert names == ["Anna Berg"]
    told = ("Chief buyer", "Head of department", "Tailspin Toys", "Decider, Packaging", "mailto:", "tel:", "<div>Kayla</div>")
    for word in told:
        assert word in page
    assert "Secret" not in page
    assert "Unseen" not in page
    assert 'href="/relationships/contacts/" aria-current="page"' in page


def test_filters_search_and_order(client, world):
    role(world.anna, world.own)
    celik = contact(world.own, "Bén Çelikoğlu")
    gone, filed = contact(world.own, "Gone"), contact(world.own, "Filed")
    Employment.objects.filter(contact=celik).update(level=1, function="quality")
    end_employment(actor=world.manager, employment=gone.employments.get(), until_on=gone.employments.get().from_on)
    archive_contact(actor=world.manager, contact=filed)
    mail(world.own, world.manager, world.anna, NOW - timedelta(days=40))
    mail(world.own, world.manager, celik, NOW - timedelta(days=400))
    long_ago, lately = ((NOW - timedelta(days=days)).date().isoformat() for days in (100, 30))
    anna, ben = "Anna Berg", celik.name

    for asked, found in (
        ({}, [anna, ben]),
        ({"name": "CELIKOGLU ben"}, [ben]),
        ({"name": "celikolgu"}, [ben]),
        ({"name": "secrte"}, []),
        ({"account": "tailspin"}, [anna, ben]),
        ({"account": "unseen"}, []),
        ({"account": f"Unseen Bay (#{world.foreign.pk})"}, []),
        ({"role": "decider"}, [anna]),
        ({"level": "1"}, [ben]),
        ({"function": "quality"}, [ben]),
        ({"untouched": long_ago}, [ben]),
        ({"untouched": lately}, [anna, ben]),
        ({"state": "former"}, ["Gone"]),
        ({"state": "archived"}, ["Filed"]),
        ({"sort": "-contact"}, [ben, anna]),
        ({"sort": "account"}, [anna, ben]),
        ({"sort": "last_contact"}, [ben, anna]),
        ({"sort": "-last_contact", "state": "all"}, [anna, ben, "Filed", "Gone"]),
    ):
        assert listed(client, **asked)[0] == found, asked
    assert "Known by" in listed(client)[1]


def test_every_matching_row_goes_out_disarmed_and_counted(client, world, signed_in):
    for number in range(60):
        contact(world.own, f"=Shop {number:02d}")
    response = client.post(reverse("relationships:export_contacts") + "?name=shop&sort=-contact")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))

    assert [row[0] for row in rows[1:]] == [f"'=Shop {number:02d}" for number in range(59, -1, -1)]
    assert rows[1][8].startswith("'+49")
    assert (response["X-Row-Count"], history_of(world.manager, world.manager)[0].after["rows"]) == ("60", 60)
    assert "contacts-60-rows.csv" in response["Content-Disposition"]
    everything = client.post(reverse("relationships:export_contacts")).content.decode()
    assert ("Anna Berg" in everything, "Secret" in everything) == (True, False)
    assert signed_in(user(Role.TEAM_MEMBER)).post(reverse("relationships:export_contacts")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_three_people_as_for_one(client, world, django_assert_num_queries, count):
    for number in range(count - 1):
        mail(world.own, world.manager, contact(world.own, f"Ben {number}"), NOW)
    role(world.anna, world.own, BuyingCenterRole.BUYER)
    listed(client)
    with django_assert_num_queries(8):
        assert len(listed(client)[0]) == count


@pytest.mark.parametrize("scope", Scope)
def test_the_count_is_that_of_the_rows_whoever_asks(world, scope):
    """Former posts, archived people and accounts in the bin are left out once each, whatever is true of them at once."""
    gone = accounts.account("Gone Shop", manager=world.manager)
    both, filed = contact(gone, "Filed There"), contact(world.own, "Filed Here", actor=world.manager)
    left = contact(world.own, "Left", actor=world.manager)
    end_employment(actor=world.manager, employment=left.employments.get(), until_on=NOW.date())
    contact(gone, "Still There")
    for person in (both, filed):
        archive_contact(actor=world.manager, contact=person)
    delete_account(actor=user(Role.ADMINISTRATOR), account=gone, reason="Closed")
    reader = world.manager if scope == Scope.OWN else user(Role.MANAGER, scope=scope)
    seen = visible_employments(reader).filter(until_on=None, contact__archived_at=None)

    assert in_post_count(reader) == seen.count() == {Scope.ALL: 2, Scope.OWN: 1}.get(scope, 0)


def test_search_and_palette_find_contacts_of_ones_own(world, django_assert_num_queries):
    zoe = contact(world.own, "Zoë Lindström")
    archive_contact(actor=world.manager, contact=contact(world.own, "Lindstrom Filed"))
    contact(world.foreign, "Secret Lindström", actor=world.stranger)

    def found(text, find=search):
        groups = find(world.manager, text, 6)
        return [(hit.name, hit.note) for group in groups if group.label == "Contacts" for hit in group.hits]

    for text in ("lindstrom", "ZOE LIND", "lindstorm", "zoe lindstorm"):
        assert found(text) == [("Zoë Lindström", "Chief buyer, Tailspin Toys")], text
        assert found(text, palette) == found(text)
    assert found("secret") == found("secrte") == []
    with django_assert_num_queries(1):
        assert [post.contact for post in found_contacts(world.manager, "zoe", 6)] == [zoe]
    end_employment(actor=world.manager, employment=zoe.employments.get(), until_on=timezone.localdate())
    assert found("zoe") == [("Zoë Lindström", "formerly Chief buyer, Tailspin Toys")]


def test_a_name_is_found_by_the_index_among_many(world):
    """What the planner chooses among many names: the trigram index, wherever the server has one, and no walk through all posts."""
    people = [Contact(name=f"Person {n} Name", sort_name=f"person {n} name") for n in range(20_000)]
    Contact.objects.bulk_create(people, batch_size=2000)
    posts = [Employment(contact=one, account=world.own) for one in people]
    Employment.objects.bulk_create(posts, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")
            has_trigrams = bool(cursor.fetchone()[0])
            if has_trigrams:  # what was just written waits beside the index until a vacuum takes it in
                cursor.execute("SELECT gin_clean_pending_list('relationships_contact_search')")
        else:
            has_trigrams = True
    plan = named(visible_employments(world.manager), "19999").explain()

    assert ("relationships_contact_search" in plan) == has_trigrams, plan
    assert "Seq Scan on relationships_employment" not in plan, plan
    assert [post.contact.name for post in found_contacts(world.manager, "19999", 6)] == ["Person 19999 Name"]
