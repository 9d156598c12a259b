"""What rests on generated facts says so."""

from dataclasses import replace

from tests.factories.review import make_review

from openkam.analytics.report.illustrative import fact_words, illustrative_criteria, illustrative_measures


def test_a_generated_table_marks_what_it_feeds() -> None:
    review = make_review()
    assert illustrative_measures(review) == {"cost_to_serve", "contribution_margin"}
    assert illustrative_criteria(review) == {"contribution", "strategic"}
    assert fact_words(review) == ["service activities", "interactions", "the criterion “Strategic weight”"]


def test_a_measure_or_a_family_can_be_named_itself() -> None:
    review = replace(make_review(), illustrative=("price_index", "credit"))
    assert illustrative_measures(review) == {"price_index", "payment_class", "days_beyond_terms", "late_share", "expected_loss"}


def test_nothing_generated_nothing_marked() -> None:
    review = replace(make_review(), illustrative=())
    assert illustrative_measures(review) == illustrative_criteria(review) == frozenset()


def test_generated_transactions_touch_every_figure() -> None:
    review = replace(make_review(), illustrative=("transactions",))
    assert illustrative_measures(review) == {measure.name for measure in review.measures}
