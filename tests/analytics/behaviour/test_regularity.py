import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import digamma
from scipy.stats import gamma

from openkam.analytics.behaviour.orders import OrderDays
from openkam.analytics.behaviour.regularity import (
    GapStatistics,
    ShapePrior,
    fit_shape_prior,
    gap_statistics,
    last_two_gaps,
    regularity,
    shrunk_shapes,
    wheat_morrison_k,
)


def orders_of(days: list[list[int]]) -> OrderDays:
    account = np.repeat(np.arange(len(days)), [len(one) for one in days])
    return OrderDays(account, np.array([day for one in days for day in one], dtype=np.int64), len(days))


def simulated(shapes: np.ndarray, gap_counts: np.ndarray, seed: int = 5) -> tuple[GapStatistics, np.ndarray]:
    """Statistics of gaps drawn with those shapes, and each account's own maximum likelihood estimate by root finding."""
    draw = np.random.default_rng(seed)
    gaps = [draw.gamma(k, 30 / k, n) for k, n in zip(shapes, gap_counts, strict=True)]
    s = np.array([np.log(one.mean()) - np.log(one).mean() for one in gaps])
    own = np.array([brentq(lambda k, s=s_i: np.log(k) - digamma(k) - s, 1e-3, 1e5) for s_i in s])
    return GapStatistics(gap_counts.astype(np.float64), s), own


def test_wheat_and_morrison_recover_an_erlang_shape():
    gaps = np.random.default_rng(1).gamma(3, 10, (20000, 2))
    assert wheat_morrison_k(gaps) == pytest.approx(3, abs=0.1)


def test_wheat_and_morrison_find_random_buying_random():
    gaps = np.random.default_rng(2).exponential(10, (20000, 2))
    assert wheat_morrison_k(gaps) == pytest.approx(1, abs=0.04)


def test_wheat_and_morrison_need_two_accounts_and_see_clockwork_as_infinite():
    assert np.isnan(wheat_morrison_k([[1.0, 2.0]]))
    assert wheat_morrison_k([[7, 7], [30, 30]]) == np.inf


def test_last_two_gaps_are_those_of_the_accounts_that_have_two():
    orders = orders_of([[0, 10, 15, 40], [3], [], [0, 7], [1, 2, 5]])
    assert last_two_gaps(orders).tolist() == [[5, 25], [1, 3]]
    assert last_two_gaps(orders_of([[], [4]])).shape == (0, 2)


def test_gap_statistics_are_the_spread_of_the_logarithms():
    found = gap_statistics(orders_of([[0, 10, 15, 40], [3], [2, 9]]))
    gaps = np.array([10, 5, 25])
    assert found.n.tolist() == [3, 0, 1]
    assert found.s[0] == pytest.approx(np.log(gaps.mean()) - np.log(gaps).mean())
    assert np.isnan(found.s[1])
    assert found.s[2] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("shape", [0.5, 1, 3, 20])
def test_a_long_history_stands_for_itself_as_scipy_fits_it(shape):
    gaps = gamma(shape, scale=30 / shape).rvs(4000, random_state=np.random.default_rng(3))
    s = np.log(gaps.mean()) - np.log(gaps).mean()
    fitted, _, _ = gamma.fit(gaps, floc=0)
    middle, lower, upper = shrunk_shapes(GapStatistics(np.array([4000.0]), np.array([s])), ShapePrior(0.0, 1.0, 50))
    assert middle[0] == pytest.approx(fitted, rel=0.003)
    assert lower[0] < fitted < upper[0]
    # The information on log k is n (k² ψ'(k) − k), so that of a long history gives the width of the interval.
    assert np.log(upper[0] / lower[0]) == pytest.approx(2 * 1.645 / np.sqrt(4000 * information(shape)), rel=0.05)


def information(k: float) -> float:
    """Fisher information on log k of one gap with its rate unknown."""
    step = 1e-4
    trigamma = (digamma(k + step) - digamma(k - step)) / (2 * step)
    return k**2 * trigamma - k


