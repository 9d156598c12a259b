import numpy as np
import pytest
from tests.factories.buyers import beta_geometric_buyers

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.maximum_likelihood import UnidentifiedModelError
from openkam.analytics.valuation.purchase_model import fit_bg_nbd, fit_mbg_cnbd_k, fit_mbg_nbd

TRUE = {"r": 0.9, "alpha": 5.0, "a": 0.9, "b": 2.6}


def assert_near(model, true: dict[str, float]) -> None:
    for name, value in true.items():
        assert abs(np.log(model.estimate.parameters[name] / value)) < 4 * model.standard_errors[name] / value, name


@pytest.mark.parametrize(("fit", "at_once"), [(fit_bg_nbd, False), (fit_mbg_nbd, True)])
def test_random_buyers_are_found_again(fit, at_once):
    bought = beta_geometric_buyers(31, 20_000, *TRUE.values(), at_once=at_once)
    model = fit(bought.frequency, bought.recency, bought.age)
    assert_near(model, TRUE)
    assert (model.r, model.alpha, model.a, model.b) == tuple(model.estimate.parameters.values())
    assert model.standard_errors["alpha"] < 0.1 * TRUE["alpha"]


def test_regular_buyers_and_their_regularity_are_found_again():
    true = {"r": 2.0, "alpha": 3.0, "a": 0.8, "b": 3.0}
    bought = beta_geometric_buyers(32, 12_000, *true.values(), k=3, at_once=True)
    model = fit_mbg_cnbd_k(bought.frequency, bought.recency, bought.age, log_gaps=bought.log_gaps)
    assert (model.k, model.name) == (3, "MBG/CNBD-3")
    assert_near(model, true)
    given_k = fit_mbg_cnbd_k(bought.frequency, bought.recency, bought.age, 3)
    assert given_k.estimate.parameters == model.estimate.parameters
    assert given_k.log_likelihood != model.log_likelihood


def test_standard_errors_are_the_scatter_of_the_estimates():
    fits = []
    for seed in range(24):
        bought = beta_geometric_buyers(100 + seed, 2000, *TRUE.values(), at_once=True)
        fits.append(fit_mbg_nbd(bought.frequency, bought.recency, bought.age))
    for name in TRUE:
        scatter = np.std([fit.estimate.parameters[name] for fit in fits])
        assert np.median([fit.standard_errors[name] for fit in fits]) == pytest.approx(scatter, rel=0.5)


def test_grouped_customers_give_the_same_fit():
    bought = beta_geometric_buyers(33, 3000, *TRUE.values())
    rows = np.stack([bought.frequency, np.round(bought.recency), np.round(bought.age)])
    rows[1] = np.where((rows[0] > 0) & (rows[1] == 0), 1, rows[1])
    once, counts = np.unique(rows, axis=1, return_counts=True)
    each, grouped = fit_bg_nbd(*rows), fit_bg_nbd(*once, customers=counts)
    assert grouped.estimate.parameters == pytest.approx(each.estimate.parameters, rel=1e-9)
    assert grouped.log_likelihood == pytest.approx(each.log_likelihood, rel=1e-12)


def test_the_order_of_customers_changes_nothing():
    bought = beta_geometric_buyers(34, 500, *TRUE.values())
    order = np.random.default_rng(1).permutation(500)
    one = fit_bg_nbd(bought.frequency, bought.recency, bought.age)
    other = fit_bg_nbd(bought.frequency[order], bought.recency[order], bought.age[order])
    assert one.estimate.parameters == other.estimate.parameters


def test_the_unit_of_time_changes_nothing_but_alpha():
    bought = beta_geometric_buyers(35, 2000, *TRUE.values())
    weeks = fit_bg_nbd(bought.frequency, bought.recency, bought.age)
    hours = fit_bg_nbd(bought.frequency, bought.recency * 168, bought.age * 168)
    assert hours.alpha == pytest.approx(168 * weeks.alpha, rel=1e-6)
    assert (hours.r, hours.a, hours.b) == pytest.approx((weeks.r, weeks.a, weeks.b), rel=1e-6)


def test_a_large_base_is_rehearsed_and_comes_to_the_same():
    bought = beta_geometric_buyers(36, 90_000, *TRUE.values())
    large = fit_bg_nbd(bought.frequency, bought.recency, bought.age)
    assert_near(large, TRUE)


@pytest.mark.parametrize("fit", [fit_bg_nbd, fit_mbg_nbd])
def test_single_orders_tell_nothing(fit):
    with pytest.raises(UnidentifiedModelError, match="No customer has ordered twice"):
        fit(np.zeros(50), np.zeros(50), np.full(50, 40.0))


def test_equal_accounts_tell_nothing():
    with pytest.raises(UnidentifiedModelError, match=r"BG/NBD.*Give more customers"):
        fit_bg_nbd(np.full(50, 4), np.full(50, 30.0), np.full(50, 40.0))


def test_a_regularity_must_come_from_somewhere():
    with pytest.raises(OpenKamError, match="give k or log_gaps"):
        fit_mbg_cnbd_k([1, 2], [3, 4], [5, 6])


@pytest.mark.parametrize("k", [0, 2.5, 13])
def test_a_regularity_is_a_small_whole_number(k):
    with pytest.raises(OpenKamError, match="whole number from 1"):
        fit_mbg_cnbd_k([1, 2], [3, 4], [5, 6], k)


def test_log_gaps_are_numbers():
    with pytest.raises(OpenKamError, match="log_gaps"):
        fit_mbg_cnbd_k([1, 0], [3, 0], [5, 6], log_gaps=[1.0, np.nan])


def test_no_regularity_can_be_told_of_equal_accounts():
    same = np.full(50, 4.0)
    with pytest.raises(UnidentifiedModelError, match="MBG/CNBD-1"):
        fit_mbg_cnbd_k(same, same * 7, same * 10, log_gaps=same * np.log(7))
