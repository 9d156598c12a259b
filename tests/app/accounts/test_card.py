"""The record card: facts with their sources, and how they age."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from tests.factories import accounts as make
from tests.factories.people import user

from openkam.app.accounts.models import Address, Fact, Identifier, TradeName
from openkam.app.accounts.operations.card import (
    add_address,
    add_identifier,
    add_trade_name,
    record_fact,
    remove_from_card,
)
from openkam.app.accounts.queries.record_card import account_history, card_part, record_card
from openkam.app.accounts.terms.account import Certainty
from openkam.app.accounts.terms.card import FactField
from openkam.app.accounts.terms.identifiers import Scheme
from openkam.app.audit.queries import history_of
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return user(Role.ADMINISTRATOR, name="Ada")


def state(admin, account, field, value, day=make.SOME_DAY, **fields):
    return record_fact(actor=admin, account=account, field=field, value=value, source="Annual report", as_of_on=day, **fields)


def line_of(account, field):
    return next(line for line in record_card(account).lines if line.field == field)


def test_the_fact_of_the_latest_day_counts_and_the_others_stay(admin):
    account = make.account()
    state(admin, account, FactField.EMPLOYEES, "300", date(2015, 1, 1))
    state(admin, account, FactField.EMPLOYEES, "250", date(2016, 1, 1))
    state(admin, account, FactField.EMPLOYEES, "200", date(2014, 1, 1))

    account.refresh_from_db()
    line = line_of(account, FactField.EMPLOYEES)
    assert account.employees == 250
    assert line.latest.in_words == "250"
    assert line.latest.author == admin
    assert [fact.value for fact in line.older] == ["300", "200"]


def test_of_two_facts_of_one_day_the_later_word_counts(admin):
    account = make.account()
    state(admin, account, FactField.COUNTRY, "DE")
    state(admin, account, FactField.COUNTRY, "France")

    account.refresh_from_db()
    assert account.country == "FR"


def test_money_is_kept_with_its_currency(admin):
    account = make.account()
    state(admin, account, FactField.ANNUAL_TURNOVER, "1,250,000.50", unit="eur")

    account.refresh_from_db()
    assert (str(account.annual_turnover), account.turnover_currency) == ("1250000.50", "EUR")
    assert line_of(account, FactField.ANNUAL_TURNOVER).latest.in_words == "1,250,000.50"


def test_a_legal_name_is_searched(admin):
    account = make.account("Toys")
    state(admin, account, FactField.LEGAL_NAME, "Spielwaren Müller GmbH")

    account.refresh_from_db()
    assert account.search_text == "toys spielwaren muller gmbh"


def test_values_read_as_words(admin):
    account = make.account()
    state(admin, account, FactField.COUNTRIES, "de, us")
    state(admin, account, FactField.INDUSTRY, "46")

    assert line_of(account, FactField.COUNTRIES).latest.in_words == "Germany, United States"
    assert line_of(account, FactField.INDUSTRY).latest.in_words.startswith("Wholesale trade")
    assert line_of(account, FactField.LOCATIONS).latest is None


@pytest.mark.parametrize(("age_days", "is_stale"), [(30, False), (31, True)])
def test_a_fact_goes_stale_the_day_after_its_shelf_life(admin, age_days, is_stale):
    account = make.account()
    day = timezone.localdate() - timedelta(days=age_days)
    fact = state(admin, account, FactField.EMPLOYEES, "5", day, shelf_life_days=30, certainty=Certainty.ASSUMED)

    assert fact.is_stale is is_stale
    assert fact.is_assumed
    assert record_card(account).stale_count == is_stale


def test_the_card_proposes_a_shelf_life_and_none_means_it_keeps(admin):
    account = make.account()

    assert state(admin, account, FactField.EMPLOYEES, "5").shelf_life_days == 548
    assert state(admin, account, FactField.EMPLOYEES, "5", shelf_life_days=None).shelf_life_days is None
    assert not state(admin, account, FactField.EMPLOYEES, "5", shelf_life_days=None).is_stale


def test_a_fact_needs_a_source_and_a_day_that_has_come(admin):
    account = make.account()
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(ValidationError):
        state(admin, account, FactField.EMPLOYEES, "5", tomorrow)
    with pytest.raises(ValidationError):
        record_fact(actor=admin, account=account, field=FactField.EMPLOYEES, value="5", source=" ", as_of_on=make.SOME_DAY)
    assert Fact.objects.count() == 0


def test_a_fact_is_recorded_on_the_account(admin):
    account = make.account()
    state(admin, account, FactField.EMPLOYEES, "5", date(2015, 1, 1))
    state(admin, account, FactField.EMPLOYEES, "6")

    entry = history_of(user(), account)[0]
    assert (entry.before["employees"]["value"], entry.after["employees"]["value"]) == ("5", "6")
    shown = account_history(admin, account)[0].changes[0]
    assert shown.label == "Employees"
    assert shown.after == "6 persons (Annual report, 2016-05-31)"


def test_parts_of_the_card_come_and_go(admin):
    account = make.account("Toys")
    stated = {"account": account, "source": "Register", "as_of_on": make.SOME_DAY}
    name = add_trade_name(actor=admin, record=TradeName(name=" Happy  Toys ", **stated))
    number = add_identifier(actor=admin, record=Identifier(scheme=Scheme.VAT, value="de 123456789", **stated))
    place = add_address(actor=admin, record=Address(city="Berlin", country="DE", **stated))

    card = record_card(account)
    assert ([str(part) for part in card.trade_names], [str(part) for part in card.identifiers]) == (
        ["Happy Toys"],
        ["VAT number DE123456789"],
    )
    assert [str(part) for part in card.addresses] == ["Berlin, Germany"]
    for part in (name, number, place):
        remove_from_card(actor=admin, record=part)
    account.refresh_from_db()
    assert account.search_text == "toys"
    assert record_card(account).identifiers == ()
    assert {entry.verb for entry in history_of(user(), account)} >= {
        "removed a trade name",
        "removed a identifier",
        "removed a address",
    }


def test_what_cannot_be_is_refused_and_not_kept(admin):
    account = make.account()
    stated = {"account": account, "source": "Register", "as_of_on": make.SOME_DAY}
    wrong = [
        lambda: add_identifier(actor=admin, record=Identifier(scheme=Scheme.LEI, value="123", **stated)),
        lambda: add_address(actor=admin, record=Address(city="Berlin", country="XX", **stated)),
        lambda: add_trade_name(actor=admin, record=TradeName(name="", **stated)),
    ]
    for act in wrong:
        with pytest.raises(ValidationError):
            act()
    assert not any((Identifier.objects.exists(), Address.objects.exists(), TradeName.objects.exists()))


def test_the_same_number_twice_is_refused(admin):
    account = make.account()
    stated = {"account": account, "source": "Register", "as_of_on": make.SOME_DAY}
    add_identifier(actor=admin, record=Identifier(scheme=Scheme.OWN, value="7", **stated))

    with pytest.raises(ValidationError):
        add_identifier(actor=admin, record=Identifier(scheme=Scheme.OWN, value="7", **stated))


def test_a_part_of_another_account_is_not_there(admin):
    account, other = make.account(), make.account()
    part = add_trade_name(actor=admin, record=TradeName(account=other, name="X", source="s", as_of_on=make.SOME_DAY))

    for wrong in ((account, "trade-name", part.pk), (other, "address", part.pk), (other, "nothing", part.pk)):
        with pytest.raises(Exception, match="nothing like it"):
            card_part(*wrong)
    assert card_part(other, "trade-name", part.pk) == part


def test_who_may_only_read_states_nothing():
    reader, account = user(Role.READ_ONLY), make.account()
    stated = {"account": account, "source": "s", "as_of_on": make.SOME_DAY}

    with pytest.raises(PermissionDenied):
        state(reader, account, FactField.EMPLOYEES, "5")
    with pytest.raises(PermissionDenied):
        add_identifier(actor=reader, record=Identifier(scheme=Scheme.OWN, value="7", **stated))
    with pytest.raises(PermissionDenied):
        remove_from_card(actor=reader, record=TradeName(name="x", **stated))
