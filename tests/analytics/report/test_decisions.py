"""Reasons in words."""

from dataclasses import replace

import pytest
from tests.factories.review import make_review

from openkam.analytics.report.decisions import left_out, weakest_chosen
from openkam.analytics.report.ranking import ranking
from openkam.analytics.selection.problem import Change, Explanations, WhyIn, WhyOut


def test_left_out_stand_in_the_order_of_regret() -> None:
    review = make_review()
    found = left_out(review, ranking(review))
    prices = [o.regret_percent for o in found if o.regret_percent is not None]
    assert len(found) == 20
    assert prices == sorted(prices)
    assert found[-1].regret_percent is None
    assert found[0].leave
    assert any(not change.is_stable and change.note for o in found for change in o.changes)


@pytest.mark.parametrize(
    ("unit", "from_value", "to_value", "texts"),
    [
        ("hours/year", 1180.0, 1181.0, ("h a year", "1,180", "1,181")),
        ("per year", 0.034, 0.058, ("a year", "3.4\u00a0%", "5.8\u00a0%")),
        ("share of sales", 0.4, 0.45, ("of sales", "40.0\u00a0%", "45.0\u00a0%")),
        ("0-4", 2.5, 3.0, ("of 4", "2.50", "3.00")),
        ("currency/year", 120.5, 140.0, ("USD a year", "120.5", "140.0")),
    ],
)
def test_a_change_reads_in_its_unit(unit: str, from_value: float, to_value: float, texts: tuple[str, str, str]) -> None:
    review = make_review()
    account = review.explanations.why_out[0].account
    change = Change("x", "some limit", unit, from_value, to_value, True)
    why = WhyOut(account, 0.1, 0.1, (), (), "because", (), (change,))
    review = replace(review, explanations=Explanations((), (why,)))
    words = left_out(review, ranking(review))[0].changes[0]
    assert (words.unit, words.from_text, words.to_text) == texts
    assert words.label == "Some limit"


def test_the_weakest_chosen_stand_first_and_the_needed_last() -> None:
    review = make_review()
    found = weakest_chosen(review, ranking(review))
    assert len(found) == 14
    losses = [c.loss_percent for c in found if c.loss_percent is not None and not c.ranked.pin_reason]
    assert losses == sorted(losses)
    assert found[-1].ranked.pin_reason
    assert found[-2].loss_percent is None


def test_an_unknown_account_is_passed_over() -> None:
    review = make_review()
    other = replace(review, explanations=Explanations((WhyIn(review.explanations.why_out[0].account, (), 1.0),), ()))
    assert weakest_chosen(other, ranking(other)) == ()
    strange = replace(review, explanations=Explanations((), (WhyOut(10_000, 0.1, 0.1, (), (), "x", (), ()),)))
    assert left_out(strange, ranking(strange)) == ()
