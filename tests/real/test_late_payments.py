"""Receivables in the shape of the IBM late payment histories: month first, disputes, days late."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from tests.factories.late_payments import late_payments
from tests.factories.real_import import MAPPINGS, file_rows, import_by, ledger_rows

from openkam.analytics.behaviour.facts import MeasureParameters, load_facts
from openkam.analytics.engine import open_engine
from openkam.analytics.ledger.dates import AmbiguousDateError
from openkam.analytics.ledger.import_files import import_files
from openkam.analytics.ledger.import_result import ImportResult
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.mapping import load_mapping
from openkam.analytics.valuation.credit_risk import CreditRiskParameters, hold_out
from openkam.analytics.valuation.days_to_pay import read_payments


@pytest.fixture(scope="module")
def invoices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("invoices") / "late_payments.csv"
    path.write_text(late_payments(seed=2012, invoice_count=2_000), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def imported(invoices: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledger, ImportResult]:
    ledger = Ledger.open(tmp_path_factory.mktemp("receivables") / "ledger")
    return ledger, import_by("late-payments", ledger, invoices)


def test_every_invoice_is_accepted(imported: tuple[Ledger, ImportResult]):
    assert (imported[1].rows_accepted, imported[1].rows_rejected) == (2_000, 0)


def test_amounts_days_late_and_disputes_are_those_of_the_file(invoices: Path, imported: tuple[Ledger, ImportResult]):
    expected = file_rows(
        """SELECT sum(InvoiceAmount::DECIMAL(18, 4)), sum(DaysLate::INTEGER), sum(DaysToSettle::INTEGER),
                  count(*) FILTER (Disputed = 'Yes'), count(DISTINCT customerID) FROM invoices""",
        invoices=invoices,
    )
    found = ledger_rows(
        imported[0],
        "receivables",
        """SELECT sum(amount), sum(greatest(0, settled_on - due_on)), sum(settled_on - invoiced_on),
                  count(*) FILTER (is_disputed), count(DISTINCT customer_key) FROM ledger""",
    )
    assert found == expected


def test_numbers_keep_their_leading_zeros(imported: tuple[Ledger, ImportResult]):
    assert ledger_rows(imported[0], "receivables", "SELECT min(length(invoice_key)), max(length(invoice_key)) FROM ledger") == [
        (10, 10)
    ]


def test_settled_invoices_owe_nothing_unless_the_file_says(imported: tuple[Ledger, ImportResult]):
    assert ledger_rows(imported[0], "receivables", "SELECT count(open_amount), count(settled_on) FROM ledger") == [(0, 2_000)]


def test_serious_lateness_is_foretold_with_a_calibration_beside_it(imported: tuple[Ledger, ImportResult]):
    """The hold-out of docs/method/credit.md, on invoices of the same shape as those it was made on, which do not ship."""
    as_of = date(2013, 12, 31)
    with open_engine("duckdb", memory_gib=1, threads=1) as engine:
        payments = read_payments(load_facts(engine, imported[0].at(), MeasureParameters(as_of, "USD")))
    origin = int(np.quantile(payments.invoiced_day, 0.7))
    found = hold_out(payments, origin, CreditRiskParameters(serious_days=10, loss_rate=0.25))
    assert (len(payments.amount), payments.account_count) == (2_000, 100)
    assert found.count == found.reliability.count.sum() > 450
    assert found.brier < 0.9 * found.brier_base_rate
    assert found.calibration_error < 0.06
    assert found.base_rate == pytest.approx(found.observed_rate, abs=0.05)
    assert found.reliability.observed[-1] > 3 * found.observed_rate


def test_days_that_could_be_months_are_asked_for_where_the_mapping_does_not_say(invoices: Path, tmp_path: Path):
    heading, *rows = invoices.read_text(encoding="utf-8").splitlines()
    unclear = [row for row in rows if all(int(row.split(",")[i].split("/")[1]) <= 12 for i in (4, 5, 8))]
    assert len(unclear) > 10
    path = tmp_path / "unclear.csv"
    path.write_text("\n".join((heading, *unclear)) + "\n", encoding="utf-8")
    silent = replace(load_mapping(MAPPINGS / "late-payments.toml"), dates={})
    with pytest.raises(AmbiguousDateError, match="InvoiceDate"):
        import_files(
            Ledger.open(tmp_path / "ledger"),
            [path],
            table="receivables",
            source="late-payments",
            imported_at=datetime(2026, 1, 1, tzinfo=UTC),
            mapping=silent,
            latest_day=None,
        )
