"""What each account would seem to leave if capacity were spread by sales, as it is where nobody counts minutes."""

import numpy as np

from openkam.analytics.behaviour.account_columns import Columns, Vector
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.time_driven_costing import TimeDrivenCosts
from openkam.analytics.valuation.volume_allocation import compare_with_volume

NAMES = ("service_by_volume", "contribution_by_volume")


def volume_columns(service: TimeDrivenCosts, contribution: Vector, net_sales: Vector) -> Columns:
    """The cost of all capacity supplied spread by `net_sales`, and the contribution after it (currency).

    Bills that the ledger records for an account stay with it in both ways. Raises `OpenKamError` where no pool has a cost, no
    contribution is known, or nothing was sold.
    """
    supplied = sum(use.cost_supplied for use in service.pools)
    if not supplied:
        raise OpenKamError("No pool of capacity has a cost: give pools their rates, and activities their times.")
    by_time = service.capacity_cost()
    if np.isnan(contribution).all():
        raise OpenKamError("No contribution is known: import costs, or a product's unit cost.")
    found = compare_with_volume(contribution + np.nan_to_num(by_time), np.nan_to_num(by_time), net_sales, supplied)
    return {"service_by_volume": found.by_volume, "contribution_by_volume": found.contribution_by_volume}
