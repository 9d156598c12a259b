"""Valuations by the real worker."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from tests.factories.people import user
from tests.factories.planted import IMPORTED_AT, SOURCE, as_rows, planted_ledger
from tests.factories.runs import work_off

from openkam.analytics.ledger.ledger import Ledger
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.runs.models import Run
from openkam.app.runs.permissions import kind_of
from openkam.app.runs.terms import RunStatus
from openkam.app.valuation.models import Valuation, ValuationDetail
from openkam.app.valuation.operations.valuations import Asked, conduct_valuation, start_valuation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def head(transactional_db: None) -> User:
    """A person who may value."""
    return user(Role.HEAD)


def worked_off(run: Run) -> Run:
    """The run, once a worker has dealt with it."""
    work_off()
    run.refresh_from_db()
    return run


def test_a_worker_values_what_was_asked_for(home: Path, head: User, signed_in):
    planted_ledger(home / "ledger")
    sent = {"as_of_on": "2023-12-31", "discount_percent": "12", "capital_percent": "6", "holdout_days": "90"}
    answer = signed_in(head).post(reverse("valuation:start"), sent)
    assert answer.status_code == 302
    run = worked_off(Run.objects.get())
    assert (run.status, run.failure) == (RunStatus.DONE, "")
    made = Valuation.objects.get()
    assert (made.as_of_on, made.run_id, made.made_by, run.ledger_version) == (date(2023, 12, 31), run.pk, head, 5)
    assert (made.settings["annual_discount_rate"], made.settings["annual_capital_rate"]) == (0.12, 0.06)
    again = conduct_valuation(actor=head, run_id=run.pk, asked=Asked(), tell=lambda _: None)
    assert again == made
    repeated = worked_off(start_valuation(actor=head, asked=Asked(date(2023, 12, 31), 0.12, 0.06, 90)))
    assert "Nothing has changed" in repeated.outcome["note"]
    assert Valuation.objects.count() == 1
    detail = ValuationDetail.objects.get()
    assert (detail.valuation, detail.run_id, detail.outlook is None) == (made, run.pk, False)


def test_a_ledger_without_transactions_fails_in_words(home: Path, head: User):
    run = worked_off(start_valuation(actor=head, asked=Asked()))
    assert run.status == RunStatus.FAILED
    assert "no transactions" in run.failure
    assert not Valuation.objects.exists()


def test_a_currency_without_a_rate_is_said_on_the_page_of_value(home: Path, head: User, signed_in):
    line = {"transaction_key": "1", "customer_key": "a", "transacted_on": date(2023, 6, 1), "line_type": "sale"}
    lines = [
        line | {"net_amount": Decimal(5), "currency": code, "line_number": number} for number, code in enumerate(("EUR", "JPY"))
    ]
    Ledger.open(home / "ledger").append("transactions", as_rows("transactions", lines), source=SOURCE, imported_at=IMPORTED_AT)
    run = worked_off(start_valuation(actor=head, asked=Asked(currency="EUR")))
    assert run.status == RunStatus.FAILED
    text = signed_in(head).get(reverse("valuation:portfolio")).content.decode()
    assert "The last valuation failed." in text
    assert "JPY" in text
    assert "Nothing is valued yet" in text


def test_it_can_be_scheduled():
    assert kind_of("valuation").is_schedulable
