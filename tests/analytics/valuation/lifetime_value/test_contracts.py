from datetime import date, timedelta

import numpy as np
import pytest

from openkam.analytics.behaviour.orders import day_number
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.lifetime_value.contracts import Contracts, constant_retention, fit_contracts, tenure

AS_OF = date(2024, 12, 31)


def contracts_of(*rows: tuple[float, float | None], period_days: float = 100.0) -> Contracts:
    """Contracts by days before the as-of day: start and end."""
    started, ended = (
        np.array([np.nan if one is None else day_number(AS_OF) - one for one in column]) for column in zip(*rows, strict=True)
    )
    count = len(rows)
    return Contracts(np.arange(count), started, ended, np.full(count, 10.0), period_days)


def test_where_contracts_stand():
    found = tenure(contracts_of((50, None), (250, None), (400, 300), (400, 190), (-5, None), (200, -20)), AS_OF)
    assert found.rows.tolist() == [0, 1, 2, 3, 5]
    assert found.is_running.tolist() == [True, True, False, False, True]
    assert found.renewals.tolist() == [0, 2, 0, 2, 2]
    assert found.days_to_renewal[[0, 1, 4]] == pytest.approx([50, 50, 100])
    assert constant_retention(found) == pytest.approx(6 / 8)


def test_an_earlier_day_knows_nothing_of_later_ends():
    found = tenure(contracts_of((400, 190)), AS_OF - timedelta(days=250))
    assert (found.is_running.tolist(), found.renewals.tolist()) == ([True], [1])


def test_who_cancels_is_fitted():
    generator = np.random.default_rng(91)
    lasts = generator.geometric(generator.beta(0.8, 2.5, 20_000)) * 100.0
    started = generator.integers(100, 900, 20_000).astype(np.float64)
    ended = [None if last > start else start - last for start, last in zip(started, lasts, strict=True)]
    model = fit_contracts(tenure(contracts_of(*zip(started, ended, strict=True)), AS_OF))
    assert (model.alpha, model.beta) == pytest.approx((0.8, 2.5), rel=0.15)


def test_no_decisions_have_no_rate():
    assert np.isnan(constant_retention(tenure(contracts_of((50, None)), AS_OF)))


@pytest.mark.parametrize(
    ("rows", "period_days", "message"),
    [(((50, 60),), 100.0, "Contract 1 ends before it starts"), (((50, None),), 0.0, "A contract period of 0 days")],
)
def test_what_is_no_contract_is_refused(rows, period_days, message):
    with pytest.raises(OpenKamError, match=message):
        contracts_of(*rows, period_days=period_days)
