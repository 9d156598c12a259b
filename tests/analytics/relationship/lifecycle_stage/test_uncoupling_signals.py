"""Signs of coming apart: which show, which are not known."""

from dataclasses import replace

import pytest

from openkam.analytics.relationship.lifecycle_stage.uncoupling_signals import UncouplingFigures, uncoupling_signals

WELL = UncouplingFigures(
    probability_alive=0.9,
    silence_days=20,
    overdue_after_days=60,
    warmth=8.0,
    warmth_before=9.0,
    has_sponsor=True,
    had_sponsor=True,
    contribution_by_year=(5.0, -3.0),
    has_recovery_plan=False,
    is_misfit=False,
)


def showing(figures: UncouplingFigures) -> list[str]:
    return [signal.name for signal in uncoupling_signals(figures) if signal.shows]


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        ({"probability_alive": 0.3}, "silent"),
        ({"silence_days": 61.0}, "order overdue"),
        ({"warmth": 4.4}, "contact fades"),
        ({"has_sponsor": False}, "sponsor lost"),
        ({"contribution_by_year": (-1.0, -3.0)}, "lasting loss"),
        ({"is_misfit": True}, "strategies part"),
    ],
)
def test_each_sign_shows_by_itself_and_comes_first(change, sign):
    assert showing(WELL) == []
    assert showing(replace(WELL, **change)) == [sign]
    assert uncoupling_signals(replace(WELL, **change))[0].name == sign


def test_nothing_known_shows_nothing_and_says_so():
    found = uncoupling_signals(UncouplingFigures())
    assert [signal.shows for signal in found] == [None] * 6
    assert all("not known" in signal.text or "nobody has judged" in signal.text for signal in found)
    mixed = uncoupling_signals(replace(WELL, is_misfit=True, warmth_before=None))
    assert [signal.shows for signal in mixed[:3]] == [True, None, False]


def test_a_loss_with_a_plan_to_recover_is_no_sign_and_an_unknown_plan_is_not_known():
    losing = replace(WELL, contribution_by_year=(-1.0, -2.0))
    assert showing(replace(losing, has_recovery_plan=True)) == []
    unknown = {signal.name: signal.shows for signal in uncoupling_signals(replace(losing, has_recovery_plan=None))}
    assert unknown["lasting loss"] is None
