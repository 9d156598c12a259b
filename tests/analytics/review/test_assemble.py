from datetime import date
from pathlib import Path

import pyarrow.compute as pc
from tests.factories.planted import AS_OF, PROGRAMME, planted_ledger

from openkam.analytics.review.conduct import conduct_review
from openkam.analytics.selection.programme import Programme

GATED = PROGRAMME + "\n[candidates]\nminimum_net_sales = 50000\n"


def test_an_account_that_is_no_candidate_keeps_its_measures_and_says_why(tmp_path: Path):
    review = conduct_review(planted_ledger(tmp_path / "ledger"), Programme.parse(GATED), as_of=AS_OF)
    row = review.accounts.filter(pc.equal(review.accounts["account"], "small")).to_pylist()[0]
    assert not row["is_candidate"]
    assert row["is_selected"] is False
    assert row["net_sales"] > 0
    assert (row["utility"], row["rank"], row["problem_index"], row["hours"]) == (None, None, None, None)
    assert "50,000" in row["excluded_because"]
    assert review.accounts["account"].to_pylist()[-1] == "small"


def test_criteria_are_noted_with_normalised_weights_and_units(tmp_path: Path):
    review = conduct_review(planted_ledger(tmp_path / "ledger"), Programme.parse(PROGRAMME), as_of=date(2023, 12, 31))
    assert [(c.name, c.weight, c.unit) for c in review.criteria] == [
        ("contribution", 0.75, "currency"),
        ("regularity", 0.25, "shape"),
    ]
