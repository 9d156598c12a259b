from datetime import timedelta

import numpy as np
import pytest
from tests.factories.order_days import FIRST_DAY, LAST_DAY, order_days

from openkam.analytics.behaviour.orders import day_number
from openkam.analytics.engine import open_engine
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.lifetime_value.contracts import Contracts
from openkam.analytics.valuation.lifetime_value.holdout import hold_out_contracts, hold_out_orders


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    with open_engine("duckdb", memory_gib=1, threads=1, temporary_folder=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


@pytest.mark.parametrize("k", [1, 3])
def test_the_model_is_calibrated_and_nearer_than_the_naive_rate(engine, k):
    orders, net = hold_out_orders(engine, engine.table(order_days(5, 2000, k)), LAST_DAY, 180)
    for found in (orders, net):
        assert found.model.mean_absolute_error < 0.7 * found.naive.mean_absolute_error
        assert found.model.correlation > found.naive.correlation
        assert found.model.total_ratio == pytest.approx(1, abs=0.12)
        assert found.naive.total_ratio > 1.3
    for decile in orders.deciles:
        assert decile.forecast == pytest.approx(decile.happened, rel=0.25, abs=0.15)
    assert orders.what == f"orders in the 180 days to {LAST_DAY}"


def test_what_is_held_out_is_not_seen(engine):
    rows = order_days(5, 500)
    cutoff = LAST_DAY - timedelta(days=180)
    before = rows.filter(rows["transacted_on"].to_numpy() <= np.datetime64(cutoff))
    full, _ = hold_out_orders(engine, engine.table(rows), LAST_DAY, 180)
    alone, _ = hold_out_orders(engine, engine.table(before), LAST_DAY, 180)
    assert [decile.forecast for decile in full.deciles] == [decile.forecast for decile in alone.deciles]
    assert all(decile.happened == 0 for decile in alone.deciles)


def test_without_orders_before_there_is_nothing_to_forecast(engine):
    with pytest.raises(OpenKamError, match="hold out fewer than 1200 days"):
        hold_out_orders(engine, engine.table(order_days(5, 500)), LAST_DAY, 1200)


def test_renewals_are_forecast():
    generator = np.random.default_rng(92)
    count = 6000
    started = day_number(FIRST_DAY) + generator.integers(0, 700, count).astype(np.float64)
    ended = started + 90.0 * generator.geometric(generator.beta(0.7, 1.5, count))
    ended[ended > day_number(LAST_DAY)] = np.nan
    found = hold_out_contracts(Contracts(np.arange(count), started, ended, np.ones(count), 90.0), LAST_DAY, 200)
    assert found.model.correlation > found.naive.correlation
    assert found.model.total_ratio == pytest.approx(1, abs=0.04)
    for decile in found.deciles:
        assert decile.forecast == pytest.approx(decile.happened, abs=0.06)
