"""What the evidence says: gates, expiry, claims, watch and proposal."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.stage_evidence import TODAY, all_of, days_ago

from openkam.analytics.relationship.lifecycle_stage.assessment import StageEvidence, assess_stage
from openkam.analytics.relationship.lifecycle_stage.stages import GATES, ORDER, Stage
from openkam.analytics.terms import OpenKamError


def names(states) -> list[str]:
    return [state.criterion.name for state in states]


def test_both_gates_open_is_a_proposal_one_stage_up():
    found = assess_stage(Stage.EARLY, all_of(Stage.EARLY, Stage.MID, Stage.PARTNERSHIP), TODAY)
    assert (found.proposal, found.is_on_watch, found.supported) == (Stage.MID, False, Stage.EARLY)
    assert found.own is not None
    assert (found.own.support, found.own.oldest_on, found.own.missing) == (1.0, days_ago(10), ())


def test_what_is_missing_for_the_next_stage_is_told_heavy_first():
    evidence = [
        *all_of(Stage.EARLY),
        StageEvidence("trust", days_ago(5), "survey"),
        StageEvidence("two_way", days_ago(5), "mail"),
    ]
    found = assess_stage(Stage.EARLY, evidence, TODAY)
    assert found.proposal is None
    assert found.next is not None
    assert (found.next.points, found.next.gate.points_needed, found.next.support) == (2, 6, pytest.approx(2 / 9))
    assert names(found.next.missing)[:2] == ["contacts_broad", "service_differs"]


def test_light_points_alone_or_one_source_do_not_open():
    light = [one for one in all_of(Stage.MID) if one.criterion not in {"contacts_broad", "service_differs"}]
    one_source = [StageEvidence(one.criterion, one.on, "the same person") for one in all_of(Stage.MID)]
    for evidence in (light, one_source):
        found = assess_stage(Stage.EARLY, [*all_of(Stage.EARLY), *evidence], TODAY)
        assert found.next is not None
        assert not found.next.is_open


def test_a_claim_is_shown_and_counts_nothing():
    claims = [StageEvidence(one.criterion, one.on, one.source, is_claim=True) for one in all_of(Stage.MID)]
    found = assess_stage(Stage.EARLY, [*all_of(Stage.EARLY), *claims], TODAY)
    assert found.next is not None
    assert (found.next.points, found.proposal) == (0, None)
    assert all(state.is_claimed for state in found.next.states)


def test_evidence_expires_and_the_stage_goes_on_watch_the_day_after():
    evidence = [*all_of(Stage.PRE, on=days_ago(1)), *all_of(Stage.MID, on=days_ago(0))]
    before = assess_stage(Stage.MID, evidence, TODAY)
    assert before.own is not None
    # contacts, reciprocity and competitors have gone after 180 days: 5 of 9 points are left, 6 are needed
    assert before.own.open_until == TODAY + timedelta(days=180)
    last = assess_stage(Stage.MID, evidence, TODAY + timedelta(days=180))
    after = assess_stage(Stage.MID, evidence, TODAY + timedelta(days=181))
    assert (last.is_on_watch, after.is_on_watch) == (False, True)
    assert after.own is not None
    assert (after.own.points, after.own.open_until, after.supported) == (5, None, Stage.PRE)
    gone = {state.criterion.name: state.expired_on for state in after.own.states if state.expired_on}
    assert gone["contacts_broad"] == TODAY + timedelta(days=180)


def test_what_speaks_against_it_stands_until_something_newer():
    against = StageEvidence("contacts_broad", days_ago(5), "survey", holds=False)
    found = assess_stage(Stage.MID, [*all_of(Stage.MID), against], TODAY)
    assert found.own is not None
    assert "contacts_broad" in names(found.own.missing)
    years_later = assess_stage(Stage.MID, [*all_of(Stage.MID), against], TODAY + timedelta(days=150))
    assert years_later.own is not None
    assert "contacts_broad" in names(years_later.own.missing)
    same_day = assess_stage(
        Stage.MID, [*all_of(Stage.MID), StageEvidence("contacts_broad", days_ago(10), "x", holds=False)], TODAY
    )
    assert same_day.own is not None
    assert "contacts_broad" in names(same_day.own.missing)
    renewed = assess_stage(Stage.MID, [*all_of(Stage.MID), against, StageEvidence("contacts_broad", TODAY, "map")], TODAY)
    assert renewed.own is not None
    assert renewed.own.missing == ()


def test_a_contract_that_ends_takes_its_evidence_along():
    ends = StageEvidence("long_agreement", days_ago(9), "contract", expires_on=days_ago(1))
    found = assess_stage(Stage.PARTNERSHIP, [ends], TODAY)
    assert found.own is not None
    assert {state.criterion.name: state.expired_on for state in found.own.states}["long_agreement"] == days_ago(1)


def test_uncoupling_has_no_gate_and_the_highest_stage_none_above():
    assert (assess_stage(Stage.UNCOUPLING, [], TODAY).own, assess_stage(Stage.UNCOUPLING, [], TODAY).next) == (None, None)
    top = assess_stage(Stage.SYNERGISTIC, all_of(*ORDER), TODAY)
    assert (top.next, top.proposal, top.is_on_watch) == (None, None, False)
    with pytest.raises(OpenKamError, match="horoscope"):
        assess_stage(Stage.PRE, [StageEvidence("horoscope", TODAY, "stars")], TODAY)


CRITERIA = [criterion.name for gate in GATES for criterion in gate.criteria]
some_evidence = st.lists(
    st.builds(
        StageEvidence,
        criterion=st.sampled_from(CRITERIA),
        on=st.integers(0, 900).map(days_ago),
        source=st.sampled_from(["ledger", "survey", "mail"]),
        holds=st.sampled_from([True, True, True, False]),
        is_claim=st.sampled_from([False, False, False, True]),
        expires_on=st.none() | st.integers(-900, 100).map(days_ago),
    ),
    max_size=70,
)


@given(st.sampled_from(tuple(Stage)), some_evidence, st.integers(0, 400), st.integers(0, 400))
def test_evidence_only_ages(stage, evidence, first, more):
    base = [*all_of(*ORDER, on=days_ago(60)), *evidence]
    earlier, later = (assess_stage(stage, base, TODAY + timedelta(days=days)) for days in (first, first + more))
    for before, after in ((earlier.own, later.own), (earlier.next, later.next)):
        if before is not None and after is not None:
            assert after.points <= before.points
            assert before.is_open or not after.is_open
            assert before.open_until is None or after.is_open == (later.as_of_on <= before.open_until)
    assert ORDER.index(later.supported) <= ORDER.index(earlier.supported)
    assert later.proposal is None or later.proposal == earlier.proposal
    assert not earlier.is_on_watch or later.is_on_watch


@given(st.permutations(all_of(*ORDER)), some_evidence)
def test_the_order_of_evidence_does_not_matter(shuffled, evidence):
    one, other = (assess_stage(Stage.MID, rows, TODAY) for rows in ([*all_of(*ORDER), *evidence], [*evidence, *shuffled]))
    assert (one.proposal, one.is_on_watch, one.supported) == (other.proposal, other.is_on_watch, other.supported)
