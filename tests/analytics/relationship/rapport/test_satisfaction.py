"""NPS, CSAT and CES: by hand, against other implementations, and how often their intervals hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import multinomial, norm, ttest_1samp
from statsmodels.stats.proportion import proportion_confint

from openkam.analytics.relationship.rapport.satisfaction import (
    Satisfaction,
    customer_effort_score,
    customer_satisfaction,
    net_promoter_score,
    paired_difference,
)
from openkam.analytics.terms import OpenKamError

NAN = float("nan")


def told(found: Satisfaction | None) -> Satisfaction:
    assert found is not None
    return found


def test_the_score_is_promoters_less_detractors():
    found = told(net_promoter_score(np.array([10.0, 9, 8, 7, 6, 0, NAN])))
    assert found.value == pytest.approx(0)
    assert (found.answers, found.distribution[7], sum(found.distribution.values())) == (6, pytest.approx(1 / 6), pytest.approx(1))


def test_four_happy_contacts_leave_doubt():
    found = told(net_promoter_score(np.full(4, 10.0)))
    assert found.value == 1
    assert found.upper == 1
    assert found.lower is not None
    assert found.lower < 0.5
    mixed = told(net_promoter_score(np.array([10.0, 9, 7, 3])))
    assert mixed.upper is not None
    assert mixed.lower is not None
    assert mixed.upper - mixed.lower > 1.0


def limit_by_likelihood(more: int, less: int, n: int, delta: float) -> float:
    """The score at a difference, its variance from the likelihood maximised numerically."""

    def unlikely(q: float) -> float:
        shares = np.array([q + delta, q, 1 - 2 * q - delta])
        return -float(np.array([more, less, n - more - less]) @ np.log(np.maximum(shares, 1e-300)))

    q = minimize_scalar(unlikely, bounds=(max(0.0, -delta), (1 - delta) / 2), method="bounded", options={"xatol": 1e-12}).x
    return float((more - less - n * delta) / np.sqrt(n * (2 * q + delta * (1 - delta))))


@pytest.mark.parametrize(("more", "less", "n"), [(7, 1, 21), (5, 5, 12), (3, 0, 9), (40, 20, 160), (1, 2, 4)])
def test_the_limits_are_where_the_score_of_the_likeliest_reaches_its_quantile(more, less, n):
    lower, upper = paired_difference(more, less, n, 0.95)
    z = float(norm.ppf(0.975))
    assert limit_by_likelihood(more, less, n, lower) == pytest.approx(z, abs=1e-4)
    assert limit_by_likelihood(more, less, n, upper) == pytest.approx(-z, abs=1e-4)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_turned_round_the_interval_turns_round_and_stays_within_bounds(more, less, rest):
    n = more + less + rest
    if n == 0:
        return
    lower, upper = paired_difference(more, less, n, 0.9)
    other_lower, other_upper = paired_difference(less, more, n, 0.9)
    assert (lower, upper) == (pytest.approx(-other_upper, abs=1e-8), pytest.approx(-other_lower, abs=1e-8))
    assert -1 <= lower <= (more - less) / n <= upper <= 1


def test_the_interval_holds_as_often_as_it_says_where_the_usual_one_does_not():
    # Exact: every possible outcome of eight answers with its probability, under thirty mixes of opinion.
    n, z = 8, float(norm.ppf(0.95))
    outcomes = [(more, less) for more in range(n + 1) for less in range(n + 1 - more)]
    intervals = {outcome: paired_difference(*outcome, n, 0.90) for outcome in outcomes}
    ours, usual = [], []
    for shares in np.random.default_rng(6).dirichlet([2, 1, 1], 30):
        truth = shares[0] - shares[1]
        chance = {(more, less): multinomial.pmf([more, less, n - more - less], n, shares) for more, less in outcomes}
        ours.append(sum(chance[one] for one in outcomes if intervals[one][0] <= truth <= intervals[one][1]))
        errors = {(more, less): z * np.sqrt((more + less - (more - less) ** 2 / n) / n**2) for more, less in outcomes}
        usual.append(sum(chance[one] for one in outcomes if abs((one[0] - one[1]) / n - truth) <= errors[one]))
    assert np.mean(ours) == pytest.approx(0.90, abs=0.03)
    assert min(ours) > 0.80
    assert np.mean(usual) < 0.86


@pytest.mark.parametrize(("happy", "n"), [(0, 3), (3, 3), (7, 20), (55, 60)])
def test_the_share_of_the_satisfied_has_wilsons_interval(happy, n):
    found = told(customer_satisfaction(np.array([5.0] * happy + [2.0] * (n - happy)), confidence=0.95))
    theirs = proportion_confint(happy, n, 0.05, "wilson")
    assert found.value == happy / n
    assert (found.lower, found.upper) == pytest.approx(theirs, abs=1e-12)


def test_the_effort_has_students_interval():
    answers = np.array([5.0, 6, 4, 7, 3])
    found = told(customer_effort_score(answers))
    theirs = ttest_1samp(answers, 0).confidence_interval(0.90)
    assert (found.value, found.lower, found.upper) == pytest.approx((5, theirs.low, theirs.high))
    assert told(customer_effort_score(np.array([6.0, 7]))).lower is None
    assert told(customer_effort_score(np.full(9, 6.0))).upper is None


def test_weights_count_and_widen():
    answers = np.array([10.0, 0, 8, 9])
    equal, heavy = told(net_promoter_score(answers, np.full(4, 3.0))), told(net_promoter_score(answers, np.array([6.0, 1, 1, 0])))
    assert (equal.value, equal.effective) == (told(net_promoter_score(answers)).value, pytest.approx(4))
    assert (heavy.value, heavy.effective) == (pytest.approx(5 / 8), pytest.approx(64 / 38))


def test_people_are_counted_whatever_they_weigh():
    told = customer_satisfaction(np.array([5.0, 5.0, 2.0, np.nan]), np.array([1.0, 3.0, 0.5, 1.0]))
    assert told.counts == {1: 0, 2: 1, 3: 0, 4: 0, 5: 2}
    assert told.distribution[5] == pytest.approx(4 / 4.5)


def test_nothing_said_is_nothing_and_nonsense_is_refused():
    assert net_promoter_score(np.array([NAN])) is None
    assert customer_satisfaction(np.array([])) is None
    assert customer_effort_score(np.array([4.0]), np.array([0.0])) is None
    with pytest.raises(OpenKamError, match="from 1 to 5"):
        customer_satisfaction(np.array([6.0]))
    with pytest.raises(OpenKamError, match="whole number from 0 to 10"):
        net_promoter_score(np.array([9.5]))
    with pytest.raises(OpenKamError, match="weight"):
        net_promoter_score(np.array([9.0]), np.array([NAN]))
