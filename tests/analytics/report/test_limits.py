"""Use of the limits."""

from dataclasses import replace

import numpy as np
import pytest
from tests.factories.review import make_empty_review, make_review

from openkam.analytics.report.limits import limit_uses
from openkam.analytics.selection.problem import Limit, Sense


def test_every_limit_and_every_manager_is_there() -> None:
    review = make_review()
    uses = limit_uses(review)
    assert len(uses) == len(review.problem.limits) + len(review.problem.managers)
    by_label = {use.label: use for use in uses}
    count = by_label["Accounts"]
    assert (count.used, count.slack, count.is_binding, count.is_used_up) == (14.0, 0.0, True, True)
    assert count.shadow_price == review.solution.shadow_price["accounts_at_most"]
    hours = by_label["Manager hours in all"]
    assert hours.used == review.problem.hours[review.solution.chosen].sum()
    assert sum(use.used or 0 for use in uses if use.label.startswith("Hours of")) == hours.used
    assert not any(use.is_broken for use in uses)


def test_a_share_is_of_the_chosen_and_shown_in_percent() -> None:
    use = next(use for use in limit_uses(make_review()) if use.is_share)
    assert use.used is not None
    assert 0 < use.used <= use.bound
    assert use.amount(use.bound) == "55.0\u00a0%"
    assert (use.loosening, use.unit_words) == ("one point more", "of sales")
    assert use.loosening_worth is None


def test_a_share_of_nothing_is_not_a_number() -> None:
    use = next(use for use in limit_uses(make_empty_review()) if use.is_share)
    assert (use.used, use.slack, use.is_binding, use.is_broken, use.fill) == (None, None, False, False, 0.0)
    assert use.amount(use.used) == "–"


def test_a_broken_limit_says_so() -> None:
    review = make_review()
    limit = Limit("tight", "Tight", "hours/year", Sense.AT_MOST, review.problem.hours, 100.5, 1.0)
    use = limit_uses(replace(review, problem=replace(review.problem, limits=(limit,))))[0]
    assert use.is_broken
    assert (use.fill, use.amount(use.bound), use.loosening, use.unit_words) == (1.0, "100", "one more hour", "h a year")


@pytest.mark.parametrize(("bound", "mark"), [(7.0, 0.5), (0.0, 0.0)])
def test_a_floor_has_its_mark_on_the_bar(bound: float, mark: float) -> None:
    review = make_review()
    floor = Limit("floor", "Floor", "accounts", Sense.AT_LEAST, np.ones(len(review.problem.accounts)), bound, 1.0)
    use = limit_uses(replace(review, problem=replace(review.problem, limits=(floor,))))[0]
    assert use.floor_mark == mark
    assert use.slack == 14 - bound
    assert use.loosening == "one fewer account"
