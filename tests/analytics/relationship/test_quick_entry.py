"""One line read as an entry: kinds, days, times, lengths, names; nothing guessed."""

from datetime import date, time

import pytest

from openkam.analytics.relationship.quick_entry import KnownPerson, read_entry

TODAY = date(2026, 11, 30)  # a Monday
ANNA, BEN, BENNY, EWA = (
    KnownPerson("c1", "Anna Berg"),
    KnownPerson("c2", "Bén Çelik"),
    KnownPerson("c3", "Ben Stone"),
    KnownPerson("u1", "Ewa Łoś"),
)
KNOWN = (ANNA, BEN, BENNY, EWA)


def read(line):
    return read_entry(line, TODAY, KNOWN)


def test_a_whole_line():
    entry = read("call with Anna Berg yesterday 30m about delivery")
    assert (entry.kind, entry.on, entry.at, entry.duration_minutes) == ("call", date(2026, 11, 29), None, 30)
    assert (entry.people, entry.subject, entry.questions, entry.strangers) == ((ANNA,), "delivery", (), ())


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", date(2026, 11, 30)),
        ("monday", date(2026, 11, 30)),
        ("last monday", date(2026, 11, 23)),
        ("on Friday", date(2026, 11, 27)),
        ("3 Nov", date(2026, 11, 3)),
        ("3rd November 2024", date(2024, 11, 3)),
        ("Dec 24", date(2025, 12, 24)),
        ("29 Feb", date(2024, 2, 29)),
        ("2026-11-03", date(2026, 11, 3)),
        ("", None),
    ],
)
def test_days(words, day):
    assert read(f"visit {words} at 9:05").on == day


@pytest.mark.parametrize("words", ["3/11", "03.11.2026", "31 Nov 2026", "2026-13-01"])
def test_a_day_that_can_be_read_twice_or_never_came_is_said(words):
    entry = read(f"visit {words}")
    assert (entry.on, entry.unclear_day) == (None, words)


@pytest.mark.parametrize(
    ("words", "minutes"), [("30m", 30), ("45 minutes", 45), ("1h", 60), ("1h30", 90), ("1.5 hours", 90), ("for 2 h 15 min", 135)]
)
def test_lengths(words, minutes):
    entry = read(f"met Anna {words} about prices")
    assert (entry.duration_minutes, entry.people, entry.subject) == (minutes, (ANNA,), "prices")


@pytest.mark.parametrize(
    ("words", "at"), [("14:30", time(14, 30)), ("at 9:05", time(9, 5)), ("2pm", time(14)), ("12 am", time(0)), ("25:00", None)]
)
def test_times(words, at):
    assert read(f"call {words}").at == at


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Called", "call"),
        ("met", "meeting"),
        ("e-mail", "mail"),
        ("wrote", "mail"),
        ("Visit", "visit"),
        ("note", "note"),
        ("x", None),
    ],
)
def test_kinds(word, kind):
    assert read(f"{word} Anna").kind == kind


def test_names_in_whatever_accents_and_order_of_case():
    assert read("meeting with ben celik and ewa los").people == (BEN, EWA)
    assert read("met BERG today").people == (ANNA,)


def test_a_name_of_two_people_is_asked_and_the_longer_one_is_not():
    entry = read("call with Ben about price")
    assert entry.people == ()
    assert [(question.words, question.candidates) for question in entry.questions] == [("Ben", (BEN, BENNY))]
    assert read("call with Ben Stone").people == (BENNY,)


def test_who_nobody_knows_is_said():
    entry = read("lunch with Carla Diaz and Anna")
    assert (entry.people, entry.strangers) == ((ANNA,), ("Carla Diaz",))


def test_who_wrote():
    assert read("mail from Anna").is_from_them is True
    assert read("mail to Anna").is_from_them is False
    assert read("meeting with Anna").is_from_them is None


def test_what_is_left_is_the_subject():
    assert read("call Anna yesterday late pallets").subject == "late pallets"
    assert read("note: budget freeze until spring").subject == "budget freeze until spring"
    assert read("call with Anna about Friday deliveries yesterday").subject == "Friday deliveries"
    assert read("").subject == ""
