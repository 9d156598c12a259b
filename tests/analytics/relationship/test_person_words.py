import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.relationship.person_words import MARK, PersonWords

ANNA = PersonWords.of("Anna Bérg-Strauß", ["Anna.Berg@Example.org "], ["+49 (30) 901820"], shared_with=["Anna Schmidt"])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Anna Berg-Strauss called", f"{MARK} called"),
        ("ANNA  BERG STRAUß, twice: Anna Bérg-Strauß", f"{MARK}, twice: {MARK}"),
        ("Strauß, Anna Berg is away", f"{MARK} is away"),
        ("see <anna.berg@example.org>!", f"see <{MARK}>!"),
        ("ring +4930901820 or 49 30 90-18-20", f"ring {MARK} or {MARK}"),
        ("Bergen and Annabel and hanna.berg@example.org.uk-x", "Bergen and Annabel and hanna.berg@example.org.uk-x"),
        ("Berg said no", "Berg said no"),
        ("", ""),
    ],
)
def test_strong_words_are_found_in_whatever_writing(text: str, kept: str) -> None:
    assert ANNA.without(text) == kept
    assert ANNA.is_in(text) == (kept != text)


def test_near_words_are_each_name_that_nobody_near_by_shares() -> None:
    assert ANNA.without("Berg and Strauss met Anna", is_near=True) == f"{MARK} and {MARK} met Anna"
    assert ANNA.is_in("Berg said no", is_near=True)
    assert not ANNA.is_in("Anna said no", is_near=True)
    assert not PersonWords.of("Li Bo").is_in("Bo", is_near=True)


def test_nobody_is_found_nowhere() -> None:
    assert not PersonWords.of("").is_in("anything", is_near=True)
    assert not PersonWords.of("X").is_in("X")


@given(st.text(), st.text())
def test_what_is_taken_out_is_out_and_the_rest_stays(before: str, after: str) -> None:
    text = f"{before} Anna Bérg-Strauß {after}"
    without = ANNA.without(text, is_near=True)
    assert not ANNA.is_in(without, is_near=True)
    assert ANNA.without(without, is_near=True) == without
