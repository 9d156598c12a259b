"""One change for many accounts: what the preview says is what happens, to the user's own accounts only."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from tests.factories import accounts as make
from tests.factories.people import team, user

from openkam.app.accounts.models import Account, Tag
from openkam.app.accounts.operations.bulk import bulk_change_accounts
from openkam.app.accounts.queries.bulk import BulkChange, bulk_preview
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.accounts.terms.account import Kind
from openkam.app.audit.queries import history_of
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return user(Role.ADMINISTRATOR, name="Ada")


@pytest.fixture
def three():
    """Two customers, one of them with a manager and a tag, and a prospect."""
    return [
        make.account("First", manager=user(name="Zoe"), tags=[make.tag("old")]),
        make.account("Second"),
        make.account("Third", kind=Kind.PROSPECT),
    ]


def changes():
    manager, north = user(name="Kim"), team(name="North")
    old = Tag.objects.filter(name="old").first() or make.tag("old")
    return {
        "kind": (BulkChange(kind=Kind.PROSPECT), 2),
        "manager": (BulkChange(set_manager=True, manager=manager), 3),
        "no manager": (BulkChange(set_manager=True), 1),
        "team": (BulkChange(set_team=True, team=north), 3),
        "new tag": (BulkChange(add_tags=(make.tag("new"),)), 3),
        "same tag": (BulkChange(add_tags=(old,)), 2),
        "tag away": (BulkChange(remove_tags=(old,)), 1),
        "bin": (BulkChange(delete=True), 3),
        "several": (BulkChange(kind=Kind.CUSTOMER, remove_tags=(old,)), 2),
    }


@pytest.mark.parametrize("what", ["kind", "manager", "no manager", "team", "new tag", "same tag", "tag away", "bin", "several"])
def test_the_preview_counts_what_then_happens(admin, three, what):
    change, expected = changes()[what]
    accounts = visible_accounts(admin)
    before = {account.pk: len(history_of(admin, account)) for account in three}

    preview = bulk_preview(accounts, change)
    count = bulk_change_accounts(actor=admin, accounts=accounts, change=change, reason="Spring")

    assert (preview.selected, preview.changed, count) == (3, expected, expected)
    recorded = [account for account in three if len(history_of(admin, account)) == before[account.pk] + 1]
    assert len(recorded) == expected
    assert all(history_of(admin, account)[0].reason == "Spring" for account in recorded)
    if what != "bin":
        assert bulk_preview(visible_accounts(admin), change).changed == 0


def test_the_preview_says_from_what_to_what(admin, three):
    preview = bulk_preview(visible_accounts(admin), BulkChange(kind=Kind.SUPPLIER, set_manager=True, manager=admin))

    assert [(line.label, line.before, line.after, line.count) for line in preview.lines] == [
        ("Kind", "Customer", "Supplier", 2),
        ("Kind", "Prospect", "Supplier", 1),
        ("Manager", "nobody", "Ada", 2),
        ("Manager", "Zoe", "Ada", 1),
    ]


def test_a_change_that_empties_its_own_filter_reaches_everything(admin, three):
    customers = visible_accounts(admin).filter(kind=Kind.CUSTOMER)

    assert bulk_change_accounts(actor=admin, accounts=customers, change=BulkChange(kind=Kind.SUPPLIER)) == 2
    assert Account.objects.filter(kind=Kind.SUPPLIER).count() == 2


def test_tags_are_recorded_before_and_after(admin, three):
    bulk_change_accounts(actor=admin, accounts=visible_accounts(admin), change=BulkChange(add_tags=(make.tag("new"),)))

    entry = history_of(admin, three[0])[0]
    assert (entry.before["tags"], entry.after["tags"]) == (["old"], ["new", "old"])


def test_who_may_not_changes_nothing(three):
    reader, manager, gone = user(Role.READ_ONLY), user(Role.MANAGER), user(is_active=False)

    with pytest.raises(PermissionDenied):
        bulk_change_accounts(actor=reader, accounts=Account.objects.all(), change=BulkChange(kind=Kind.SUPPLIER))
    with pytest.raises(PermissionDenied):
        bulk_change_accounts(actor=manager, accounts=Account.objects.all(), change=BulkChange(delete=True))
    with pytest.raises(ValidationError):
        bulk_change_accounts(actor=manager, accounts=Account.objects.all(), change=BulkChange(set_manager=True, manager=gone))
    assert not Account.objects.filter(kind=Kind.SUPPLIER).exists()


def test_the_pages_lead_from_ticks_to_the_change(admin, three, signed_in):
    client, address = signed_in(admin), reverse("accounts:bulk")
    ticked = {"ids": [three[0].pk, three[1].pk]}

    assert "Change 2 accounts" in client.post(address, ticked).content.decode()
    page = client.post(address, {**ticked, "step": "preview", "kind": "prospect", "add_tags": "brand new"})
    assert "Nothing is done yet" in page.content.decode()
    assert not Tag.objects.filter(name="brand new").exists()
    done = client.post(address, {**ticked, "step": "apply", "expected": "2/2", "kind": "prospect", "add_tags": "brand new"})

    assert done.status_code == 302
    assert Account.objects.filter(kind=Kind.PROSPECT).count() == 3
    assert Tag.objects.get(name="brand new").accounts.count() == 2


def test_what_moved_since_the_preview_is_shown_again(admin, three, signed_in):
    everything = {"everything": "1", "address": "kind=customer", "step": "apply", "kind": "prospect"}

    page = signed_in(admin).post(reverse("accounts:bulk"), {**everything, "expected": "7/7"})

    assert "changed meanwhile" in page.content.decode()
    assert Account.objects.filter(kind=Kind.CUSTOMER).count() == 2
    signed_in(admin).post(reverse("accounts:bulk"), {**everything, "expected": "2/2"})
    assert Account.objects.filter(kind=Kind.CUSTOMER).count() == 0


@pytest.mark.parametrize(
    "asked", [{"step": "preview"}, {"step": "preview", "delete": "on", "kind": "prospect"}, {"step": "preview", "kind": "x"}]
)
def test_a_change_that_means_nothing_is_refused(admin, three, signed_in, asked):
    assert signed_in(admin).post(reverse("accounts:bulk"), {"everything": "1", **asked}).status_code == 422


def test_ids_of_a_colleagues_accounts_are_not_meant(three, signed_in):
    manager = user(Role.MANAGER)
    own = make.account("Own", manager=manager)
    ids = [account.pk for account in three]
    client = signed_in(manager)

    assert client.post(reverse("accounts:bulk"), {"ids": ids}).status_code == 302
    page = client.post(reverse("accounts:bulk"), {"ids": [*ids, own.pk, "x", "9" * 30]})
    assert "Change 1 account" in page.content.decode()
    client.post(reverse("accounts:bulk"), {"ids": [*ids, own.pk], "step": "apply", "kind": "supplier", "expected": "1/1"})
    client.post(reverse("accounts:bulk"), {"everything": "1", "step": "apply", "kind": "supplier", "expected": "1/1"})

    assert list(Account.objects.filter(kind=Kind.SUPPLIER)) == [own]
