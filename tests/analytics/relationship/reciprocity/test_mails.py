"""Columns of mails: what counts as contact, and what is refused."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from openkam.analytics.relationship.reciprocity.mails import Mails, instant
from openkam.analytics.terms import OpenKamError


def mails(*rows: tuple[int, int, int], person_count: int = 9) -> Mails:
    sender, recipient, sent_at = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return Mails(sender, recipient, sent_at, person_count)


def test_an_instant_is_the_same_in_every_zone_and_needs_one():
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert instant(noon) == instant(noon.astimezone(timezone(timedelta(hours=9)))) == 1_772_366_400
    with pytest.raises(OpenKamError, match="no time zone"):
        instant(datetime(2026, 3, 1, 12))  # noqa: DTZ001 -- what is refused


def test_what_is_sent_later_or_to_oneself_is_no_contact():
    told = mails((0, 1, 100), (0, 0, 100), (1, 0, 201)).until(datetime.fromtimestamp(200, UTC))
    assert (told.sender.tolist(), told.recipient.tolist()) == ([0], [1])


def test_a_circular_goes_whole_and_a_mail_to_a_few_stays():
    rows = [(0, 1, 5), (0, 2, 5), (0, 3, 5), (0, 1, 6), (4, 1, 5)]
    left = mails(*rows).without_circulars(2)
    assert list(zip(left.sender.tolist(), left.recipient.tolist(), left.sent_at.tolist(), strict=True)) == [(0, 1, 6), (4, 1, 5)]
    assert len(mails(*rows).without_circulars(3).sender) == 5


def test_people_and_columns_must_fit():
    with pytest.raises(OpenKamError, match="number people"):
        mails((0, 9, 1))
    with pytest.raises(OpenKamError, match="different lengths"):
        Mails(np.array([0]), np.array([1, 2]), np.array([3]), 4)
    with pytest.raises(OpenKamError, match="at least 1"):
        mails((0, 1, 1)).without_circulars(0)
