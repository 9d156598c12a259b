"""A claim wears off in a straight line."""

from datetime import date, timedelta

import pytest

from openkam.analytics.relationship.claim_freshness import claim_freshness
from openkam.analytics.terms import OpenKamError

DAY = date(2016, 5, 31)


@pytest.mark.parametrize(("age_days", "left"), [(0, 1.0), (45, 0.75), (90, 0.5), (180, 0.0), (5000, 0.0)])
def test_a_claim_fades_to_nothing_over_its_shelf_life(age_days, left):
    assert claim_freshness(DAY, DAY + timedelta(days=age_days), 180) == left


@pytest.mark.parametrize(("age_days", "shelf_life_days"), [(-1, 180), (0, 0), (0, -5)])
def test_what_cannot_be_judged_is_refused(age_days, shelf_life_days):
    with pytest.raises(OpenKamError):
        claim_freshness(DAY, DAY + timedelta(days=age_days), shelf_life_days)
