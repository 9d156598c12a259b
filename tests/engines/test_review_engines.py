import gc
import math
import warnings
from pathlib import Path

import pytest
from tests.factories.ledger import NOW
from tests.factories.planted import AS_OF, PROGRAMME, planted_ledger

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.report.document import review_json
from openkam.analytics.review.conduct import conduct_review
from openkam.analytics.review.review import Review
from openkam.analytics.sample.company import load_sample, sample_programme_text
from openkam.analytics.selection.programme import Programme

SOCKETS = "unclosed .socket"  # PySpark leaves the sockets over which it fetched results to the garbage collector

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings(f"ignore:{SOCKETS}:ResourceWarning")]


def on_both(ledger: Ledger, programme: Programme, **options: object) -> tuple[Review, Review]:
    reviews = tuple(conduct_review(ledger, programme, engine=engine, nearest=2, **options) for engine in ("duckdb", "spark"))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", SOCKETS, ResourceWarning)
        gc.collect()
    return reviews[0], reviews[1]


def assert_same_measures(duckdb: Review, spark: Review) -> None:
    assert spark.accounts.schema == duckdb.accounts.schema
    expected = {row["account"]: row for row in duckdb.accounts.to_pylist()}
    found = {row["account"]: row for row in spark.accounts.to_pylist()}
    assert set(found) == set(expected)
    for account, row in expected.items():
        for measure in duckdb.measures:
            here, there = row[measure.name], found[account][measure.name]
            if isinstance(here, float) and isinstance(there, float):
                assert math.isclose(here, there, rel_tol=1e-9, abs_tol=1e-12), (account, measure.name, here, there)
            else:
                assert here == there, (account, measure.name)


def test_the_sample_company_is_reviewed_alike_on_spark(tmp_path: Path):
    ledger = Ledger.open(tmp_path / "ledger")
    load_sample(ledger, NOW)
    duckdb, spark = on_both(ledger, Programme.parse(sample_programme_text()))
    assert_same_measures(duckdb, spark)
    assert chosen(spark) == chosen(duckdb)
    assert spark.solution.objective == pytest.approx(duckdb.solution.objective, rel=1e-9)
    assert spark.facts == duckdb.facts


def test_a_planted_company_is_reviewed_alike_on_spark_as_of_a_day(tmp_path: Path):
    duckdb, spark = on_both(planted_ledger(tmp_path / "ledger"), Programme.parse(PROGRAMME), as_of=AS_OF)
    assert_same_measures(duckdb, spark)
    here, there = review_json(duckdb), review_json(spark)
    assert (here.pop("engine"), there.pop("engine")) == ("duckdb", "spark")
    assert [row["account"] for row in there["selected"]] == [row["account"] for row in here["selected"]]
    assert [row["binding"] for row in there["nearest_excluded"]] == [row["binding"] for row in here["nearest_excluded"]]


def chosen(review: Review) -> set[str]:
    return {row["account"] for row in review.accounts.to_pylist() if row["is_selected"]}
