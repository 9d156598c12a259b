import pytest
from tests.factories.planted import AS_OF, PROGRAMME, planted_ledger

from openkam.analytics.review.conduct import conduct_review
from openkam.analytics.review.measures_file import StoredMeasures, read_measures, write_measures
from openkam.analytics.review.review import Review
from openkam.analytics.review.what_if import explain_what_if, try_programme
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.search import Cancelled
from openkam.analytics.terms import OpenKamError


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Review:
    return conduct_review(planted_ledger(tmp_path_factory.mktemp("planted") / "ledger"), Programme.parse(PROGRAMME), as_of=AS_OF)


@pytest.fixture(scope="module")
def measures(review: Review, tmp_path_factory: pytest.TempPathFactory) -> StoredMeasures:
    path = tmp_path_factory.mktemp("rounds") / "one.parquet"
    write_measures(review, Programme.parse(PROGRAMME), path)
    return read_measures(path)


def test_the_same_programme_gives_the_review_again(review: Review, measures: StoredMeasures):
    tried = try_programme(measures, Programme.parse(PROGRAMME))
    assert tried.accounts.equals(review.accounts)
    assert tried.criteria == review.criteria
    assert tried.solution.objective == review.solution.objective
    assert explain_what_if(tried) == review.explanations


def test_another_limit_gives_another_choice(measures: StoredMeasures):
    tried = try_programme(measures, Programme.parse(PROGRAMME.replace("accounts_at_most = 2", "accounts_at_most = 1")))
    assert int(tried.solution.chosen.sum()) == 1


def test_what_would_be_measured_otherwise_is_refused(measures: StoredMeasures):
    for text in (
        PROGRAMME.replace('name = "Planted"', 'name = "Planted"\nperiod_months = 6'),
        PROGRAMME.replace('name = "Planted"', 'name = "Planted"\ncurrency = "USD"'),
        PROGRAMME + "\n[service_rates.visit]\nminutes_per_activity = 5\ncost_per_minute = 1\n",
    ):
        with pytest.raises(OpenKamError, match="start another round"):
            try_programme(measures, Programme.parse(text))


def test_patience_ends(measures: StoredMeasures):
    with pytest.raises(Cancelled):
        explain_what_if(try_programme(measures, Programme.parse(PROGRAMME)), progress=lambda *_: False)
