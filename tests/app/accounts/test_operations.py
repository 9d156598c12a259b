"""Making, changing, deleting and assigning one account."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.factories import accounts as make
from tests.factories.people import team, user

from openkam.app.accounts.models import Account, Descent
from openkam.app.accounts.operations.accounts import change_account, create_account, delete_account, restore_account
from openkam.app.accounts.operations.assignment import assign_manager, share_account, unshare_account
from openkam.app.accounts.operations.tags import create_tag, tag_account
from openkam.app.accounts.queries.record_card import account_history
from openkam.app.accounts.terms.account import LEVELS_AT_MOST, Kind
from openkam.app.audit.queries import history_of
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return user(Role.ADMINISTRATOR)


def change(admin, account, **fields):
    """Change the given fields, the others staying as they are."""
    kept = {name: getattr(account, name) for name in ("name", "kind", "manager", "team", "parent")}
    return change_account(actor=admin, account=account, **{**kept, **fields})


def lines():
    return sorted(Descent.objects.values_list("ancestor__name", "descendant__name", "levels"))


def test_an_account_is_made_and_recorded(admin):
    made = create_account(actor=admin, name="  Tailspin   Toys ", kind=Kind.PROSPECT, reason="Fair in May")

    (entry,) = history_of(user(), made)
    assert (made.name, made.sort_name, made.kind, made.created_by) == ("Tailspin Toys", "tailspin toys", "prospect", admin)
    assert (entry.verb, entry.reason, entry.after["name"]) == ("created", "Fair in May", "Tailspin Toys")


def test_who_does_not_see_everything_manages_what_they_make():
    manager = user(Role.MANAGER)

    assert make.account(actor=manager).manager == manager
    assert make.account(actor=user(Role.ADMINISTRATOR)).manager is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 301])
def test_a_name_that_is_none_is_refused(admin, name):
    with pytest.raises(ValidationError):
        create_account(actor=admin, name=name)


def test_a_change_is_recorded_field_by_field_and_no_change_is_not(admin):
    account = make.account("Before")
    changed_at = account.changed_at
    change(admin, account)
    assert len(history_of(user(), account)) == 1
    assert Account.objects.get().changed_at == changed_at

    change(admin, account, name="Äfter", kind=Kind.SUPPLIER)

    entry = history_of(user(), account)[0]
    assert entry.before["name"] == "Before"
    assert entry.after["name"] == "Äfter"
    assert Account.objects.get().search_text == "after"
    labels = [shown.label for shown in account_history(admin, account)[0].changes]
    assert sorted(labels) == ["Kind", "Name"]


def test_a_subtree_moves_as_a_whole(admin):
    old, new = make.account("Old"), make.account("New")
    middle = make.account("Middle", parent=old)
    make.account("Leaf", parent=middle)

    change(admin, middle, parent=new)

    assert lines() == [
        ("Leaf", "Leaf", 0),
        ("Middle", "Leaf", 1),
        ("Middle", "Middle", 0),
        ("New", "Leaf", 2),
        ("New", "Middle", 1),
        ("New", "New", 0),
        ("Old", "Old", 0),
    ]
    change(admin, middle, parent=None)
    assert ("New", "Middle", 1) not in lines()
    assert ("Middle", "Leaf", 1) in lines()


def test_an_account_does_not_hang_below_itself(admin):
    top = make.account("Top")
    leaf = make.account("Leaf", parent=make.account("Middle", parent=top))

    with pytest.raises(ValidationError, match="below itself"):
        change(admin, top, parent=leaf)
    with pytest.raises(ValidationError, match="below itself"):
        change(admin, top, parent=top)
    assert ("Leaf", "Top", 2) not in lines()


def test_a_line_has_an_end(admin):
    line = [make.account()]
    for _ in range(LEVELS_AT_MOST - 1):
        line.append(make.account(parent=line[-1]))

    with pytest.raises(ValidationError, match="levels"):
        make.account(parent=line[-1])
    with pytest.raises(ValidationError, match="levels"):
        change(admin, line[0], parent=make.account())


def test_deleting_and_restoring_keeps_everything(admin):
    parent = make.account("Parent")
    make.account("Child", parent=parent)
    before = lines()

    delete_account(actor=admin, account=parent, reason="Closed")
    assert Account.objects.get(name="Parent").deleted_by == admin
    restore_account(actor=admin, account=parent)

    assert Account.objects.get(name="Parent").deleted_at is None
    assert lines() == before
    assert [entry.verb for entry in history_of(user(), parent)] == ["restored", "deleted", "created"]


def test_assigning_says_who_had_it(admin):
    first, second = user(name="First"), user(name="Second")
    account = make.account(manager=first)

    assign_manager(actor=admin, account=account, manager=second, team=team(second, name="North"), reason="Holidays")

    entry = history_of(user(), account)[0]
    assert (entry.before["manager_id"], entry.after["manager_id"]) == (first.pk, second.pk)
    words = {shown.label: (shown.before, shown.after) for shown in account_history(admin, account)[0].changes}
    assert words == {"Manager": ("First", "Second"), "Team": ("", "North")}
    assign_manager(actor=admin, account=account, manager=second, team=account.team)
    assert len(history_of(user(), account)) == 2


def test_nothing_is_given_to_somebody_who_may_not_sign_in(admin):
    gone = user(is_active=False)
    account = make.account()

    with pytest.raises(ValidationError):
        assign_manager(actor=admin, account=account, manager=gone)
    with pytest.raises(ValidationError):
        share_account(actor=admin, account=account, user=gone)


def test_sharing_twice_is_sharing_once(admin):
    account, friend = make.account(), user(name="Friend")

    share_account(actor=admin, account=account, user=friend)
    share_account(actor=admin, account=account, user=friend)
    assert account.shares.count() == 1
    unshare_account(actor=admin, account=account, user=friend)
    unshare_account(actor=admin, account=account, user=friend)

    assert [entry.verb for entry in history_of(user(), account)] == ["stopped sharing", "shared", "created"]


def test_tags_are_one_whatever_their_case(admin):
    account = make.account()

    tag_account(actor=admin, account=account, tags=[create_tag(actor=admin, name=" Key  client ")])
    tag_account(actor=admin, account=account, tags=[create_tag(actor=admin, name="key CLIENT"), make.tag("b")])

    assert history_of(user(), account)[0].before == {"tags": ["Key client"]}
    assert history_of(user(), account)[0].after == {"tags": ["Key client", "b"]}
    with pytest.raises(ValidationError):
        create_tag(actor=admin, name=" ")


def test_another_accounts_parent_is_not_named_to_who_does_not_see_it(admin):
    manager = user(Role.MANAGER)
    account = make.account(manager=manager)
    change(admin, account, parent=make.account("Secret holding"))

    seen = account_history(manager, account)[0].changes

    assert [(shown.label, shown.after) for shown in seen] == [("Parent", "another")]


@pytest.mark.parametrize("role", [Role.READ_ONLY, Role.ANALYST])
def test_who_may_only_read_writes_nothing(role):
    actor, account = user(role), make.account()
    acts = [
        lambda: create_account(actor=actor, name="New"),
        lambda: change(actor, account, name="New"),
        lambda: delete_account(actor=actor, account=account),
        lambda: restore_account(actor=actor, account=account),
        lambda: assign_manager(actor=actor, account=account, manager=actor),
        lambda: share_account(actor=actor, account=account, user=actor),
        lambda: unshare_account(actor=actor, account=account, user=actor),
        lambda: tag_account(actor=actor, account=account, tags=[]),
        lambda: create_tag(actor=actor, name="t"),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert Account.objects.get().name == account.name


def test_a_manager_may_not_delete():
    manager = user(Role.MANAGER)
    account = make.account(manager=manager)

    with pytest.raises(PermissionDenied):
        delete_account(actor=manager, account=account)
