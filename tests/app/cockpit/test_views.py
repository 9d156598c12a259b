"""Home, account, search and palette: what each role finds there, what it never finds, and in how many queries."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from tests.factories.accounts import account
from tests.factories.people import team, user
from tests.factories.runs import queued
from tests.factories.valued import valuation, worth

from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.relationships.operations.ladder_places import reckon_places

SignIn = Callable[[User], Client]
COMMON_QUERIES = 2
"""The session and its user."""


def page(client: Client, name: str, *args: object, **asked: str) -> str:
    answer = client.get(reverse(name, args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_workspace_says_what_to_do_first(signed_in: SignIn):
    text = page(signed_in(user(Role.ADMINISTRATOR)), "cockpit:home")
    for act in ("Add a source", "Import files", "Add an account", "Add a person"):
        assert act in text
    assert "The ledger is empty" in text


def test_the_steps_go_once_they_are_walked(signed_in: SignIn):
    head = user(Role.HEAD)
    account("Tailspin Toys", manager=user(Role.MANAGER))
    text = page(signed_in(head), "cockpit:home")
    assert "To begin with" in text  # nothing is imported yet
    assert "Let your managers in" not in text  # which a head cannot do


def test_a_manager_finds_their_own_accounts_and_nothing_of_a_colleague(signed_in: SignIn):
    mine, other = user(Role.MANAGER, name="Kayla Woodcock"), user(Role.MANAGER, name="Hudson Onslow")
    account("Tailspin Toys", manager=mine)
    account("Wingtip Toys", manager=other)
    queued("test-anyone", other)
    text = page(signed_in(mine), "cockpit:home")
    assert "My accounts" in text
    assert "Tailspin Toys" in text
    for hidden in ("Wingtip Toys", "Hudson Onslow", "A run of", "Ledger version", "To begin with"):
        assert hidden not in text


def test_a_manager_without_accounts_is_told_what_to_do(signed_in: SignIn):
    assert "No account is in your care yet" in page(signed_in(user(Role.MANAGER)), "cockpit:home")


def test_a_reader_without_accounts_is_told_whom_to_ask(signed_in: SignIn):
    assert "Ask whoever looks after one" in page(signed_in(user(Role.READ_ONLY)), "cockpit:home")


def test_a_head_sees_the_portfolio_and_who_looks_after_it(signed_in: SignIn):
    manager = user(Role.MANAGER, name="Kayla Woodcock", hours_per_year=1260)
    account("Tailspin Toys", manager=manager)
    account("Wingtip Toys", manager=manager)
    account("Contoso")
    text = page(signed_in(user(Role.HEAD)), "cockpit:home")
    assert "Without a manager" in text
    assert "1,260" in text
    assert "Without a second factor" not in text  # people are the administrator's affair


def test_an_administrator_sees_data_people_and_runs(signed_in: SignIn):
    admin = user(Role.ADMINISTRATOR)
    queued("test-anyone", user(Role.MANAGER))
    text = page(signed_in(admin), "cockpit:home")
    for panel in ("Data", "People", "Runs", "A run of test-anyone"):
        assert panel in text


@pytest.mark.parametrize(("role", "count"), [(Role.MANAGER, 10), (Role.HEAD, 14), (Role.ADMINISTRATOR, 19), (Role.ANALYST, 10)])
def test_home_takes_as_many_queries_with_one_account_as_with_three(
    signed_in: SignIn, django_assert_num_queries: Callable[..., object], role: Role, count: int
):
    person = user(role)
    client = signed_in(person)
    account("Tailspin Toys", manager=person, team=team(person))
    with django_assert_num_queries(count):
        page(client, "cockpit:home")
    for name in ("Wingtip Toys", "Contoso"):
        account(name, manager=person, team=team(person))
    with django_assert_num_queries(count):
        page(client, "cockpit:home")


def test_an_account_shows_its_head_its_people_and_its_next_step(signed_in: SignIn):
    manager, mate = user(Role.MANAGER, name="Kayla Woodcock"), user(Role.TEAM_MEMBER, name="Amy Trefl")
    found = account("Tailspin Toys", manager=manager, team=team(mate, name="North"))
    text = page(signed_in(manager), "cockpit:account", found.pk)
    for word in ("Tailspin Toys", "Kayla Woodcock", "Amy Trefl", "North", "Find out: Industry", "The card is empty"):
        assert word in text


def test_an_account_without_a_manager_asks_for_one(signed_in: SignIn):
    found = account("Contoso")
    assert "Give it a manager" in page(signed_in(user(Role.HEAD)), "cockpit:account", found.pk)


def test_a_colleagues_account_is_not_there(signed_in: SignIn):
    found = account("Wingtip Toys", manager=user(Role.MANAGER))
    answer = signed_in(user(Role.MANAGER)).get(reverse("cockpit:account", args=[found.pk]))
    assert answer.status_code == 404
    assert "Wingtip" not in answer.content.decode()


def test_a_parent_and_children_that_one_may_not_see_are_left_out(signed_in: SignIn):
    mine, other = user(Role.MANAGER), user(Role.MANAGER)
    parent = account("Wingtip Group", manager=other)
    found = account("Wingtip West", manager=mine, parent=parent)
    account("Wingtip South", manager=other, parent=found)
    text = page(signed_in(mine), "cockpit:account", found.pk)
    assert "Wingtip Group" not in text
    assert "Wingtip South" not in text


def test_an_account_takes_as_many_queries_with_more_around_it(
    signed_in: SignIn, django_assert_num_queries: Callable[..., object]
):
    head = user(Role.HEAD)
    client = signed_in(head)
    found = account("Tailspin Toys", manager=head, team=team(head, user()))
    account("Tailspin West", parent=found, manager=head)
    with django_assert_num_queries(28):
        page(client, "cockpit:account", found.pk)
    reckon_places(keys=[found.pk], today=timezone.localdate())
    with django_assert_num_queries(24):
        page(client, "cockpit:account", found.pk)
    for name in ("Tailspin South", "Tailspin East"):
        account(name, parent=found, manager=user())
    with django_assert_num_queries(24):
        page(client, "cockpit:account", found.pk)


def test_an_account_shows_what_the_latest_valuation_found(signed_in: SignIn, django_assert_num_queries: Callable[..., object]):
    head = user(Role.HEAD)
    client = signed_in(head)
    found = account("Tailspin Toys", manager=head, team=team(head, user()))
    account("Tailspin West", parent=found, manager=head)
    made = valuation()
    worth(made, found, -700)
    for _ in range(2):
        worth(made, account(), 5)
    reckon_places(keys=[found.pk], today=timezone.localdate())
    with django_assert_num_queries(25):
        text = page(client, "cockpit:account", found.pk)
    for words in ("From sales to contribution", "Lifetime value", "Rhythm of orders", "Receivables", "−2.80"):
        assert words in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_home_of_a_manager_shows_the_few_alerts_of_their_own_accounts(
    signed_in: SignIn, django_assert_num_queries: Callable[..., object], count: int
):
    manager, other = user(Role.MANAGER), user(Role.MANAGER)
    client = signed_in(manager)
    made = valuation(settings={"period_months": 12, "alerts_per_manager_week": 2})
    for number in range(count):
        worth(made, account(f"Silent {number}", manager=manager), 1, is_overdue=True, at_stake=10 + number)
    worth(made, account("A colleague's", manager=other), 1, is_overdue=True, at_stake=900)
    with django_assert_num_queries(11):
        text = page(client, "cockpit:home")
    card = text.split('id="alerts-title"')[1].split("</section>")[0]
    assert f"Silent {count - 1}" in card
    assert card.count("<li>") == min(count, 2)
    assert "colleague" not in card


def test_search_finds_what_the_letters_mean(signed_in: SignIn):
    manager = user(Role.MANAGER, name="Kayla Woodcock")
    account("Boutique François", manager=manager)
    account("Tailspin Toys", manager=manager)
    client = signed_in(manager)
    assert "Boutique François" in page(client, "cockpit:search", q="boutique francois")
    assert "Tailspin Toys" in page(client, "cockpit:search", q="tialspin")
    assert "accounts in their care" in page(client, "cockpit:search", q="kayla")
    assert "Nothing found" in page(client, "cockpit:search", q="contoso")


def test_search_while_typing_answers_with_the_results_alone(signed_in: SignIn):
    client = signed_in(user())
    account("Tailspin Toys")
    answer = client.get(reverse("cockpit:search"), {"q": "tail"}, headers={"HX-Request": "true"})
    assert "Tailspin Toys" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_neither_search_nor_palette_knows_a_colleagues_account_or_run(signed_in: SignIn):
    other = user(Role.MANAGER, name="Hudson Onslow")
    account("Wingtip Toys", manager=other)
    queued("test-anyone", other)
    client = signed_in(user(Role.MANAGER))
    for name in ("cockpit:search", "cockpit:palette"):
        for text in ("wingtip", "wingtpi", "hudson", "run of"):
            found = page(client, name, q=text)
            assert "Wingtip Toys" not in found
            assert "Hudson Onslow" not in found
            assert "test-anyone" not in found


def test_the_palette_offers_only_what_one_may_open(signed_in: SignIn):
    text = page(signed_in(user(Role.MANAGER)), "cockpit:palette")
    assert "Add an account" in text
    for page_of_others in ("Import files", "Audit", "People"):
        assert f">{page_of_others}<" not in text
    assert ">Audit<" in page(signed_in(user()), "cockpit:palette")


def test_what_was_typed_is_never_markup(signed_in: SignIn):
    client = signed_in(user())
    account("<b>Bold</b> & Sons")
    for name in ("cockpit:search", "cockpit:palette"):
        text = page(client, name, q="<b>bold</b>")
        assert "<b>bold" not in text.lower()


@pytest.mark.parametrize("text", ["tail", "tialspin"])
def test_search_takes_as_many_queries_for_one_hit_as_for_three(
    signed_in: SignIn, django_assert_num_queries: Callable[..., object], text: str
):
    client = signed_in(user())
    account("Tailspin Toys", manager=user())
    count = 7 if text == "tail" else 10
    with django_assert_num_queries(count):
        page(client, "cockpit:search", q=text)
    for name in ("Tailspin West", "Tailspin East"):
        account(name, manager=user())
    with django_assert_num_queries(count):
        page(client, "cockpit:search", q=text)


def test_home_shows_the_managers_with_the_most_accounts_and_says_how_many_others_there_are(signed_in: SignIn):
    for number in range(12):
        user(Role.MANAGER, name=f"Manager {number:02d}")
    busy = user(Role.MANAGER, name="Zoe Busy")
    account("Tailspin Toys", manager=busy)

    text = page(signed_in(user(Role.HEAD)), "cockpit:home")

    shown = [name for name in (*(f"Manager {number:02d}" for number in range(12)), "Zoe Busy") if f">{name}</a>" in text]
    assert len(shown) == 10
    assert "Zoe Busy" in shown
    assert "and 3 others" in strip_tags(text)
