"""Stages change by decisions alone: acts one by one, and any sequence of them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.stage_evidence import TODAY, all_of, days_ago

from openkam.analytics.relationship.lifecycle_stage.assessment import StageEvidence, assess_stage
from openkam.analytics.relationship.lifecycle_stage.decisions import (
    ChangeKind,
    Decision,
    StageRecord,
    demote,
    promote,
    return_from_uncoupling,
    uncouple,
)
from openkam.analytics.relationship.lifecycle_stage.exit_plan import ExitPlan
from openkam.analytics.relationship.lifecycle_stage.stages import ORDER, Stage
from openkam.analytics.terms import OpenKamError

DECISION = Decision("Anna", TODAY, "agreed in the review")
PLAN = ExitPlan("it buys from its own group now", "Ben", TODAY + timedelta(days=90))


def record(stage: Stage) -> StageRecord:
    return StageRecord(stage, days_ago(400))


def test_a_promotion_keeps_who_when_why_and_the_evidence():
    found = promote(record(Stage.EARLY), all_of(Stage.EARLY, Stage.MID), DECISION)
    assert (found.stage, found.since_on) == (Stage.MID, TODAY)
    (change,) = found.changes
    assert (change.kind, change.from_stage, change.to_stage, change.decision) == (
        ChangeKind.PROMOTION,
        Stage.EARLY,
        Stage.MID,
        DECISION,
    )
    assert {one.criterion for one in change.evidence} == {one.criterion for one in all_of(Stage.MID)}


@pytest.mark.parametrize(
    ("stage", "evidence", "says"),
    [
        (Stage.EARLY, all_of(Stage.EARLY), "0 of 6 points are held"),
        (Stage.EARLY, all_of(Stage.MID), "its own evidence has expired"),
        (Stage.SYNERGISTIC, all_of(*ORDER), "no stage above"),
        (Stage.UNCOUPLING, all_of(*ORDER), "no stage above"),
    ],
)
def test_without_a_proposal_nobody_can_promote(stage, evidence, says):
    with pytest.raises(OpenKamError, match=says):
        promote(record(stage), evidence, DECISION)


def test_a_demotion_needs_the_watch_and_a_stage_below():
    with pytest.raises(OpenKamError, match="not on watch"):
        demote(record(Stage.MID), Stage.EARLY, all_of(Stage.MID), DECISION)
    with pytest.raises(OpenKamError, match="not below"):
        demote(record(Stage.MID), Stage.MID, [], DECISION)
    assert demote(record(Stage.MID), Stage.PRE, [], DECISION).stage == Stage.PRE


@pytest.mark.parametrize("stage", ORDER)
def test_any_stage_may_uncouple_and_comes_back_no_higher(stage):
    left = uncouple(record(stage), PLAN, DECISION)
    assert (left.stage, left.exit_plan) == (Stage.UNCOUPLING, PLAN)
    back = return_from_uncoupling(left, all_of(*ORDER), DECISION)
    assert (back.stage, back.exit_plan) == (stage, None)
    assert return_from_uncoupling(left, [], DECISION).stage == Stage.PRE
    with pytest.raises(OpenKamError, match="already"):
        uncouple(left, PLAN, DECISION)
    with pytest.raises(OpenKamError, match="not uncoupling"):
        return_from_uncoupling(back, [], DECISION)


def test_a_decision_has_an_author_a_reason_and_no_earlier_day():
    for who, why in (("", "because"), ("Anna", " ")):
        with pytest.raises(OpenKamError, match="who decides, and why"):
            Decision(who, TODAY, why)
    with pytest.raises(OpenKamError, match="older than the stage"):
        uncouple(record(Stage.MID), PLAN, Decision("Anna", days_ago(500), "late"))


acts = st.lists(
    st.tuples(
        st.sampled_from(["wait", "promote", "demote", "uncouple", "return"]),
        st.integers(0, 200),
        st.sets(st.sampled_from(ORDER)),
        st.sampled_from(ORDER),
    ),
    max_size=25,
)


@given(acts)
def test_whatever_happens_a_stage_rises_by_one_and_only_by_a_decision_on_living_evidence(sequence):
    now, today, evidence = StageRecord(Stage.PRE, TODAY), TODAY, list[StageEvidence]()
    for act, days, shown, target in sequence:
        today += timedelta(days=days)
        evidence += all_of(*sorted(shown), on=today)
        before, decision = now, Decision("Anna", today, "decided")
        proposal = assess_stage(now.stage, evidence, today).proposal
        try:
            if act == "promote":
                now = promote(now, evidence, decision)
            elif act == "demote":
                now = demote(now, target, evidence, decision)
            elif act == "uncouple":
                now = uncouple(now, PLAN, decision)
            elif act == "return":
                now = return_from_uncoupling(now, evidence, decision)
        except OpenKamError:
            assert now is before
            # uncoupling is refused to nobody who has not left yet
            assert act != "uncouple" or before.stage == Stage.UNCOUPLING
        if now.stage != before.stage:
            assert now.changes[:-1] == before.changes
            assert now.changes[-1].decision == decision
        if before.stage in ORDER and now.stage in ORDER and ORDER.index(now.stage) > ORDER.index(before.stage):
            assert act == "promote"
            assert now.stage == proposal == ORDER[ORDER.index(before.stage) + 1]
        assert (now.exit_plan is not None) == (now.stage == Stage.UNCOUPLING)
