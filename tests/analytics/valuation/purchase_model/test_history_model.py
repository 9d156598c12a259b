import numpy as np
import pytest

from openkam.analytics.valuation.maximum_likelihood import Estimate
from openkam.analytics.valuation.purchase_model.beta_binomial import BetaBinomialModel
from openkam.analytics.valuation.purchase_model.histories import purchase_histories
from openkam.analytics.valuation.purchase_model.history_model import HistoryModel
from openkam.analytics.valuation.purchase_model.pareto import ParetoModel

HISTORIES = ([2, 0, 5], [4, 0, 9], [10, 10, 10])
MODELS = (
    ParetoModel(
        Estimate({"r": 0.6, "alpha": 10.0, "s": 0.6, "beta": 11.0}, -7.5, 0.01 * np.eye(4)), purchase_histories(*HISTORIES)
    ),
    BetaBinomialModel(
        Estimate({"alpha": 1.2, "beta": 0.7, "gamma": 0.6, "delta": 2.8}, -7.5, 0.01 * np.eye(4)), purchase_histories(*HISTORIES)
    ),
)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_part_and_other_accounts_are_spoken_of_as_the_whole(model: HistoryModel):
    whole = model.probability_alive()  # pyright: ignore[reportAttributeAccessIssue] - every one of them has it
    assert model.at(slice(1, 3)).probability_alive() == pytest.approx(whole[1:])  # pyright: ignore[reportAttributeAccessIssue]
    other = model.of([5], [9], [10])
    assert other.probability_alive() == pytest.approx(whole[2:])  # pyright: ignore[reportAttributeAccessIssue]
    assert (other.log_likelihood, len(model.histories)) == (-7.5, 3)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_other_parameters_leave_the_histories_and_standard_errors_follow_them(model: HistoryModel):
    doubled = {name: 2 * value for name, value in model.estimate.parameters.items()}
    other = model.with_parameters(doubled)
    assert other.histories is model.histories
    assert other.standard_errors == pytest.approx({name: 0.1 * value for name, value in doubled.items()})
