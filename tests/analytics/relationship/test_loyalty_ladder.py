"""The ladder of loyalty: rung by rung, and that it is never climbed by waiting."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.relationship.loyalty_ladder import (
    Attitude,
    LadderRules,
    LoyaltyFacts,
    Recommendation,
    Rung,
    TwoWayPlan,
    loyalty_ladder,
)
from openkam.analytics.terms import OpenKamError, Period

TODAY = date(2026, 6, 30)
RUNGS = tuple(Rung)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


FULL = LoyaltyFacts(
    is_fit=True,
    ordered_on=(ago(400), ago(30)),
    attitudes=(Attitude("Dora", ago(20), "survey", recommends=9), Attitude("Eva", ago(90), "survey", trust=6.1)),
    recommendations=(Recommendation(ago(300), "call with Finn", verified_by="Ben"),),
    regularity_shape=2.1,
    regularity_on=ago(10),
    plan=TwoWayPlan(Period(ago(100), TODAY + timedelta(days=200)), "plan 7", "Anna", "Dora"),
)


def headline(facts: LoyaltyFacts, on: date = TODAY, rules: LadderRules | None = None) -> Rung | None:
    return loyalty_ladder(facts, on, rules).headline


def test_all_evidence_leads_to_the_top_and_every_rung_names_its_own():
    found = loyalty_ladder(FULL, TODAY)
    assert found.headline == Rung.PARTNER
    assert (found.next_missing, found.beyond) == (None, ())
    assert all(flag.evidence and not flag.missing for flag in found.flags)
    assert [one.what for one in found.flags[-1].evidence] == ["regularity k = 2.1", "two-way plan"]
    assert found.flags[4].evidence[0].counts_until == ago(300) + timedelta(days=730)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"is_fit": None, "ordered_on": None}, None),
        ({"ordered_on": ()}, Rung.PROSPECT),
        ({"ordered_on": (ago(1),)}, Rung.CUSTOMER),
        ({"ordered_on": (ago(1), ago(1))}, Rung.CUSTOMER),
        ({"ordered_on": (ago(1), ago(800))}, Rung.CUSTOMER),
        ({"attitudes": None}, Rung.CLIENT),
        ({"attitudes": FULL.attitudes and FULL.attitudes[:1]}, Rung.CLIENT),
        ({"recommendations": (Recommendation(ago(5), "hearsay"),)}, Rung.SUPPORTER),
        ({"recommendations": None}, Rung.SUPPORTER),
        ({"regularity_shape": 1.2}, Rung.ADVOCATE),
        ({"plan": replace(FULL.plan, confirmed_by_them=None) if FULL.plan else None}, Rung.ADVOCATE),
        ({"plan": None}, Rung.ADVOCATE),
        ({"regularity_shape": None, "contract": Period(ago(9), TODAY)}, Rung.PARTNER),
        ({"regularity_shape": None, "contract": Period(ago(9), ago(1))}, Rung.ADVOCATE),
    ],
)
def test_the_headline_is_the_highest_unbroken_rung(change, expected):
    assert headline(replace(FULL, **change)) == expected


def test_not_known_is_told_apart_from_not_held():
    flags = {flag.rung: flag.is_held for flag in loyalty_ladder(LoyaltyFacts(is_fit=True), TODAY).flags}
    assert flags == {Rung.PROSPECT: True, **dict.fromkeys(RUNGS[1:])}
    assert loyalty_ladder(replace(FULL, recommendations=()), TODAY).flags[4].is_held is False
    assert loyalty_ladder(replace(FULL, regularity_shape=0.9, plan=None), TODAY).flags[5].is_held is False


def test_an_advocate_who_never_bought_is_seen_beyond_the_break():
    found = loyalty_ladder(replace(FULL, ordered_on=()), TODAY)
    assert found.headline == Rung.PROSPECT
    assert found.next_missing is not None
    assert "an order within 730 days" in found.next_missing.missing
    assert found.beyond == (Rung.SUPPORTER, Rung.ADVOCATE, Rung.PARTNER)


def test_a_later_answer_replaces_an_earlier_one_and_a_bad_one_stands_until_then():
    bad = Attitude("Eva", ago(10), "survey", recommends=4)
    attitudes = (*(FULL.attitudes or ()), bad)
    assert headline(replace(FULL, attitudes=attitudes)) == Rung.CLIENT
    mended = (*attitudes, Attitude("Eva", ago(1), "call", recommends=10))
    assert headline(replace(FULL, attitudes=mended)) == Rung.PARTNER
    outvoted = (*mended, *(Attitude(name, ago(900), "survey", recommends=2) for name in ("Finn", "Gus")))
    assert headline(replace(FULL, attitudes=outvoted)) == Rung.CLIENT


def test_a_person_needs_one_positive_answer():
    alone = replace(FULL, attitudes=(Attitude("Dora", ago(3), "survey", recommends=10),))
    assert headline(alone) == Rung.CLIENT
    assert headline(alone, rules=LadderRules(informants=1)) == Rung.PARTNER


def test_what_has_not_happened_yet_does_not_count():
    assert headline(FULL, ago(25)) == Rung.CLIENT
    assert headline(FULL, ago(35)) == Rung.CUSTOMER
    assert headline(replace(FULL, is_fit=None), ago(500)) is None


def test_an_answer_without_a_score_is_none():
    with pytest.raises(OpenKamError, match="nothing was noted"):
        Attitude("Dora", TODAY, "survey")


past = st.integers(0, 1500).map(ago)
maybe = st.booleans() | st.none()
attitudes = st.builds(
    Attitude,
    informant=st.sampled_from("ABCD"),
    answered_on=past,
    source=st.just("survey"),
    recommends=st.integers(0, 10),
)
plans = st.builds(
    lambda since, lasts, ours, theirs: TwoWayPlan(Period(since, since + timedelta(days=lasts)), "plan", ours, theirs),
    past,
    st.integers(0, 2000),
    st.sampled_from(["Anna", None]),
    st.sampled_from(["Dora", None]),
)
any_facts = st.builds(
    LoyaltyFacts,
    is_fit=maybe,
    ordered_on=st.none() | st.lists(past, max_size=6).map(tuple),
    attitudes=st.none() | st.lists(attitudes, max_size=6).map(tuple),
    recommendations=st.none()
    | st.lists(st.builds(Recommendation, past, st.just("call"), st.sampled_from(["Ben", None])), max_size=3).map(tuple),
    regularity_shape=st.none() | st.floats(0.2, 9),
    regularity_on=st.none() | past,
    contract=st.none() | st.builds(lambda since, lasts: Period(since, since + timedelta(days=lasts)), past, st.integers(0, 2000)),
    plan=st.none() | plans,
)


@given(any_facts, st.integers(0, 1500), st.integers(0, 1500))
def test_waiting_never_climbs(facts, first, more):
    earlier, later = (loyalty_ladder(facts, TODAY + timedelta(days=days)) for days in (first, first + more))
    for before, after in zip(earlier.flags, later.flags, strict=True):
        assert not after.is_held or before.is_held
    heights = [-1 if one.headline is None else RUNGS.index(one.headline) for one in (earlier, later)]
    assert heights[1] <= heights[0]


@given(any_facts)
def test_the_headline_is_held_and_so_is_everything_below(facts):
    found = loyalty_ladder(facts, TODAY)
    height = -1 if found.headline is None else RUNGS.index(found.headline)
    assert all(flag.is_held for flag in found.flags[: height + 1])
    assert height == 5 or not found.flags[height + 1].is_held
    for flag in found.flags:
        assert bool(flag.missing) != bool(flag.is_held)
        assert all(one.on <= TODAY and (one.counts_until is None or one.counts_until >= TODAY) for one in flag.evidence)
