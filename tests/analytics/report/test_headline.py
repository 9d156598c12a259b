"""The sentence and the four figures."""

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from tests.factories.review import make_empty_review, make_review

from openkam.analytics.report.headline import figures, headline, period_words, share_of_chosen
from openkam.analytics.report.margin_against_sales import margin_against_sales
from openkam.analytics.report.ranking import ranking
from openkam.analytics.review.review import Review
from openkam.analytics.terms import Period


def sentence(review: Review) -> str:
    return headline(review, ranking(review), margin_against_sales(review))


def test_it_says_who_what_they_carry_and_what_is_close() -> None:
    review = make_review()
    text = sentence(review)
    share = share_of_chosen(review, "net_sales")
    assert share is not None
    assert text.startswith("14 accounts of 280 should be key and carry ")
    assert f"{share:.0%}".replace("%", "\u00a0% of net sales") in text
    assert "of contribution (illustrative)" in text
    assert "largest by sales are not among the 14 best by contribution" in text
    assert text.endswith("need a person.")
    assert text.count(".") == 1


def test_the_share_is_of_what_is_known() -> None:
    review = make_review()
    sales = np.array(review.accounts["net_sales"].to_pylist(), dtype=float)
    chosen = np.array(review.accounts["is_selected"].to_pylist())
    assert share_of_chosen(review, "net_sales") == pytest.approx(np.nansum(sales[chosen]) / np.nansum(sales))
    assert share_of_chosen(review, "absent") is None


def test_nobody_chosen_reads_plainly() -> None:
    review = make_empty_review()
    assert sentence(review) == "No account of 280 is chosen under the programme’s limits."
    key, sales, margin, close = figures(review, ranking(review))
    assert (key.value, close.value, close.note) == ("0", "–", "decisions were not examined")
    assert sales.note == "nobody is chosen"
    assert margin.note == "not measured in this ledger"


def test_figures_label_what_is_illustrative_and_unknown() -> None:
    review = make_review()
    key, sales, margin, close = figures(review, ranking(review))
    assert [f.is_illustrative for f in (key, sales, margin, close)] == [True, False, True, True]
    assert "1 account unknown" in sales.note
    assert "proven best" in key.note
    open_gap = replace(review, solution=replace(review.solution, gap=0.01))
    assert "within 1.00\u00a0% of the best" in figures(open_gap, ranking(open_gap))[0].note


def test_a_loss_in_all_has_no_share_and_unknown_is_said() -> None:
    review = make_review()
    place = review.accounts.column_names.index("net_sales")
    losing = review.accounts.set_column(place, "net_sales", pa.array([-1.0] * review.accounts.num_rows))
    note = figures(replace(review, accounts=losing), ranking(review))[1].note
    assert note == "no share: the sum of all is not above zero"
    chosen = review.accounts["is_selected"].to_pylist()
    unknown = review.accounts.set_column(place, "net_sales", pa.array([None if c else 5.0 for c in chosen], pa.float64()))
    assert figures(replace(review, accounts=unknown), ranking(review))[1].note == "not known for the chosen"


def test_the_period_in_words() -> None:
    review = make_review()
    assert period_words(review) == "12 months to 31 May 2016"
    short = replace(review, period=Period(date(2016, 1, 1), date(2016, 5, 31)))
    assert period_words(short) == "1 January 2016 to 31 May 2016"
