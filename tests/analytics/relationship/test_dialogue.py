"""The dialogue with one account: counted once a contact, missing where it cannot be told, said in a sentence."""

from datetime import UTC, datetime, timedelta

import pytest

from openkam.analytics.relationship.dialogue import Interaction, Person, dialogue
from openkam.analytics.relationship.reciprocity.dyads import strength
from openkam.analytics.terms import OpenKamError

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
KAY, LEO = Person("u1", "Kay", True, "Europe/Berlin"), Person("u2", "Leo", True, "Europe/Berlin")
ANNA, BO = Person("c1", "Anna", False, "America/New_York"), Person("c2", "Bo", False, "Europe/Berlin")
PEOPLE = [ANNA, KAY, BO, LEO]


def mail(days_ago, writer, *others, **fields):
    return Interaction(NOW - timedelta(days=days_ago), True, writer.key, tuple(one.key for one in others), **fields)


def meeting(days_ago, *others, **fields):
    return Interaction(NOW - timedelta(days=days_ago), True, None, tuple(one.key for one in others), **fields)


def test_a_monologue_held_by_one_person_is_said_to_be_one():
    mails = [mail(day, KAY, ANNA, BO) for day in range(1, 39)]
    mails += [mail(day, LEO, ANNA) for day in (2, 4, 6)]
    mails += [mail(day + 0.5, ANNA, KAY) for day in (3, 9, 12, 30)]
    told = dialogue(PEOPLE, mails, NOW)

    assert told.sentence == "A monologue: we wrote 41 of 45 mails and calls, and 38 of them are Kay's."
    assert (told.out, told.back) == (41, 4)
    assert told.reciprocity == pytest.approx(8 / 45)
    assert (len(told.months), sum(month.ours for month in told.months), sum(month.theirs for month in told.months)) == (12, 41, 4)
    assert [(month.month_on.month, month.ours) for month in told.months][-2:] == [(10, 9), (11, 32)]


def test_a_dialogue_a_lopsided_one_and_one_of_theirs():
    both = [mail(day, KAY, ANNA) for day in range(1, 5)] + [mail(day, BO, LEO) for day in range(1, 4)]
    assert dialogue(PEOPLE, both, NOW).sentence == "A dialogue: we wrote 4 of 7 mails and calls."
    more = [mail(day, KAY, ANNA) for day in range(1, 6)] + [mail(1, BO, LEO), mail(2, ANNA, LEO)]
    assert dialogue(PEOPLE, more, NOW).sentence.startswith("One side speaks more: we wrote 5 of 7")
    theirs = [mail(day, ANNA, KAY) for day in range(1, 7)]
    assert dialogue(PEOPLE, theirs, NOW).sentence == (
        "They write and we hardly answer: they wrote 6 of 6 mails and calls, all of them Anna's."
    )


def test_nothing_known_is_missing_and_not_zero():
    told = dialogue([], [], NOW)
    assert told.sentence == "Nothing between us is known yet."
    assert (told.reciprocity, told.our_initiative, told.our_hours, told.our_talk_share) == (None, None, None, None)
    assert dialogue(PEOPLE, [mail(1, KAY, ANNA)], NOW).sentence == "Too few to judge: we wrote 1 of 1 mails and calls."


def test_replies_are_timed_in_the_working_hours_of_who_replies():
    asked = datetime(2026, 11, 27, 15, tzinfo=UTC)  # Friday 16:00 in Berlin, 10:00 in New York
    mails = [
        Interaction(asked, True, "u1", ("c1",)),
        Interaction(asked + timedelta(hours=2), True, "c1", ("u1",)),
        Interaction(datetime(2026, 11, 30, 9, tzinfo=UTC), True, "u1", ("c1",)),  # Monday 10:00 in Berlin
    ]
    told = dialogue(PEOPLE, mails, NOW)
    assert (told.their_hours, told.their_replies) == (2.0, 1)
    assert (told.our_hours, told.our_replies) == (1.0, 1)
    assert (told.our_initiative, told.conversations) == (1.0, 1)
    untimed = [Interaction(one.at, False, one.writer, one.others) for one in mails]
    told = dialogue(PEOPLE, untimed, NOW)
    assert (told.their_hours, told.our_hours, told.out) == (None, None, 2)


def test_a_meeting_warms_every_pair_and_has_no_direction():
    told = dialogue(PEOPLE, [meeting(60, KAY, LEO, ANNA), mail(0, ANNA, KAY)], NOW)
    pairs = {(pair.ours.name, pair.theirs.name): pair for pair in told.pairs}
    assert pairs.keys() == {("Kay", "Anna"), ("Leo", "Anna")}
    assert pairs["Kay", "Anna"].warmth == pytest.approx(1.5)
    assert pairs["Leo", "Anna"].strength == pytest.approx(float(strength(0.5)))
    assert (pairs["Leo", "Anna"].reciprocity, pairs["Kay", "Anna"].back) == (None, 1)
    assert (told.meetings, told.back) == (1, 1)


def test_shares_of_talk_and_agenda_are_over_what_was_noted():
    noted = [
        meeting(1, KAY, ANNA, our_minutes=30, their_minutes=10),
        meeting(2, KAY, ANNA, our_minutes=10),
        meeting(3, KAY, ANNA, our_points=3, their_points=1),
    ]
    told = dialogue(PEOPLE, noted, NOW)
    assert (told.our_talk_share, told.talk_meetings, told.our_agenda_share, told.agenda_meetings) == (0.75, 1, 0.75, 1)
    assert told.sentence == "No mail between us is known; 3 meetings, visits or calls are."


def test_what_comes_later_and_what_is_among_ourselves_is_left_out():
    told = dialogue(PEOPLE, [mail(-1, KAY, ANNA), mail(1, KAY, LEO)], NOW)
    assert (told.out, told.back, told.pairs) == (0, 0, ())


def test_the_order_of_contacts_does_not_matter():
    mails = [mail(1, KAY, ANNA, BO), mail(2, ANNA, KAY), meeting(3, LEO, BO), mail(2.5, BO, LEO)]
    assert dialogue(PEOPLE, mails, NOW) == dialogue(PEOPLE[::-1], mails[::-1], NOW)


def test_a_circular_makes_no_tie_and_no_dialogue():
    many = [Person(f"c{n}", f"Reader {n}", False, "UTC") for n in range(10, 36)]
    writer = KAY
    to_few = [Interaction(NOW - timedelta(days=1), True, writer.key, tuple(one.key for one in many[:25]))]
    to_many = [Interaction(NOW - timedelta(days=1), True, writer.key, tuple(one.key for one in many))]

    told = dialogue([writer, *many], to_many, NOW)
    assert (told.out, told.circulars, told.pairs, told.reciprocity) == (0, 1, (), None)
    told = dialogue([writer, *many], to_few, NOW)
    assert (told.out, told.circulars, len(told.pairs)) == (1, 0, 25)


def test_somebody_unknown_is_refused():
    with pytest.raises(OpenKamError, match="c9"):
        dialogue(PEOPLE, [Interaction(NOW, True, "c9", ("u1",))], NOW)
