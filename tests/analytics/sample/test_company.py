"""The sample in a ledger, measured and put before its programme."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from openkam.analytics.behaviour.facts import MeasureParameters
from openkam.analytics.engine import open_engine
from openkam.analytics.ledger.batch import Batch
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.schema import ILLUSTRATIVE_PREFIX
from openkam.analytics.sample.company import ILLUSTRATIVE_SOURCE, SOURCE, load_sample, sample_programme_text
from openkam.analytics.sample.company_tables import AS_OF
from openkam.analytics.selection.formulate import Formulation, formulate
from openkam.analytics.selection.programme import Programme
from openkam.analytics.valuation.account_measures import account_measures

IMPORTED_AT = datetime(2016, 6, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledger, tuple[Batch, ...]]:
    ledger = Ledger.open(tmp_path_factory.mktemp("sample") / "ledger")
    return ledger, load_sample(ledger, IMPORTED_AT)


@pytest.fixture(scope="module")
def programme() -> Programme:
    return Programme.parse(sample_programme_text())


@pytest.fixture(scope="module")
def accounts(loaded: tuple[Ledger, tuple[Batch, ...]], programme: Programme) -> pa.Table:
    parameters = MeasureParameters(AS_OF, "USD", service_rates=programme.service_rates)
    with open_engine("duckdb") as engine:
        return account_measures(engine, loaded[0].at(), parameters).table


@pytest.fixture(scope="module")
def formulation(accounts: pa.Table, programme: Programme) -> Formulation:
    return formulate(programme, accounts)


def test_each_table_is_one_batch_and_real_rows_never_share_one_with_generated(loaded: tuple[Ledger, tuple[Batch, ...]]):
    _, batches = loaded
    assert [(b.table, b.source, b.ledger_version) for b in batches] == [
        ("customers", SOURCE, 1),
        ("products", SOURCE, 2),
        ("transactions", SOURCE, 3),
        ("receivables", SOURCE, 4),
        ("customers", ILLUSTRATIVE_SOURCE, 5),
        ("service_activities", ILLUSTRATIVE_SOURCE, 6),
        ("market_volumes", ILLUSTRATIVE_SOURCE, 7),
        ("interactions", ILLUSTRATIVE_SOURCE, 8),
    ]
    assert ILLUSTRATIVE_SOURCE.startswith(ILLUSTRATIVE_PREFIX)
    assert not SOURCE.startswith(ILLUSTRATIVE_PREFIX)


def test_generated_rows_make_no_accounts_beside_the_prospects(accounts: pa.Table):
    assert accounts.num_rows == 279 + 24
    assert sum(accounts["customer_count"].to_pylist()) == 663 + 24
    assert sum(accounts["is_prospect"].to_pylist()) == 24


def test_the_measured_net_sales_are_the_companys(accounts: pa.Table):
    assert np.nansum(accounts["net_sales"].to_numpy()) == pytest.approx(55_845_930.05, abs=0.005)


def test_a_fifth_of_the_accounts_lose_money_after_cost_to_serve(accounts: pa.Table):
    margin = accounts["contribution_margin"].to_numpy()[~accounts["is_prospect"].to_numpy()]
    assert 0.15 <= np.mean(margin < 0) <= 0.25
    assert 0.2 <= margin.sum() / 55_845_930.05 <= 0.35
    assert margin[margin > 0].sum() / margin.sum() > 1.05


def test_the_largest_accounts_keep_a_margin(accounts: pa.Table):
    groups = [name is not None for name in accounts["group_name"].to_pylist()]
    assert min(accounts["contribution_margin"].to_numpy()[groups]) > 0


def test_every_account_of_the_programme_is_an_account_of_the_company(accounts: pa.Table, programme: Programme):
    known = set(accounts["account"].to_pylist())
    named = (
        {r.account for r in programme.ratings} | {p.account for p in programme.pins} | {o.account for o in programme.overrides}
    )
    assert named | {account for c in programme.conflicts for account in c.accounts} <= known


def test_all_accounts_are_candidates_and_no_prospect_is(formulation: Formulation):
    assert len(formulation.problem.accounts) == 279


def test_every_criterion_but_payment_tells_accounts_apart(formulation: Formulation):
    spread = dict(zip(formulation.problem.criteria, np.ptp(formulation.problem.value, axis=0), strict=True))
    assert spread.pop("credit") == 0
    assert min(spread.values()) > 0.5


def test_accounts_that_lose_money_are_kept_out_with_the_reason(formulation: Formulation, accounts: pa.Table):
    margin = dict(zip(accounts["account"].to_pylist(), accounts["contribution_margin"].to_pylist(), strict=True))
    problem = formulation.problem
    shut = {problem.accounts[p.account] for p in problem.pins if not p.is_in and "Costs more to serve" in p.reason}
    assert shut == {name for name in problem.accounts if margin[name] < 0}


def test_whatever_is_invented_in_the_programme_says_so(programme: Programme):
    reasons = (
        [r.evidence for r in programme.ratings] + [p.reason for p in programme.pins] + [c.reason for c in programme.conflicts]
    )
    assert reasons
    assert all(reason.startswith("Illustrative:") for reason in reasons)


def test_every_activity_of_the_sample_has_a_rate(programme: Programme, accounts: pa.Table):
    assert sum(accounts["service_uncosted_count"].to_pylist()) == 0
    assert set(programme.service_rates) == {"order", "delivery", "small_drop", "visit", "complaint"}
