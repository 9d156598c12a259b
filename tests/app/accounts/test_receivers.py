import pytest
from django.http import Http404
from tests.factories.accounts import account
from tests.factories.people import user

from openkam.app.accounts.models import Account
from openkam.app.accounts.operations.accounts import change_account
from openkam.app.audit.models import Entry
from openkam.app.audit.operations import RestoreRefusedError, restore_value
from openkam.app.audit.queries import history_of
from openkam.app.people.models import User
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db


def renamed(actor: User, found: Account, name: str, *, manager: User | None = None) -> Entry:
    change_account(
        actor=actor, account=found, name=name, kind=found.kind, manager=manager or found.manager, team=None, parent=found.parent
    )
    return history_of(user(), found)[0]


def test_an_old_name_comes_back_and_the_restoring_is_recorded():
    head = user(Role.HEAD)
    found = account("Contoso")
    entry = renamed(head, found, "Kontoso")
    restore_value(actor=head, entry=entry, field="name")
    assert Account.objects.get(pk=found.pk).name == "Contoso"
    newest = history_of(head, found)[0]
    assert (newest.before["name"], newest.after["name"], newest.actor) == ("Kontoso", "Contoso", head)


def test_an_old_manager_comes_back():
    head, first, second = user(Role.HEAD), user(Role.MANAGER), user(Role.MANAGER)
    found = account(manager=first)
    entry = renamed(head, found, found.name, manager=second)
    restore_value(actor=head, entry=entry, field="manager_id")
    assert Account.objects.get(pk=found.pk).manager == first


def test_a_colleague_s_account_has_no_history_and_nothing_to_restore():
    found = account("Secret", manager=user(Role.MANAGER))
    entry = renamed(user(Role.HEAD), found, "Still secret")
    stranger = user(Role.MANAGER)
    assert not history_of(stranger, found)
    with pytest.raises((Account.DoesNotExist, Http404)):
        restore_value(actor=stranger, entry=entry, field="name")
    assert Account.objects.get(pk=found.pk).name == "Still secret"


def test_what_the_ledger_tells_is_not_restored_here():
    head = user(Role.HEAD)
    found = account("Contoso")
    with pytest.raises(RestoreRefusedError):
        restore_value(actor=head, entry=renamed(head, found, "Kontoso"), field="sort_name")
