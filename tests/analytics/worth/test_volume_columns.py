import numpy as np
import pytest

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.resource_pools import ServiceStep
from openkam.analytics.valuation.time_driven_costing import PoolUse, TimeDrivenCosts
from openkam.analytics.worth.volume_columns import volume_columns


def service(pool_cost: list[float], supplied: float) -> TimeDrivenCosts:
    cost = np.array(pool_cost)[:, None]
    nothing, known = np.zeros_like(cost), np.ones_like(cost, dtype=np.bool_)
    pools = (PoolUse("Team", 0, supplied, 0, float(sum(pool_cost)), 0, 0),) if supplied else ()
    return TimeDrivenCosts(("visit",), (ServiceStep.SELLING_AND_SERVICE,), cost, cost, nothing, nothing, known, pools, ())


def test_all_capacity_is_spread_by_sales():
    # Left before capacity: 50, 30, 100. By time 90, 10, 0; by volume 120 in the ratio 1 : 1 : 4, idle capacity included.
    found = volume_columns(service([90, 10, 0], 120), np.array([-40.0, 20, 100]), np.array([100.0, 100, 400]))
    assert found["service_by_volume"].tolist() == [20, 20, 80]
    assert found["contribution_by_volume"].tolist() == [30, 10, 20]


def test_what_is_not_known_stays_so_and_nothing_to_compare_is_named():
    found = volume_columns(service([90, 10], 120), np.array([np.nan, 20]), np.array([100.0, np.nan]))
    assert np.isnan(found["contribution_by_volume"]).all()
    with pytest.raises(OpenKamError, match="No pool of capacity has a cost"):
        volume_columns(service([0.0], 0), np.array([1.0]), np.array([1.0]))
    with pytest.raises(OpenKamError, match="No contribution is known"):
        volume_columns(service([1.0], 5), np.array([np.nan]), np.array([1.0]))
    with pytest.raises(OpenKamError, match="no volume above 0"):
        volume_columns(service([1.0], 5), np.array([1.0]), np.array([-1.0]))
