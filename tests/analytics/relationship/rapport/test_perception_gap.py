"""The perception gap: by hand, with what is missing left missing."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from openkam.analytics.relationship.rapport.perception_gap import View, Viewer, perception_gaps

MANAGER, COLLEAGUE, CUSTOMER = Viewer.MANAGER, Viewer.COLLEAGUE, Viewer.CUSTOMER


def views(topic: str, **scores: list[float]) -> list[View]:
    return [View(topic, Viewer(viewer), score) for viewer, given in scores.items() for score in given]


def test_gaps_are_ours_less_theirs_with_the_interval_of_their_mean():
    theirs = [3.0, 4.0, 2.0, 3.0]
    (found,) = perception_gaps(views("promises", manager=[6.0], colleague=[4.0, 5.0], customer=theirs))
    assert found.means == {MANAGER: 6.0, COLLEAGUE: 4.5, CUSTOMER: 3.0}
    assert found.informants == {MANAGER: 1, COLLEAGUE: 2, CUSTOMER: 4}
    assert found.manager is not None
    assert found.colleagues is not None
    interval = ttest_1samp(6 - np.array(theirs), 0).confidence_interval(0.90)
    assert (found.manager.value, found.manager.lower, found.manager.upper) == pytest.approx((3, interval.low, interval.high))
    assert found.manager.is_clear
    assert found.colleagues.value == pytest.approx(1.5)


def test_who_said_nothing_leaves_no_gap_and_one_informant_no_interval():
    found = {
        topic.topic: topic
        for topic in perception_gaps([*views("price", manager=[5.0]), *views("delivery", manager=[5.0], customer=[7.0])])
    }
    assert (found["price"].manager, found["price"].largest) == (None, None)
    one = found["delivery"].manager
    assert one is not None
    assert (one.value, one.lower, one.is_clear) == (-2.0, None, False)
    assert found["delivery"].colleagues is None


def test_the_widest_gap_comes_first_and_unknown_ones_last():
    told = [
        *views("a", manager=[4.0], customer=[4.0, 5.0]),
        *views("b", manager=[3.0]),
        *views("c", colleague=[1.0], customer=[6.0, 6.0]),
        *views("d", manager=[5.0], customer=[4.0, 5.0]),
    ]
    assert [topic.topic for topic in perception_gaps(told)] == ["c", "a", "d", "b"]
