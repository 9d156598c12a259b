"""Ledger customers become accounts, as often as one likes."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from tests.factories import accounts as make
from tests.factories.people import user

from openkam.app.accounts.models import Account, AccountKey, Descent, Fact, Identifier
from openkam.app.accounts.operations.accounts import change_account, delete_account
from openkam.app.accounts.operations.adoption import adopt_ledger_accounts
from openkam.app.accounts.operations.card import record_fact
from openkam.app.accounts.queries.pickers import named
from openkam.app.accounts.queries.scope import ancestors, visible_accounts
from openkam.app.accounts.terms.account import Kind
from openkam.app.accounts.terms.card import FactField
from openkam.app.audit.models import Entry
from openkam.app.audit.queries import history_of
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return user(Role.ADMINISTRATOR)


def adopt(admin, *customers, day=make.SOME_DAY):
    return adopt_ledger_accounts(actor=admin, customers=customers, as_of_on=day)


def test_each_account_of_the_ledger_becomes_one(admin):
    done = adopt(
        admin,
        make.ledger_customer("1", name="Tailspin Toys", ledger_account="T"),
        make.ledger_customer("2", name="Tailspin (CRM)", ledger_account="T", source="CRM"),
        make.ledger_customer("3", name="Café Zürich"),
    )

    assert (done.created, done.known, done.extended) == (2, 0, 0)
    tailspin = Account.objects.get(name="Tailspin Toys")
    assert [(key.source, key.customer_key, key.ledger_account) for key in tailspin.keys.all()] == [
        ("CRM", "2", "T"),
        ("ERP", "1", "T"),
    ]
    assert [found.name for found in named(visible_accounts(admin), "zurich")] == ["Café Zürich"]
    assert history_of(admin, tailspin)[0].after["ledger_customers"] == ["ERP: 1", "CRM: 2"]


def test_a_second_time_nothing_changes(admin):
    customers = [
        make.ledger_customer("1", employees=5, country="Germany", annual_sales="100.50", currency="EUR", legal_name="A GmbH"),
        make.ledger_customer("2", parent_account="1"),
    ]
    adopt(admin, *customers)
    entries = Entry.objects.count()

    done = adopt(admin, *customers)

    assert (done.created, done.known, done.extended, done.facts) == (0, 2, 0, 0)
    assert (Entry.objects.count(), AccountKey.objects.count(), Fact.objects.count()) == (entries, 2, 4)


def test_what_people_set_is_never_overwritten(admin):
    adopt(admin, make.ledger_customer("1", name="Ledger name", employees=5))
    account = Account.objects.get()
    change_account(actor=admin, account=account, name="Our name", kind=Kind.SUPPLIER, manager=admin, team=None, parent=None)
    record_fact(actor=admin, account=account, field=FactField.EMPLOYEES, value="7", source="Visit", as_of_on=date(2016, 7, 1))

    done = adopt(admin, make.ledger_customer("1", name="Other", employees=6), day=date(2016, 6, 1))

    account.refresh_from_db()
    assert (account.name, account.kind, account.manager, account.employees) == ("Our name", "supplier", admin, 7)
    assert done.facts == 1  # kept, although it does not count
    adopt(admin, make.ledger_customer("1", employees=9, legal_name="New AG"), day=date(2016, 8, 1))
    account.refresh_from_db()
    assert account.employees == 9
    assert "new ag" in account.search_text


def test_a_known_account_gets_its_new_customers(admin):
    adopt(admin, make.ledger_customer("1", ledger_account="T"))

    done = adopt(
        admin,
        make.ledger_customer("1", ledger_account="T"),
        make.ledger_customer("77x", ledger_account="T", source="CRM"),
    )

    assert (done.created, done.known, done.extended) == (0, 1, 1)
    assert [found.pk for found in named(visible_accounts(admin), "77x")] == [Account.objects.get().pk]
    alone = adopt(admin, make.ledger_customer("78", ledger_account="T", source="Shop"))
    assert (alone.created, alone.extended) == (0, 1)


def test_a_deleted_account_does_not_come_back(admin):
    adopt(admin, make.ledger_customer("1"))
    delete_account(actor=admin, account=Account.objects.get())

    assert adopt(admin, make.ledger_customer("1")).created == 0
    assert visible_accounts(admin).count() == 0


def test_parents_follow_the_ledger_in_whatever_order(admin):
    adopt(admin, make.ledger_customer("top"))
    adopt(
        admin,
        make.ledger_customer("leaf", parent_account="middle"),
        make.ledger_customer("middle", parent_account="top"),
        make.ledger_customer("alone", parent_account="unknown"),
        make.ledger_customer("self", parent_account="self"),
    )

    leaf = Account.objects.get(name="Customer leaf")
    assert [above.name for above in ancestors(admin, leaf)] == ["Customer top", "Customer middle"]
    assert Descent.objects.filter(levels=0).count() == Account.objects.count() == 5
    assert Account.objects.filter(parent=None).count() == 3


def test_a_ring_of_parents_is_cut_and_said(admin):
    done = adopt(
        admin,
        make.ledger_customer("a", parent_account="b"),
        make.ledger_customer("b", parent_account="c"),
        make.ledger_customer("c", parent_account="a"),
    )

    assert done.created == 3
    assert Account.objects.filter(parent=None).count() == 1
    assert "ring" in done.notes[0]
    assert max(Descent.objects.values_list("levels", flat=True)) == 2


def test_a_line_that_is_too_deep_is_cut_and_said(admin):
    customers = [make.ledger_customer(str(level), parent_account=str(level - 1)) for level in range(1, 13)]

    done = adopt(admin, make.ledger_customer("0"), *customers)

    assert done.created == 13
    assert max(Descent.objects.values_list("levels", flat=True)) == 9
    assert "levels deep" in done.notes[0]


def test_facts_have_the_ledger_as_their_source(admin):
    done = adopt(
        admin,
        make.ledger_customer("1", ledger_account="T", industry="Novelty shops", region="West", country="US", city="Austin"),
        make.ledger_customer(
            "2", ledger_account="T", source="CRM", industry="46", tax_id=" DE 1 ", annual_sales="5", currency="usd"
        ),
    )

    account = Account.objects.get()
    facts = {fact.field: (fact.value, fact.source, fact.as_of_on) for fact in Fact.objects.all()}
    assert facts["industry_structure"] == ("Novelty shops", "Ledger: ERP", make.SOME_DAY)
    assert facts["annual_turnover"][:2] == ("5.00", "Ledger: CRM")
    assert (account.country, account.turnover_currency) == ("US", "USD")
    assert done.facts == len(facts) == 4
    assert Identifier.objects.get().value == "DE 1"
    assert account.addresses.get().city == "Austin"


def test_what_the_card_cannot_hold_is_said(admin):
    done = adopt(
        admin,
        make.ledger_customer("1", country="Atlantis", city="Poseidonis"),
        make.ledger_customer("2", country="Atlantis", annual_sales="5"),
        make.ledger_customer("3", manager="Nemo"),
    )

    assert done.created == 3
    assert done.facts == 0
    words = " ".join(done.notes)
    assert "2 × Country of the head office" in words
    assert "1 × Annual turnover" in words
    assert "1 × Address" in words
    assert "Nemo" in words


def test_managers_are_found_by_their_name(admin):
    kayla = user(Role.MANAGER, name="Kayla Woodcock")
    for _ in range(2):
        user(Role.MANAGER, name="John Smith")

    adopt(
        admin,
        make.ledger_customer("1", manager="kayla  WOODCOCK"),
        make.ledger_customer("2", manager="John Smith"),
    )

    assert Account.objects.get(name="Customer 1").manager == kayla
    assert Account.objects.get(name="Customer 2").manager is None


def test_a_prospect_that_bought_becomes_a_customer(admin):
    adopt(admin, make.ledger_customer("1", kind=Kind.PROSPECT))
    assert Account.objects.get().kind == Kind.PROSPECT

    done = adopt(admin, make.ledger_customer("1"))

    assert Account.objects.get().kind == Kind.CUSTOMER
    assert done.notes == ("1 prospects have bought and became customers.",)
    assert history_of(admin, Account.objects.get())[0].before == {"kind": "prospect"}


def test_accounts_made_by_hand_and_by_adoption_do_not_collide(admin):
    make.account("Before")
    adopt(admin, *(make.ledger_customer() for _ in range(5)))
    after = make.account("After")

    assert Account.objects.count() == 7
    assert after.pk == max(Account.objects.values_list("pk", flat=True))


def test_who_may_not_import_adopts_nothing():
    with pytest.raises(PermissionDenied):
        adopt(user(Role.MANAGER), make.ledger_customer())
    assert not Account.objects.exists()
