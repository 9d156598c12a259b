import numpy as np
import pytest
from tests.factories.buyers import beta_binomial_buyers, beta_geometric_buyers, pareto_buyers

from openkam.analytics.valuation.lifetime_value.choice import choose_model
from openkam.analytics.valuation.maximum_likelihood import UnidentifiedModelError
from openkam.analytics.valuation.purchase_summary import PurchaseSummary


def summary_of(bought, scale: float = 1.0) -> PurchaseSummary:
    count = len(bought.frequency)
    gaps = bought.log_gaps + bought.frequency * np.log(scale)
    history = (bought.frequency, bought.recency * scale, bought.age * scale)
    return PurchaseSummary(np.arange(count), *history, np.ones(count), np.ones(count), gaps)


def test_regular_buyers_get_the_regular_model_and_are_told_why():
    choice = choose_model(summary_of(beta_geometric_buyers(81, 2500, 2.0, 3.0, 0.8, 4.0, k=3, at_once=True)))
    assert (choice.model.name, choice.period_days) == ("MBG/CNBD-3", 1.0)
    assert choice.why.startswith("Orders come in regular gaps (k = 3, log-likelihood -")
    assert [line.partition(":")[0] for line in choice.considered] == ["MBG/CNBD-3", "MBG/NBD", "Pareto/NBD", "BG/NBD"]


@pytest.mark.parametrize(
    ("bought", "name"),
    [
        (beta_geometric_buyers(82, 6000, 2.0, 6.0, 0.9, 2.0, at_once=True), "MBG/NBD"),
        (pareto_buyers(83, 6000, 2.0, 6.0, 0.9, 12.0), "Pareto/NBD"),
    ],
    ids=["stop after orders", "stop at any time"],
)
def test_random_buyers_get_the_likelier_model(bought, name):
    choice = choose_model(summary_of(bought))
    assert choice.model.name == name
    assert "at random (k = 1)" in choice.why


def test_occasions_get_the_model_of_occasions():
    choice = choose_model(summary_of(beta_binomial_buyers(84, 3000, 1.2, 0.9, 0.7, 4.0), scale=91.0), occasion_days=91)
    assert (choice.model.name, choice.period_days) == ("BG/BB", 91.0)
    assert "once every 91 days" in choice.why


def test_where_nothing_can_be_told_every_reason_is():
    same = np.full(40, 4.0)
    summary = PurchaseSummary(np.arange(40), same, same * 5, same * 9, same, same, 4 * np.log(same * 5 / 4))
    with pytest.raises(UnidentifiedModelError, match=r"No purchase model can be told.*MBG/NBD.*Pareto/NBD.*BG/NBD"):
        choose_model(summary)
