import numpy as np
import pytest

from openkam.analytics.valuation.maximum_likelihood import Estimate, Search, UnidentifiedModelError, maximise


def hill(top, curvature=(1.0, 4.0)):
    """A log-likelihood with its maximum at log parameters `top`."""
    bends = np.array(curvature)

    def log_likelihood(point):
        away = point - np.array(top)
        return float(-0.5 * bends @ away**2) - 3.0, -bends * away

    return log_likelihood


def search(log_likelihood, rehearsal=None) -> Search:
    return Search("hill", {"u": 1.0, "v": 100.0}, log_likelihood, 50.0, "Climb another.", rehearsal)


def test_the_top_its_value_and_its_standard_errors():
    estimate = maximise(search(hill((0.5, 5.0))))
    assert estimate.parameters == pytest.approx({"u": np.exp(0.5), "v": np.exp(5.0)}, rel=1e-9)
    assert estimate.log_likelihood == pytest.approx(-150)
    errors = {"u": np.exp(0.5) / np.sqrt(50), "v": np.exp(5.0) / np.sqrt(200)}
    assert estimate.standard_errors == pytest.approx(errors, rel=1e-5)


@pytest.mark.parametrize("rehearsed", [(0.4, 4.9), (40.0, 4.9)], ids=["near", "lost"])
def test_a_rehearsal_changes_only_the_way(rehearsed):
    assert maximise(search(hill((0.5, 5.0)), hill(rehearsed))).parameters["u"] == pytest.approx(np.exp(0.5), rel=1e-9)


def test_a_parameter_that_leaves_is_named():
    with pytest.raises(
        UnidentifiedModelError, match=r"the hill: it fits the better the further u towards infinity go\. Climb another"
    ):
        maximise(search(hill((30.0, 5.0))))
    with pytest.raises(UnidentifiedModelError, match="v towards zero"):
        maximise(search(hill((0.5, -30.0))))


def test_a_flat_direction_is_named():
    with pytest.raises(UnidentifiedModelError, match="hardly changes along v"):
        maximise(search(hill((0.5, 5.0), (1.0, 1e-6))))


def test_draws_scatter_as_the_covariance_says():
    estimate = Estimate({"u": 2.0, "v": 50.0}, 0.0, np.diag([0.01, 0.04]))
    draws = estimate.draw(np.random.default_rng(1), 4000)
    assert np.log([draw["u"] for draw in draws]).std() == pytest.approx(0.1, rel=0.05)
    assert np.log([draw["v"] for draw in draws]).mean() == pytest.approx(np.log(50), abs=0.02)
