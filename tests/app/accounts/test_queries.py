"""Whose accounts a person sees, and what is found among them."""

from random import Random

import pytest
from django.http import Http404
from tests.factories import accounts as make
from tests.factories.people import team, user

from openkam.app.accounts.models import Account, TradeName
from openkam.app.accounts.operations.accounts import delete_account, restore_account
from openkam.app.accounts.operations.assignment import share_account
from openkam.app.accounts.operations.card import add_trade_name
from openkam.app.accounts.queries.columns import BUILT_IN, columns, rows_of, sorted_by
from openkam.app.accounts.queries.pickers import (
    account_by_reference,
    account_managers,
    account_options,
    account_tags,
    account_teams,
    named,
    reference,
)
from openkam.app.accounts.queries.scope import (
    account,
    account_bin,
    ancestors,
    deleted_account,
    visible_accounts,
    with_descendants,
)
from openkam.app.people.queries import compiled
from openkam.app.people.terms import Role, Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return user(Role.ADMINISTRATOR)


def names(accounts):
    return sorted(found.name for found in accounts)


@pytest.fixture
def world(admin):
    """A manager, a mate in the same team, somebody who reports to the manager, and a stranger; one account of each."""
    manager = user(Role.MANAGER)
    mate, stranger = user(Role.MANAGER), user(Role.MANAGER)
    report = user(Role.MANAGER, reports_to=manager)
    ours = team(manager, mate)
    make.account("Own", manager=manager)
    make.account("Mate's", manager=mate)
    make.account("Report's", manager=report)
    make.account("Team's", team=ours)
    make.account("Stranger's", manager=stranger)
    make.account("Nobody's")
    share_account(actor=admin, account=make.account("Shared", manager=stranger), user=manager)
    return manager


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (Scope.OWN, ["Own", "Shared", "Team's"]),
        (Scope.TEAM, ["Mate's", "Own", "Shared", "Team's"]),
        (Scope.SUBTREE, ["Own", "Report's", "Shared", "Team's"]),
        (Scope.ALL, ["Mate's", "Nobody's", "Own", "Report's", "Shared", "Stranger's", "Team's"]),
    ],
)
def test_a_scope_shows_its_accounts_once_and_no_other(world, scope, seen):
    world.scope = scope

    assert names(visible_accounts(world)) == seen
    assert visible_accounts(world).count() == len(seen)


def test_an_account_shared_with_many_stands_in_the_list_once(admin):
    manager = user(Role.MANAGER)
    shared = make.account(manager=manager)
    for _ in range(3):
        share_account(actor=admin, account=shared, user=user(Role.MANAGER))

    assert list(visible_accounts(manager)) == [shared]


def test_an_account_out_of_scope_is_not_there(world):
    hidden = Account.objects.get(name="Stranger's")

    with pytest.raises(Http404):
        account(world, hidden.pk)


def test_the_bin_holds_what_was_deleted_of_the_users_own(admin):
    manager = user(Role.MANAGER)
    own, other = make.account("Own", manager=manager), make.account("Other")
    for gone in (own, other):
        delete_account(actor=admin, account=gone)

    assert list(account_bin(manager)) == [own]
    assert visible_accounts(admin).count() == 0
    with pytest.raises(Http404):
        account(admin, own.pk)
    with pytest.raises(Http404):
        deleted_account(manager, other.pk)
    restore_account(actor=admin, account=deleted_account(admin, other.pk))
    assert list(visible_accounts(admin)) == [other]


def test_a_line_six_levels_deep_is_found_in_one_query(admin, django_assert_num_queries):
    line = [make.account("Level 1")]
    for level in range(2, 7):
        line.append(make.account(f"Level {level}", parent=line[-1]))
    make.account("Beside")

    with django_assert_num_queries(1):
        found = names(with_descendants(admin, Account.objects.filter(pk=line[1].pk)))
    with django_assert_num_queries(1):
        above = [higher.name for higher in ancestors(admin, line[5])]

    assert found == [f"Level {level}" for level in range(2, 7)]
    assert above == [f"Level {level}" for level in range(1, 6)]


def test_descendants_and_ancestors_out_of_scope_stay_hidden():
    manager = user(Role.MANAGER)
    top = make.account("Top")
    own = make.account("Own", parent=top, manager=manager)
    make.account("Below", parent=own)

    assert names(with_descendants(manager, visible_accounts(manager))) == ["Own"]
    assert ancestors(manager, own) == []


@pytest.mark.parametrize("text", ["francois", "FRANÇOIS", "nçois", "bout fran", "fr", "f", "Boutique François"])
def test_a_fragment_finds_whatever_its_accents_and_case(admin, text):
    make.account("Boutique François")
    make.account("Tailspin Toys")

    assert names(named(visible_accounts(admin), text)) == ["Boutique François"]


