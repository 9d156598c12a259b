"""Who knows whom: against plain loops, and what must not matter."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.mails import START_AT, dyads_by_hand, made_mails

from openkam.analytics.relationship.reciprocity.dyads import account_contact, reciprocity, strength, who_knows_whom
from openkam.analytics.relationship.reciprocity.mails import Mails
from openkam.analytics.terms import OpenKamError

AS_OF_AT = datetime.fromtimestamp(START_AT + 100 * 86_400, UTC)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_pair_is_as_by_hand(seed):
    mails = made_mails(seed)
    found = who_knows_whom(mails, AS_OF_AT, 45)
    by_hand = dyads_by_hand(mails, START_AT + 100 * 86_400, 45)
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == list(by_hand)
    for place, (out, back, first_at, last_at, warmth) in enumerate(by_hand.values()):
        assert (found.out[place], found.back[place], found.first_at[place], found.last_at[place]) == (
            out,
            back,
            first_at,
            last_at,
        )
        assert found.warmth[place] == pytest.approx(warmth, abs=1e-7)
        assert found.reciprocity[place] == pytest.approx(2 * min(out, back) / (out + back))


@given(st.permutations(range(60)))
def test_the_order_of_rows_changes_no_digit(order):
    mails = made_mails(4, mail_count=60).taken(np.arange(60))
    one, other = who_knows_whom(mails, AS_OF_AT), who_knows_whom(mails.taken(np.array(order)), AS_OF_AT)
    assert (one.warmth == other.warmth).all()
    assert (one.out == other.out).all()


def test_wide_numbers_and_long_spans_are_as_narrow_ones():
    mails = made_mails(6)
    wide = Mails(mails.sender + 2_000_000_000, mails.recipient + 2_000_000_000, mails.sent_at, 2_000_000_012)
    one, other = who_knows_whom(mails, AS_OF_AT), who_knows_whom(wide, AS_OF_AT)
    assert (other.first - 2_000_000_000 == one.first).all()
    assert (other.warmth == one.warmth).all()
    old = Mails(np.array([0, 1]), np.array([1, 0]), np.array([int(AS_OF_AT.timestamp()) - 2**31, START_AT]), 2)
    assert who_knows_whom(old, AS_OF_AT).first_at.tolist() == [int(AS_OF_AT.timestamp()) - 2**31]


def test_warmth_halves_with_every_half_life():
    at = int(AS_OF_AT.timestamp())
    mails = Mails(np.array([0, 1, 0]), np.array([1, 0, 2]), np.array([at, at - 60 * 86_400, at - 120 * 86_400]), 3)
    assert who_knows_whom(mails, AS_OF_AT, 60).warmth == pytest.approx([1.5, 0.25])
    assert strength(np.array([0.0, 3.0, 6.0]), 3.0) == pytest.approx([0, 0.5, 0.75])


def test_the_share_of_two_way_mails_that_was_planted_is_found():
    # Each mail goes out with probability p: ρ tends to 2·min(p, 1 − p).
    random = np.random.default_rng(8)
    goes_out = random.random(40_000) < 0.7
    mails = Mails(np.where(goes_out, 0, 1), np.where(goes_out, 1, 0), np.full(40_000, START_AT), 2)
    assert who_knows_whom(mails, AS_OF_AT).reciprocity[0] == pytest.approx(0.6, abs=0.02)


def test_nobody_writing_has_no_reciprocity():
    assert np.isnan(reciprocity(np.array([0]), np.array([0]))[0])
    empty = Mails(*(np.array([], dtype=np.int64) for _ in range(3)), 0)
    assert len(who_knows_whom(empty, AS_OF_AT).first) == 0


def test_accounts_are_the_sums_of_their_pairs_and_ours_among_ourselves_do_not_count():
    mails, our_count = made_mails(5), 5
    account = np.array([0] * our_count + [0, 0, 1, 1, 1, 3, 3])
    found = account_contact(who_knows_whom(mails, AS_OF_AT), account, 4, our_count)
    by_hand = dyads_by_hand(mails, int(AS_OF_AT.timestamp()), 60)
    for place in range(4):
        pairs = [figures for (one, other), figures in by_hand.items() if one < our_count <= other and account[other] == place]
        out, back = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
        assert (found.out[place], found.back[place], found.pairs[place]) == (out, back, len(pairs))
        assert found.two_way_pairs[place] == sum(1 for pair in pairs if pair[0] and pair[1])
        assert found.warmth[place] == pytest.approx(sum(pair[4] for pair in pairs), abs=1e-6)
    assert np.isnan(found.reciprocity[2])
    assert found.out[2] == 0


def test_parameters_must_make_sense():
    with pytest.raises(OpenKamError, match="half-life"):
        who_knows_whom(made_mails(1), AS_OF_AT, 0)
    with pytest.raises(OpenKamError, match="half strong"):
        strength(np.array([1.0]), 0)
