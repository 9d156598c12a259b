"""The tie that helps most is the one to whoever holds the roles that nobody warm holds."""

from dataclasses import replace

import numpy as np
import pytest
from tests.factories.contact_maps import small_map

from openkam.analytics.relationship.coverage.best_tie import BestTie, best_ties
from openkam.analytics.relationship.coverage.roles import coverage, role_cover

WEIGHTS = {"decider": 2.0, "buyer": 1.0, "user": 1.0, "gatekeeper": 1.0}


def test_only_who_holds_an_uncovered_role_helps():
    ties = best_ties(small_map(), WEIGHTS)

    assert ties == (BestTie("Anna", "Gus", pytest.approx(0.2), is_new=True),)


def test_the_gain_is_what_coverage_rises_by():
    contacts = small_map()
    cold = replace(contacts, across=contacts.across * 0.5)
    before = coverage(role_cover(cold, WEIGHTS))
    ties = best_ties(cold, WEIGHTS)

    assert [tie.theirs for tie in ties] == ["Dora", "Gus", "Eva"]
    assert [(tie.ours, tie.is_new) for tie in ties] == [("Anna", False), ("Anna", True), ("Anna", False)]
    for tie in ties:
        across = cold.across.copy()
        across[[one.key for one in cold.ours].index(tie.ours), [one.key for one in cold.theirs].index(tie.theirs)] = 1.0
        assert coverage(role_cover(replace(cold, across=across), WEIGHTS)) == pytest.approx(before + tie.gain)


def test_nobody_of_ours_makes_no_tie():
    contacts = small_map()
    alone = replace(contacts, ours=(), across=np.zeros((0, 4)), among_ours=np.zeros((0, 0)))
    assert best_ties(alone, WEIGHTS) == ()
