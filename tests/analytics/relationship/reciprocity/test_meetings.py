"""Talk and agenda: shares of sums, over what was noted."""

import numpy as np
import pytest

from openkam.analytics.relationship.reciprocity.meetings import Meetings, meeting_balance

NAN = float("nan")


def test_shares_rest_on_meetings_in_which_both_sides_were_noted():
    meetings = Meetings(
        account=np.array([0, 0, 0, 1, 2]),
        our_minutes=np.array([30.0, 10.0, 50.0, NAN, 0.0]),
        their_minutes=np.array([10.0, 30.0, NAN, 20.0, 0.0]),
        our_points=np.array([4.0, NAN, 2.0, NAN, 1.0]),
        their_points=np.array([1.0, 3.0, 3.0, NAN, 0.0]),
    )
    found = meeting_balance(meetings, 4)
    assert found.our_talk_share == pytest.approx([0.5, NAN, NAN, NAN], nan_ok=True)
    assert found.our_agenda_share == pytest.approx([0.6, NAN, 1.0, NAN], nan_ok=True)
    assert (found.talk_meetings.tolist(), found.agenda_meetings.tolist()) == ([2, 0, 1, 0], [2, 0, 1, 0])
