import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.valuation.lifetime_value.validation import validate

figures = st.floats(0, 1e6)


def test_a_perfect_forecast_beside_a_naive_one():
    happened = np.arange(20.0)
    found = validate("orders", "rate", happened, np.full(20, 5.0), happened)
    assert (found.model.correlation, found.model.mean_absolute_error, found.model.total_ratio) == pytest.approx((1, 0, 1))
    assert np.isnan(found.naive.correlation)
    assert found.naive.mean_absolute_error == np.abs(happened - 5).mean()
    assert found.naive.total_ratio == pytest.approx(100 / 190)
    assert [decile.forecast for decile in found.deciles] == [decile.happened for decile in found.deciles]
    assert sum(decile.accounts for decile in found.deciles) == found.accounts == 20


def test_nothing_happened():
    found = validate("orders", "rate", np.ones(3), np.ones(3), np.zeros(3))
    assert np.isnan([found.model.correlation, found.model.total_ratio]).all()
    assert len(found.deciles) == 3


def test_nobody():
    found = validate("orders", "rate", np.zeros(0), np.zeros(0), np.zeros(0))
    assert found.deciles == ()
    assert np.isnan(found.model.mean_absolute_error)


@given(rows=st.lists(st.tuples(figures, figures), min_size=1, max_size=50))
def test_deciles_hold_everybody_in_the_order_of_the_forecast(rows):
    forecast, happened = (np.array(column) for column in zip(*rows, strict=True))
    found = validate("orders", "rate", forecast, forecast, happened)
    means = [decile.forecast for decile in found.deciles]
    assert all(one <= following + 1e-6 for one, following in itertools.pairwise(means))
    weighted = sum(decile.accounts * decile.happened for decile in found.deciles)
    assert weighted == pytest.approx(happened.sum(), rel=1e-9, abs=1e-6)
    assert -1.000001 <= np.nan_to_num(found.model.correlation) <= 1.000001
