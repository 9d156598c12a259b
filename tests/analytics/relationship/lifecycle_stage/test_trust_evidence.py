"""Trust as evidence: of two informants or more, by the latest answer of each."""

import pytest
from tests.factories.stage_evidence import days_ago

from openkam.analytics.relationship.lifecycle_stage.stages import GATES
from openkam.analytics.relationship.lifecycle_stage.trust_evidence import MIDDLE, trust_evidence
from openkam.analytics.relationship.loyalty_ladder import Attitude


def told(informant: str, trust: float | None, days: int = 10) -> Attitude:
    return Attitude(informant, days_ago(days), "survey", recommends=9 if trust is None else None, trust=trust)


@pytest.mark.parametrize(
    ("attitudes", "expected"),
    [
        ([], None),
        ([told("Eva", 7.0)], None),
        ([told("Eva", 7.0), told("Eva", 6.0, 5)], None),
        ([told("Eva", 7.0), told("Dora", None)], None),
        ([told("Eva", 6.0), told("Dora", 5.0)], True),
        ([told("Eva", MIDDLE), told("Dora", MIDDLE)], False),
        ([told("Eva", 6.0), told("Dora", 1.0)], False),
        ([told("Eva", 6.0, 5), told("Eva", 1.0, 50), told("Dora", 4.0)], True),
        ([told("Eva", 1.0, 5), told("Eva", 6.0, 50), told("Dora", 4.0)], False),
    ],
)
def test_trust_is_that_of_several_by_their_latest_answers(attitudes: list[Attitude], expected: bool | None):
    found = trust_evidence(attitudes, "survey")
    assert [one.holds for one in found] == ([] if expected is None else [expected])
    assert trust_evidence(reversed(attitudes), "survey") == found


def test_it_is_dated_on_the_last_answer_that_counts_and_belongs_to_a_gate():
    (found,) = trust_evidence([told("Eva", 6.0, 30), told("Dora", 6.0, 3), told("Finn", None, 1)], "poll")
    assert (found.criterion, found.on, found.source, found.is_claim) == ("trust", days_ago(3), "poll", False)
    assert "trust" in {criterion.name for gate in GATES for criterion in gate.criteria}
