"""Regular contact: the cadence that was promised against the one that was kept."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from openkam.analytics.behaviour.account_columns import Vector, ratio
from openkam.analytics.behaviour.orders import Indices
from openkam.analytics.terms import OpenKamError, Period


@dataclass(frozen=True, slots=True)
class Cadence:
    """One place per promise. A day of the period is *kept* when the last contact is at most the promised number of days back.

    `kept_share` is the share of the days that are kept, `contacts` those in the period, `longest_silence_days` the longest silence
    that reaches into the period, `days_since` the days from the last contact to the last day, `overdue_days` what of them is beyond
    the promise. Before a first contact the promise runs from the day it was made. NaN where the promise was made after the period.
    """

    kept_share: Vector
    contacts: Indices
    longest_silence_days: Vector
    days_since: Vector
    overdue_days: Vector


def cadence_kept(
    promise: Indices, contact_day: Indices, promised_every_days: Vector, promised_on: Indices, period: Period
) -> Cadence:
    """Contacts against promises, each to be in touch every so many days.

    `promise` and `contact_day` are rows: a contact that counts for a promise (0 to below the number of promises) and its day (days since
    1970-01-01), in any order; those before the promise or after the period do not count. `promised_on` is the day it was made.
    """
    if len(promised_every_days) and not (promised_every_days > 0).all():
        raise OpenKamError("A contact was promised every 0 days or less: give a number above 0.")
    count, start, end = (
        len(promised_on),
        *(day.toordinal() - date(1970, 1, 1).toordinal() for day in (period.start_on, period.end_on)),
    )
    counts = (contact_day <= end) & (contact_day >= promised_on[promise])
    contacts = np.bincount(promise[counts & (contact_day >= start)], minlength=count)
    # Every stretch runs from a contact, or from the promise, to the day before the next contact, or to the end of the period.
    owner = np.concatenate([promise[counts], np.arange(count)])
    day = np.concatenate([contact_day[counts], promised_on])
    order = np.lexsort((day, owner))
    owner, day = owner[order], day[order]
    ends = np.full(len(day), end + 1)
    is_followed = owner[1:] == owner[:-1]
    ends[:-1][is_followed] = day[1:][is_followed]
    from_day = np.maximum(day, start)
    held_until = np.minimum(day + np.floor(promised_every_days[owner]).astype(np.int64) + 1, ends)
    kept = np.bincount(owner, weights=np.maximum(held_until - from_day, 0), minlength=count)
    is_running = promised_on <= end
    days = np.maximum(end + 1 - np.maximum(promised_on, start), 0)
    longest, last = np.zeros(count), np.full(count, -np.inf)
    # Silence still lasts on the last day: it is counted to that day, and between two contacts from the one to the other.
    np.maximum.at(longest, owner, np.where(ends > start, np.minimum(ends, end) - day, 0))
    np.maximum.at(last, owner, day)
    since = np.where(is_running, end - last, np.nan)
    return Cadence(
        ratio(kept, days),
        contacts,
        np.where(is_running, longest, np.nan),
        since,
        np.maximum(since - promised_every_days, 0.0),
    )
