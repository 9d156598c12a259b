"""Valuations are made once, stored whole and never changed; what cannot be computed says why."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories.people import user
from tests.factories.planted import AS_OF, IMPORTED_AT, SOURCE, as_rows, planted_ledger
from tests.factories.valued import book, conducted_valuation

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.terms import OpenKamError
from openkam.app.accounts.models import Account
from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.valuation.models import AccountWorth, Valuation
from openkam.app.valuation.operations.valuations import Asked, conduct_valuation, start_valuation
from openkam.app.valuation.terms import RefusedError

pytestmark = pytest.mark.django_db


def value(actor: User, **asked: object) -> Valuation:
    return conduct_valuation(actor=actor, run_id=None, asked=Asked(**asked), tell=lambda _: None)


def sale(day: date, net: int = 100, **more: object) -> dict[str, object]:
    line = {"transaction_key": f"T-{day}-{net}", "customer_key": "a", "transacted_on": day, "line_type": "sale"}
    return line | {"net_amount": Decimal(net), "cost_amount": Decimal(net) / 2, "quantity": Decimal(1), "currency": "EUR"} | more


def ledger_of(home: Path, *lines: dict[str, object]) -> Ledger:
    ledger = Ledger.open(home / "ledger")
    ledger.append("transactions", as_rows("transactions", list(lines)), source=SOURCE, imported_at=IMPORTED_AT)
    return ledger


def reasons(made: Valuation) -> dict[str, str]:
    return {one["part"]: one["reason"] for one in made.not_computed}


def test_every_account_is_stored_with_its_ladder_rhythm_and_receivables(home: Path, head: User):
    made = conducted_valuation(home, head)
    assert (made.currency, made.as_of_on, made.account_count, made.ledger_version) == ("EUR", AS_OF, 4, 5)
    giant = AccountWorth.objects.get(valuation=made, name="Giant")
    assert giant.account == Account.objects.get(name="Giant")
    assert giant.net_invoice - giant.cost_of_goods == giant.cm1
    assert giant.cm3 == giant.cm1 - giant.selling_and_service
    assert (giant.selling_and_service, giant.cost_to_serve, giant.capacity_cost) == (
        Decimal(200_000),
        Decimal(200_000),
        Decimal(0),
    )
    assert giant.contribution < 0 < AccountWorth.objects.get(valuation=made, name="Steady").contribution
    assert (giant.order_and_logistics, giant.freight_cost, giant.charges, giant.off_invoice) == (None, None, None, None)
    assert (giant.sales_rank, giant.margin_rank) == (1, 4)
    assert giant.last_order_on == AS_OF
    assert giant.window_from_on <= giant.expected_on <= giant.window_to_on <= giant.overdue_on
    assert len(giant.recent_orders) == 13
    assert giant.owed == sum((giant.owed_not_due, giant.owed_1_30, giant.owed_31_60, giant.owed_61_90, giant.owed_over_90))
    assert {lever["name"] for lever in giant.levers} == {"price", "order size", "freight", "terms"}
    assert AccountWorth.objects.get(valuation=made, name="Steady").levers == []
    assert Entry.objects.filter(record_type="valuation.valuation", verb="valued", actor=head).count() == 1


def test_the_same_again_is_the_same_valuation_and_other_rates_are_another(home: Path, head: User):
    first = conducted_valuation(home, head)
    assert value(head, as_of_on=AS_OF) == first
    assert value(head, as_of_on=AS_OF, annual_discount_rate=0.2) != first
    book(head)
    other = value(head, as_of_on=AS_OF)
    assert other != first
    served = AccountWorth.objects.get(valuation=other, name="Small")
    # Every order makes a call of half an hour, at 6,000 a month for 100 hours.
    orders = AccountWorth.objects.get(valuation=other, name="Small").net_invoice / 300
    assert served.capacity_cost == orders * 30
    assert served.cost_to_serve == Decimal(100) + served.capacity_cost
    assert [pool["pool"] for pool in other.pools] == ["Team"]


def test_nothing_of_a_valuation_can_be_changed_or_deleted(home: Path, head: User):
    made = conducted_valuation(home, head, with_accounts=False)
    rates = book(head)
    for change in (
        lambda: Valuation.objects.filter(pk=made.pk).update(currency="USD"),
        lambda: AccountWorth.objects.filter(valuation=made).delete(),
        lambda: AccountWorth.objects.filter(valuation=made).update(contribution=0),
        lambda: rates.pools.update(cost=0),
        lambda: rates.equations.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_a_ledger_account_without_a_record_of_ours_is_stored_without_one(home: Path, head: User):
    made = conducted_valuation(home, head, with_accounts=False)
    assert set(AccountWorth.objects.filter(valuation=made).values_list("account", flat=True)) == {None}


def test_no_transactions_are_refused_in_words(home: Path, head: User):
    with pytest.raises(OpenKamError, match="no transactions"):
        value(head)
    planted_ledger(home / "ledger")
    with pytest.raises(OpenKamError, match="no transaction up to 1999"):
        value(head, as_of_on=date(1999, 1, 1))
    assert not Valuation.objects.exists()


def test_one_order_gives_its_margin_and_says_why_there_is_no_more(home: Path, head: User):
    ledger_of(home, sale(date(2023, 5, 5)))
    made = value(head)
    row = AccountWorth.objects.get(valuation=made)
    assert (row.contribution, row.contribution_basis, row.last_order_on) == (Decimal(50), "cm1", date(2023, 5, 5))
    assert (row.lifetime_value, row.overdue_on, row.is_overdue, row.owed, row.cost_to_serve) == (None, None, None, None, None)
    assert row.lifetime_reason
    assert {"lifetime value", "cost to serve", "what is owed", "steps of the ladder"} <= reasons(made).keys()


def test_all_on_one_day_and_refunds_above_sales_are_stored(home: Path, head: User):
    day = date(2023, 5, 5)
    ledger_of(
        home,
        *(sale(day, 10 * n, customer_key=f"c{n}") for n in range(1, 8)),
        sale(day, -500, customer_key="c1", line_type="return"),
    )
    made = value(head)
    refunded = AccountWorth.objects.get(valuation=made, ledger_account="c1")
    assert (refunded.net_invoice, refunded.contribution) == (Decimal(-490), Decimal(-245))
    assert refunded.lifetime_value is None
    assert AccountWorth.objects.filter(valuation=made).count() == 7


def test_orders_still_to_come_do_not_count_and_the_valuation_says_so(home: Path, head: User):
    ahead = timezone.localdate() + timedelta(days=40)
    ledger_of(home, sale(date(2023, 5, 5)), sale(ahead, 999))
    made = value(head)
    assert made.as_of_on <= timezone.localdate()
    assert AccountWorth.objects.get(valuation=made).last_order_on == date(2023, 5, 5)
    assert any(f"up to {ahead}" in note for note in made.notes)


def test_a_currency_without_a_rate_stores_nothing(home: Path, head: User):
    ledger_of(home, sale(date(2023, 5, 5)), sale(date(2023, 5, 6), currency="JPY"))
    with pytest.raises(OpenKamError, match="currenc"):
        value(head)
    assert not Valuation.objects.exists()


def test_rates_that_contradict_the_ledger_are_left_out_with_the_reason(home: Path, head: User):
    planted_ledger(home / "ledger")
    book(head, activity="visit")
    made = value(head, as_of_on=AS_OF)
    assert "The ledger records the activity visit" in reasons(made)["rates of service"]
    assert AccountWorth.objects.get(valuation=made, ledger_account="giant").cost_to_serve == Decimal(200_000)


def test_only_who_conducts_reviews_values(home: Path):
    with pytest.raises(PermissionDenied):
        value(user(Role.MANAGER))
    with pytest.raises(PermissionDenied):
        start_valuation(actor=user(Role.READ_ONLY), asked=Asked())


def test_settings_out_of_range_are_refused(head: User):
    with pytest.raises(RefusedError, match="annual_discount_rate"):
        start_valuation(actor=head, asked=Asked(annual_discount_rate=3.0))
