from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.factories.planted import ACCOUNTS, AS_OF, IMPORTED_AT, PROGRAMME, planted_ledger, planted_tables

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.report.document import accounts_parquet, review_html, review_json, review_workbook
from openkam.analytics.review.conduct import conduct_review
from openkam.analytics.review.review import Review
from openkam.analytics.selection.programme import Programme
from openkam.analytics.terms import OpenKamError


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return planted_ledger(tmp_path_factory.mktemp("planted") / "ledger")


@pytest.fixture(scope="module")
def review(ledger: Ledger) -> Review:
    return conduct_review(ledger, Programme.parse(PROGRAMME), as_of=AS_OF)


def rows_of(review: Review) -> dict[str, dict[str, object]]:
    return {row["account"]: row for row in review.accounts.to_pylist()}


def test_the_largest_buyer_that_loses_money_is_out_and_the_earners_are_in(review: Review):
    rows = rows_of(review)
    assert max(rows, key=lambda account: rows[account]["net_sales"]) == "giant"
    assert rows["giant"]["contribution_margin"] < 0
    assert {account for account, row in rows.items() if row["is_selected"]} == {"steady", "second"}
    assert review.solution.gap == 0.0


def test_the_measures_are_those_of_plain_sums(review: Review):
    lines = planted_tables()["transactions"].to_pylist()
    start = date(2023, 1, 1)
    for account, row in rows_of(review).items():
        own = [line for line in lines if line["customer_key"] == account and start <= line["transacted_on"] <= AS_OF]
        net, cost = sum(line["net_amount"] for line in own), sum(line["cost_amount"] for line in own)
        assert row["net_sales"] == pytest.approx(float(net))
        assert row["contribution_margin"] == pytest.approx(float(net - cost - ACCOUNTS[account][3]))
        assert row["order_count"] == len({line["transacted_on"] for line in own})
    assert rows_of(review)["second"]["days_beyond_terms"] == pytest.approx(5.0)
    assert rows_of(review)["steady"]["days_beyond_terms"] == 0.0


def test_rows_stand_by_falling_utility_with_rank_and_problem_index(review: Review):
    rows = review.accounts.to_pylist()
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["utility"] for row in rows] == sorted((row["utility"] for row in rows), reverse=True)
    for row in rows:
        assert review.problem.accounts[row["problem_index"]] == row["account"]
        assert row["utility"] == pytest.approx(0.75 * row["value_contribution"] + 0.25 * row["value_regularity"])


def test_what_would_bring_an_account_in_is_told_in_the_measure_s_unit_and_is_enough(ledger: Ledger):
    # One place only: `second` is out, and contribution alone must bring it in.
    one = Programme.parse(PROGRAMME.replace("accounts_at_most = 2", "accounts_at_most = 1"))
    review = conduct_review(ledger, one, as_of=AS_OF)
    why = next(why for why in review.explanations.why_out if review.problem.accounts[why.account] == "second")
    change = next(change for change in why.needs if change.name == "criterion:contribution")
    own = rows_of(review)["second"]["contribution_margin"]
    assert change.unit == "currency"
    assert change.from_value == pytest.approx(own)
    lacking = rows_of(review)["steady"]["utility"] - rows_of(review)["second"]["utility"]
    level = own + lacking / 0.75 * 100_000
    assert level <= change.to_value <= level + 1.0


def test_the_same_ledger_and_programme_give_the_same_bytes(ledger: Ledger, review: Review):
    again = conduct_review(ledger, Programme.parse(PROGRAMME), as_of=AS_OF)
    assert accounts_parquet(again) == accounts_parquet(review)
    assert review_html(again) == review_html(review)
    assert review_workbook(again) == review_workbook(review)
    timeless = [review_json(replace(r, solution=replace(r.solution, seconds=0.0))) for r in (review, again)]
    assert timeless[0] == timeless[1]


def test_an_earlier_version_is_reviewed_as_it_was(tmp_path: Path):
    ledger = planted_ledger(tmp_path / "ledger")
    before = conduct_review(ledger, Programme.parse(PROGRAMME), as_of=AS_OF)
    version = ledger.latest_version
    ledger.append("transactions", planted_tables()["transactions"], source="other", imported_at=IMPORTED_AT)
    then = conduct_review(ledger, Programme.parse(PROGRAMME), as_of=AS_OF, version=version)
    now = conduct_review(ledger, Programme.parse(PROGRAMME), as_of=AS_OF)
    assert review_html(then) == review_html(before)
    assert now.accounts.num_rows == 2 * before.accounts.num_rows


def test_an_earlier_day_sees_nothing_later(ledger: Ledger):
    early = AS_OF - timedelta(days=200)
    review = conduct_review(ledger, Programme.parse(PROGRAMME), as_of=early)
    assert all(row["last_order_on"] <= early for row in review.accounts.to_pylist())
    assert all(row["cost_to_serve"] in (None, 0.0) for row in review.accounts.to_pylist())


def test_the_as_of_day_is_the_last_transaction_day_unless_given(ledger: Ledger):
    last = max(planted_tables()["transactions"]["transacted_on"].to_pylist())
    assert conduct_review(ledger, Programme.parse(PROGRAMME)).as_of == last


def test_a_day_before_the_first_fact_is_refused(ledger: Ledger):
    with pytest.raises(OpenKamError, match=r"no transaction up to 1999-01-01: the ledger's first is of 2022"):
        conduct_review(ledger, Programme.parse(PROGRAMME), as_of=date(1999, 1, 1))


def test_limits_that_cannot_hold_are_named(ledger: Ledger):
    limits = "accounts_at_most = 2\naccounts_at_least = 2\nhours_per_year = 15\n\n[effort]\nhours = 10"
    many = Programme.parse(PROGRAMME.replace("accounts_at_most = 2", limits))
    with pytest.raises(OpenKamError, match=r"(?is)accounts.*hours.*5 hours"):
        conduct_review(ledger, many, as_of=AS_OF)


def test_the_default_programme_reviews_any_ledger(ledger: Ledger):
    review = conduct_review(ledger, as_of=AS_OF)
    assert review.solution.chosen.sum() == len(ACCOUNTS)
    assert rows_of(review)["giant"]["value_contribution"] == 0.0
