import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from tests.factories.order_days import FIRST_DAY, LAST_DAY, order_days

from openkam.analytics.behaviour.orders import day_number
from openkam.analytics.engine import open_engine
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.lifetime_value import Contracts, LifetimeParameters, lifetime_values

COUNT = 600
PARAMETERS = LifetimeParameters(LAST_DAY, discount_rate_per_year=0.1, holdout_days=180, draws=60)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    with open_engine("duckdb", memory_gib=1, threads=1, temporary_folder=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


@pytest.fixture(scope="module")
def days(engine):
    return engine.table(order_days(7, COUNT, k=2))


@pytest.fixture(scope="module")
def margin():
    ratio = np.full(COUNT + 1, 0.3)
    ratio[[1, 2]] = [np.nan, -0.1]
    return ratio


@pytest.fixture(scope="module")
def found(engine, days, margin):
    return lifetime_values(engine, days, margin, PARAMETERS)


def contracts(count: int = 300) -> Contracts:
    """Quarterly contracts of the accounts 100 to 399, and a second one of account 100."""
    generator = np.random.default_rng(93)
    account = np.append(np.arange(100, 100 + count), 100)
    started = day_number(FIRST_DAY) + generator.integers(0, 700, count + 1).astype(np.float64)
    started[[0, -1]] = day_number(FIRST_DAY)
    ended = started + 90.0 * generator.geometric(generator.beta(0.7, 1.5, count + 1))
    ended[ended > day_number(LAST_DAY)] = np.nan
    ended[[0, -1]] = np.nan
    return Contracts(account, started, ended, np.full(count + 1, 200.0), 90.0)


def test_it_is_margin_on_what_lies_ahead(found):
    assert found.value[0] == pytest.approx(found.units_ahead[0] * found.unit_net[0] * 0.3)
    assert found.value[2] < 0 < found.units_ahead[2]
    assert found.value_lower[2] <= found.value_upper[2] <= 0
    assert found.why[0].startswith("Orders come in regular gaps (k = 2")
    assert not found.is_contract.any()


def test_missing_is_null_never_zero(found):
    assert np.isnan([found.value[1], found.value_lower[1], found.value_upper[1]]).all()
    assert found.units_ahead[1] > 0
    assert np.isnan(found.value[COUNT])
    assert found.notes == ("1 accounts have no known margin: they get no value; sales are not taken in its place.",)


def test_intervals_hold_nine_tenths_of_what_the_account_may_be(found):
    known = ~np.isnan(found.value)
    assert (found.value_lower[known] <= found.value_upper[known]).all()
    likely = known & (found.probability_alive > 0.97) & (found.value > 0)
    inside = (found.value_lower < found.value) & (found.value < found.value_upper)
    assert inside[likely].mean() > 0.95


def test_validation_stands_beside_it(found):
    assert [one.what for one in found.validations] == [
        f"orders in the 180 days to {LAST_DAY}",
        f"net sales (currency) in the 180 days to {LAST_DAY}",
    ]
    assert found.validations[0].model.mean_absolute_error < found.validations[0].naive.mean_absolute_error


def test_the_same_seed_gives_the_same(engine, days, margin, found):
    again = lifetime_values(engine, days, margin, PARAMETERS)
    for name in ("value", "value_lower", "value_upper"):
        np.testing.assert_array_equal(getattr(again, name), getattr(found, name))


def test_a_dearer_discount_is_worth_less(engine, days, margin, found):
    dearer = lifetime_values(engine, days, margin, replace(PARAMETERS, discount_rate_per_year=0.3))
    known = found.value > 0
    assert (dearer.value[known] < found.value[known]).all()


def test_accounts_under_contract_are_valued_by_it(engine, days, margin):
    held = contracts()
    found = lifetime_values(engine, days, margin, PARAMETERS, held)
    runs = np.isnan(held.ended)
    assert set(np.flatnonzero(found.is_contract)) == set(held.account[runs])
    assert np.isnan(found.probability_alive[100])
    assert found.unit_net[100] == pytest.approx(200)
    assert (found.value_lower[100] < found.value[100]) & (found.value[100] < found.value_upper[100])
    tenures = (day_number(LAST_DAY) - held.started[runs]) // 90
    waits = (day_number(LAST_DAY) - held.started[runs]) % 90
    ahead = found.units_ahead[held.account[runs]] / 1.1 ** (waits / 365.25)
    single = held.account[runs] != 100
    by_tenure = [ahead[single & (tenures == one)].mean() for one in np.unique(tenures[single])]
    assert np.all(np.diff(by_tenure) > 0)
    assert "whose retention rises with tenure" in found.why[0]
    assert [one.what.partition(" ")[0] for one in found.validations] == ["share", "orders", "net"]
    free = ~found.is_contract & ~np.isnan(found.value)
    assert free.any()


def test_only_contracts_are_enough(engine, days, margin):
    held = contracts()
    none = days.filter(days.account_id < 0)
    found = lifetime_values(engine, none, margin, PARAMETERS, held)
    assert np.isnan(found.value[~found.is_contract]).all()
    assert len(found.validations) == 1


def test_occasions(engine):
    rows = order_days(8, COUNT, occasion_days=60)
    found = lifetime_values(engine, engine.table(rows), np.full(COUNT, 0.3), replace(PARAMETERS, occasion_days=60))
    assert "once every 60 days" in found.why[0]
    assert found.validations[0].model.mean_absolute_error < found.validations[0].naive.mean_absolute_error
    assert (found.units_ahead[~np.isnan(found.value)] >= 0).all()


def test_nothing_to_value(engine, days):
    with pytest.raises(OpenKamError, match="nothing to value"):
        lifetime_values(engine, days.filter(days.account_id < 0), np.zeros(3), PARAMETERS)


def test_one_order_each_tells_nothing(engine):
    rows = pa.table(
        {
            "account_id": pa.array(range(30), pa.int64()),
            "transacted_on": pa.array([FIRST_DAY] * 30, pa.date32()),
            "has_sale": pa.array([True] * 30),
            "net": pa.array([5.0] * 30),
        }
    )
    with pytest.raises(OpenKamError, match="No customer has ordered twice"):
        lifetime_values(engine, engine.table(rows), np.full(30, 0.3), PARAMETERS)


@pytest.mark.parametrize(
    "case", [(1085, "No customer has ordered twice|cannot identify"), (1200, "No account has an order up to 2021-09-18")]
)
def test_values_stand_where_an_earlier_time_tells_no_model(engine, days, margin, found, case):
    holdout_days, because = case
    late = lifetime_values(engine, days, margin, replace(PARAMETERS, holdout_days=holdout_days))
    for name in ("value", "value_lower", "value_upper", "probability_alive"):
        assert np.array_equal(getattr(late, name), getattr(found, name), equal_nan=True)
    assert late.validations == ()
    (told,) = late.not_validated
    assert re.search(f"^The hold-out of orders over the last {holdout_days} days is not available, because: .*({because})", told)
    assert found.not_validated == ()


def test_contracts_are_valued_where_none_ran_before_the_hold_out(engine, days, margin):
    held = contracts()
    found = lifetime_values(engine, days.filter(days.account_id < 0), margin, replace(PARAMETERS, holdout_days=1200), held)
    assert (~np.isnan(found.value)).sum() > 10
    assert found.validations == ()
    assert found.not_validated[0].startswith("The hold-out of contracts over the last 1200 days is not available, because: ")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"discount_rate_per_year": 0.0}, "discount_rate_per_year is 0"),
        ({"holdout_days": 0}, "at least 1 day"),
        ({"occasion_days": 7}, "whole number of occasions"),
        ({"confidence": 1.0}, "confidence"),
        ({"draws": 1}, "at least 2 draws"),
    ],
)
def test_parameters_that_mean_nothing_are_refused(change, message):
    with pytest.raises(OpenKamError, match=message):
        replace(PARAMETERS, **change)


def test_a_rate_per_year_is_one_per_day():
    assert (1 + PARAMETERS.discount_per(1)) ** 365.25 == pytest.approx(1.1)
