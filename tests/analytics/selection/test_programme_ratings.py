"""Ratings given elsewhere, written into a programme's text."""

from datetime import date

import pytest

from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_document import ProgrammeError
from openkam.analytics.selection.programme_ratings import rated_programme
from openkam.analytics.selection.programme_terms import Rating

DAY = date(2026, 1, 15)
TEXT = """\
[programme]
name = "Test"

[[criterion]]
name = "reference"
rating = "reference"
weight = 1
anchors = ["a", "b", "c", "d", "e"]

[[rating]]
account = "A"
criterion = "reference"
value = 0
evidence = "old"
rated_by = "Ada"
rated_on = 2025-01-01

[limits]
accounts_at_most = 3  # few
"""


def rated(*ratings: Rating, **anchors: tuple[str, ...]) -> Programme:
    return Programme.parse(rated_programme(TEXT, ratings, anchors, name="programme.toml"))


def test_a_rating_takes_the_place_of_the_same_raters_own() -> None:
    found = rated(Rating("A", "reference", 4, 'A "fair"\nof two lines', "Ada", DAY), Rating("A", "reference", 1, "x", "Max", DAY))
    assert [(r.rated_by, r.value, r.rated_on) for r in found.ratings] == [("Ada", 4, DAY), ("Max", 1, DAY)]
    assert found.ratings[0].evidence == 'A "fair"\nof two lines'
    assert found.limits.accounts_at_most == 3


def test_any_evidence_can_be_read_back() -> None:
    said = "".join(map(chr, (*range(1, 0x100), 0x2028, 0x1F600))) + '"""\\ [[rating]] # x'
    read = rated(Rating("A", "reference", 4, said, "Ada", DAY)).ratings[0].evidence
    assert [sign for sign in read if not sign.isspace()] == [sign for sign in said if sign.isprintable() and sign != " "]


def test_what_no_criterion_is_rated_on_is_left_out() -> None:
    found = rated(Rating("A", "other", 4, "x", "Ada", DAY))
    assert [(r.rated_by, r.value) for r in found.ratings] == [("Ada", 0)]


def test_the_anchors_of_now_are_written() -> None:
    assert rated(reference=("v", "w", "x", "y", "z")).criteria[0].anchors == ("v", "w", "x", "y", "z")


def test_nothing_to_write_leaves_the_text() -> None:
    assert rated_programme(TEXT, [], {"reference": ("a", "b", "c", "d", "e")}, name="p") == TEXT
    with pytest.raises(ProgrammeError):
        rated_programme("[", [], {}, name="p")
