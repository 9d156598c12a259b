"""How many dealt-with alerts were losses: a share with its interval, or nothing where too few are decided."""

import pytest

from openkam.analytics.worth.alert_verdicts import FEWEST_DECIDED, loss_share


def test_fewer_than_five_decided_tell_no_share():
    few = loss_share(FEWEST_DECIDED - 1, FEWEST_DECIDED - 1, 7)
    assert (few.share, few.lower, few.upper) == (None, None, None)
    assert (few.lost_count, few.decided_count, few.open_count, few.dealt_count) == (4, 4, 7, 11)
    told = loss_share(2, FEWEST_DECIDED)
    assert told.share == 0.4
    assert told.lower is not None
    assert told.upper is not None
    assert 0 < told.lower < 0.4 < told.upper < 1


def test_more_lost_than_decided_is_refused():
    with pytest.raises(ValueError, match="3 of 2"):
        loss_share(3, 2)