def test_shrinking_beats_each_accounts_own_estimate():
    draw = np.random.default_rng(8)
    shapes = np.exp(draw.normal(np.log(2), 0.4, 600))
    statistics, own = simulated(shapes, draw.integers(4, 30, 600))
    middle, _, _ = shrunk_shapes(statistics, fit_shape_prior(statistics))

    def error(estimate: np.ndarray) -> float:
        return float(np.sqrt(np.mean((np.log(estimate) - np.log(shapes)) ** 2)))

    assert error(middle) < 0.75 * error(own)


def test_the_prior_recovers_the_spread_of_the_accounts():
    draw = np.random.default_rng(9)
    shapes = np.exp(draw.normal(np.log(3), 0.5, 3000))
    statistics, _ = simulated(shapes, np.full(3000, 20))
    prior = fit_shape_prior(statistics)
    assert prior.mean == pytest.approx(np.log(3), abs=0.03)
    assert prior.deviation == pytest.approx(0.5, abs=0.03)


def test_intervals_hold_the_true_shape_nine_times_in_ten():
    draw = np.random.default_rng(10)
    shapes = np.exp(draw.normal(np.log(2), 0.6, 3000))
    statistics, _ = simulated(shapes, draw.integers(4, 40, 3000))
    _, lower, upper = shrunk_shapes(statistics, fit_shape_prior(statistics))
    assert np.mean((lower <= shapes) & (shapes <= upper)) == pytest.approx(0.9, abs=0.02)


def test_accounts_that_are_all_alike_are_drawn_together():
    statistics, own = simulated(np.full(500, 2.0), np.full(500, 8))
    middle, _, _ = shrunk_shapes(statistics, fit_shape_prior(statistics))
    assert np.std(np.log(middle)) < 0.2 * np.std(np.log(own))
    assert np.median(middle) == pytest.approx(2, rel=0.06)


def test_few_accounts_are_drawn_towards_random_buying_and_a_note_says_so():
    columns, notes = regularity(orders_of([[0, 30, 60, 90, 120, 150], [0, 9], [], [4]]))
    assert columns["regularity_k"][0] > 3
    assert columns["regularity_k"][1] == pytest.approx(1)
    assert columns["regularity_k_lower"][1] == pytest.approx(np.exp(-1.645), rel=1e-3)
    assert np.isnan(columns["regularity_k"][2])
    assert columns["regularity_is_thin"].tolist()[:2] == [0, 1]
    assert np.isnan(columns["regularity_is_thin"][2])
    assert any("random buying" in note for note in notes)


def test_thin_accounts_get_the_populations_shape():
    draw = np.random.default_rng(4)
    days = [np.cumsum(np.maximum(1, np.round(draw.gamma(4, 10, 25)))).astype(int).tolist() for _ in range(200)]
    columns, notes = regularity(orders_of([*days, [0, 50, 100]]))
    assert columns["regularity_is_thin"][-1] == 1
    assert columns["regularity_k"][-1] == pytest.approx(4, rel=0.1)
    assert "k = " in notes[0]
    assert len(notes) == 1


def test_the_order_of_accounts_does_not_matter():
    draw = np.random.default_rng(6)
    statistics, _ = simulated(np.exp(draw.normal(0.5, 0.5, 300)), draw.integers(4, 20, 300))
    turned = GapStatistics(statistics.n[::-1], statistics.s[::-1])
    one = shrunk_shapes(statistics, fit_shape_prior(statistics))[0]
    other = shrunk_shapes(turned, fit_shape_prior(turned))[0]
    assert other[::-1] == pytest.approx(one, rel=1e-12)


def test_a_crowd_of_clockwork_accounts_and_one_that_is_not_have_shapes_of_their_own():
    clockwork = [[30 * i + (i % 3) for i in range(20)] for _ in range(40)]
    changed = [60 * i for i in range(10)] + [540 + 7 * i for i in range(1, 41)]
    columns, _ = regularity(orders_of([*clockwork, changed]))
    assert (columns["regularity_k"][:40] > 100).all()
    assert columns["regularity_k"][40] < 3
    assert (columns["regularity_k_lower"] < columns["regularity_k"]).all()
    assert (columns["regularity_k"] < columns["regularity_k_upper"]).all()
