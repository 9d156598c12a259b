"""Stages and gates: in order, each gate passable, contacts and service heaviest."""

import pytest

from openkam.analytics.relationship.lifecycle_stage.stages import (
    GATES,
    HEAVY_POINTS,
    ORDER,
    Criterion,
    Gate,
    Stage,
    gate_to,
    next_stage,
)
from openkam.analytics.terms import OpenKamError


def test_there_is_a_gate_to_every_stage_but_uncoupling():
    assert tuple(gate.stage for gate in GATES) == ORDER
    assert [next_stage(stage) for stage in (*ORDER, Stage.UNCOUPLING)] == [*ORDER[1:], None, None]
    with pytest.raises(OpenKamError, match="no gate to uncoupling"):
        gate_to(Stage.UNCOUPLING)


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.stage)
def test_no_gate_opens_on_light_evidence_alone_nor_asks_for_all(gate: Gate):
    light = sum(criterion.points for criterion in gate.criteria if criterion.points < HEAVY_POINTS)
    assert light < gate.points_needed + HEAVY_POINTS
    assert gate.points_needed < gate.points


def test_names_are_unique_over_all_gates():
    names = [criterion.name for gate in GATES for criterion in gate.criteria]
    assert len(set(names)) == len(names)


def test_a_gate_that_cannot_open_or_weighs_all_alike_is_refused():
    light = Criterion("a", "A", 1, 90)
    with pytest.raises(OpenKamError, match="needs 3 of 2 points"):
        Gate(Stage.MID, (light, light), 3)
    with pytest.raises(OpenKamError, match="weigh most"):
        Gate(Stage.MID, (light, light), 1)
