"""Meetings: who talks, and whose points stand on the agenda."""

from dataclasses import dataclass

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector, ratio
from openkam.analytics.behaviour.orders import Indices, Mask


@dataclass(frozen=True, slots=True)
class Meetings:
    """One row per meeting with the `account` it was held with. Minutes spoken and points of the agenda, by side; NaN = not noted."""

    account: Indices
    our_minutes: Vector
    their_minutes: Vector
    our_points: Vector
    their_points: Vector


@dataclass(frozen=True, slots=True)
class MeetingBalance:
    """One place per account. `our_talk_share` and `our_agenda_share` are ours of both (share), over the meetings in which both were
    noted, `talk_meetings` and `agenda_meetings` of them; NaN without one, or where nothing was said."""

    our_talk_share: Vector
    our_agenda_share: Vector
    talk_meetings: Indices
    agenda_meetings: Indices


def meeting_balance(meetings: Meetings, account_count: int) -> MeetingBalance:
    """Shares of the sums over all meetings of an account: long meetings count for more."""
    talk, talk_meetings = _our_share(meetings.our_minutes, meetings.their_minutes, meetings.account, account_count)
    agenda, agenda_meetings = _our_share(meetings.our_points, meetings.their_points, meetings.account, account_count)
    return MeetingBalance(talk, agenda, talk_meetings, agenda_meetings)


def _our_share(ours: Vector, theirs: Vector, account: Indices, account_count: int) -> tuple[Vector, Indices]:
    noted: Mask = ~np.isnan(ours) & ~np.isnan(theirs)
    place = account[noted]
    our_sum = np.bincount(place, weights=ours[noted], minlength=account_count)
    both = our_sum + np.bincount(place, weights=theirs[noted], minlength=account_count)
    return ratio(our_sum, both), np.bincount(place, minlength=account_count)
