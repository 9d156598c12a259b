"""Who is in, who is nearly in, and how close it is."""

from dataclasses import replace

import pytest
from tests.factories.review import make_empty_review, make_review

from openkam.analytics.report.ranking import NEAR_TIE_PERCENT, SERIES, SHOWN_OUT, ranking, series_of
from openkam.analytics.review.review import CriterionNote
from openkam.analytics.selection.problem import Explanations


def test_the_parts_add_up_to_the_utility() -> None:
    ranked = ranking(make_review())
    for account in (*ranked.chosen, *ranked.left_out):
        assert sum(part.utility for part in account.parts) == pytest.approx(account.utility, abs=1e-12)


def test_chosen_above_explained_below_each_by_utility() -> None:
    review = make_review()
    ranked = ranking(review)
    assert len(ranked.chosen) == 14
    assert len(ranked.left_out) == SHOWN_OUT
    for group in (ranked.chosen, ranked.left_out):
        utilities = [account.utility for account in group]
        assert utilities == sorted(utilities, reverse=True)
    explained = {review.problem.accounts[why.account] for why in review.explanations.why_out}
    assert {account.account for account in ranked.left_out} == explained
    assert ranked.longest == ranked.chosen[0].utility


def test_near_ties_are_cheap_to_turn_and_nobody_has_fixed_them() -> None:
    ranked = ranking(make_review())
    assert ranked.near_ties
    for account in ranked.near_ties:
        assert account.reversal_percent is not None
        assert account.reversal_percent < NEAR_TIE_PERCENT
        assert not account.pin_reason
    pinned = next(account for account in ranked.chosen if account.pin_reason)
    assert pinned.is_pinned_in
    assert not pinned.is_near_tie


def test_without_explanations_the_best_left_out_fill_the_list() -> None:
    review = replace(make_review(), explanations=Explanations((), ()))
    ranked = ranking(review)
    assert len(ranked.left_out) == SHOWN_OUT
    assert ranked.near_ties == ()
    assert not any(account.is_examined for account in (*ranked.chosen, *ranked.left_out))
    assert ranking(make_empty_review()).chosen == ()


def test_beyond_six_criteria_the_rest_share_the_last_colour() -> None:
    criteria = tuple(
        CriterionNote(f"c{i}", f"C{i}", weight, "share", None, ()) for i, weight in enumerate([0.05] * 4 + [0.2] * 4)
    )
    series = series_of(criteria)
    assert sorted(series.values()) == [1, 2, 3, 4, 5, SERIES, SERIES, SERIES]
    assert series["c4"] == 1
