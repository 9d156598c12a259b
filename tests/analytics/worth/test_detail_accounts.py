"""Details of a valuation as a whole: known answers on the planted company, and reasons where the facts do not suffice."""

from datetime import date
from decimal import Decimal

import pytest
from tests.factories.planted import AS_OF, IMPORTED_AT, SOURCE, as_rows, planted_ledger

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.worth.detail_accounts import Details, detail_accounts
from openkam.analytics.worth.worth_settings import WorthSettings


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Details:
    ledger = planted_ledger(tmp_path_factory.mktemp("planted") / "ledger")
    return detail_accounts(ledger, WorthSettings(), as_of=AS_OF, currency="EUR", version=ledger.latest_version)


def test_what_an_account_buys_is_that_of_its_two_years(planted: Details):
    giant = next(one for one in planted.accounts if one.account == "giant")
    assert giant.usage is not None
    (product,) = giant.usage.products.lines
    assert (product.name, product.amount, product.quantity) == ("Pump", Decimal(540_000), Decimal(270))
    assert [one.name for one in giant.usage.channels.lines] == ["not recorded"]
    assert sum(giant.usage.season) == pytest.approx(1, abs=1e-3)
    assert giant.payments is not None
    assert giant.payments.invoice_count > 50


def test_the_months_ahead_are_told_for_the_firm_and_for_each_account(planted: Details):
    assert planted.outlook is not None
    assert [day.isoformat() for day in planted.outlook.ends_on] == ["2024-01-31", "2024-02-29", "2024-03-31"]
    assert planted.outlook.past_ends_on[0] == date(2023, 1, 31)
    whole = {one.account: one.ahead[0] for one in planted.accounts}
    # Every account buys the same each fortnight or month: the firm's months are the sums of theirs.
    assert planted.outlook.firm.past == [pytest.approx(sum(one.past[back] or 0 for one in whole.values())) for back in range(12)]
    assert whole["steady"].expected[0] in (12_000, 18_000)
    assert planted.alerts is not None
    assert planted.alerts.rules[0].alert_count == 0
    assert planted.not_computed == ()


def test_a_ledger_of_one_order_says_what_cannot_be_told(tmp_path):
    ledger = Ledger.open(tmp_path / "ledger")
    line = {"transaction_key": "1", "customer_key": "a", "transacted_on": date(2023, 5, 5), "line_type": "sale"}
    line |= {"net_amount": Decimal(100), "quantity": Decimal(1), "currency": "EUR"}
    ledger.append("transactions", as_rows("transactions", [line]), source=SOURCE, imported_at=IMPORTED_AT)
    found = detail_accounts(ledger, WorthSettings(), as_of=AS_OF, currency="EUR", version=1)
    assert {one.part for one in found.not_computed} == {"back-test of alerts"}
    (one,) = found.accounts
    assert (one.payments, found.payments, found.alerts) == (None, None, None)
    assert one.usage is not None
    assert one.usage.season == ()