@pytest.mark.parametrize("text", ["françoise", "toys boutique", '"', "%", "_", "* OR 1", "') OR 1=1 --", '" OR "', "NEAR(a b)"])
def test_what_no_name_holds_finds_nothing_or_is_no_filter(admin, text):
    make.account("Boutique François")
    make.account("Tailspin Toys")
    make.account("Semicolon; DROP TABLE")

    found = names(named(visible_accounts(admin), text))

    assert found == [] or len(found) == 3  # marks alone are no word, so they filter nothing


def test_trade_names_and_new_names_are_searched(admin):
    shop = make.account("Northwind GmbH")
    add_trade_name(actor=admin, record=TradeName(account=shop, name="Käseglück", source="Sign", as_of_on=make.SOME_DAY))

    assert names(named(visible_accounts(admin), "kaseglu")) == ["Northwind GmbH"]
    Account.objects.filter(pk=shop.pk).update(search_text="alpine ski")
    assert names(named(visible_accounts(admin), "kaseglu")) == []
    assert names(named(visible_accounts(admin), "alpine")) == ["Northwind GmbH"]
    Account.objects.filter(pk=shop.pk).delete()
    assert names(named(Account.objects.all(), "alpine")) == []


def test_pickers_offer_nothing_of_accounts_out_of_scope(world):
    hidden = Account.objects.get(name="Stranger's")
    hidden.tags.add(make.tag("secret"))
    hidden.team = team(name="Hidden team")
    hidden.save()
    Account.objects.get(name="Own").tags.add(make.tag("open"))

    assert [tag.name for tag in account_tags(world)] == ["open"]
    assert "Hidden team" not in [found.name for found in account_teams(world)]
    assert hidden.manager in list(account_managers(world))  # by the account that is shared
    Account.objects.get(name="Shared").shares.all().delete()
    assert hidden.manager not in list(account_managers(world))
    assert account_options(world, "stranger") == []
    assert account_by_reference(world, reference(hidden)) is None
    assert account_by_reference(world, "stranger's") is None


def test_who_sees_all_accounts_picks_from_everything(admin):
    make.account(manager=user(name="Zoe"), tags=[make.tag("vip")], team=team(name="North"))

    assert "Zoe" in [person.name for person in account_managers(admin)]
    assert [tag.name for tag in account_tags(admin)] == ["vip"]
    assert [found.name for found in account_teams(admin)] == ["North"]


def test_a_reference_means_one_account(admin):
    first, second = make.account("Same"), make.account("Same")
    only = make.account("Café Only")

    assert account_by_reference(admin, reference(second)) == second
    assert account_by_reference(admin, f"#{first.pk}") == first
    assert account_by_reference(admin, "cafe only") == only
    assert account_by_reference(admin, "Same") is None
    assert account_by_reference(admin, "#999999999999999999") is None
    assert account_by_reference(admin, "!!") is None


@pytest.mark.parametrize("column", [column for column in BUILT_IN if column.sorts_by], ids=lambda column: column.key)
@pytest.mark.parametrize("sign", ["", "-"])
def test_every_sort_has_one_order_only(admin, column, sign):
    make.account("B", manager=user(name="Zoe"))
    make.account("A")
    make.account("B")

    in_order = [found.pk for found in sorted_by(visible_accounts(admin), f"{sign}{column.key}", columns([]))]

    assert len(set(in_order)) == 3
    assert in_order == [found.pk for found in sorted_by(visible_accounts(admin), f"{sign}{column.key}", columns([]))]


def test_missing_values_stand_last_both_ways(admin):
    make.account("A")
    make.account("B", manager=user(name="Zoe"))

    for sort in ("manager", "-manager"):
        assert [found.name for found in sorted_by(visible_accounts(admin), sort, columns([]))] == ["B", "A"]


def test_whatever_columns_an_address_asks_for_few_queries_are_kept(admin, monkeypatch):
    written = []

    class Counted(compiled._Statement):
        def __init__(self, queryset):
            written.append(queryset)
            super().__init__(queryset)

    monkeypatch.setattr(compiled, "CHECKED", False)
    monkeypatch.setattr(compiled, "_Statement", Counted)
    keys = [make.account(name, actor=admin, manager=admin).pk for name in ("B", "A")]
    draw = Random(1)
    written.clear()
    for _ in range(400):
        shown = draw.sample(BUILT_IN, draw.randint(1, len(BUILT_IN)))
        rows = rows_of(admin, keys, shown)
        assert [row.pk for row in rows] == keys
        assert [column.value(rows[0]) for column in shown if column.key == "name"] in ([], ["B"])
    assert len(written) <= 2**5
