from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from tests.factories.buying_company import ACCOUNTS, AS_OF, NEVER_INVOICED, WITHOUT_COST, buying_ledger, buying_tables
from tests.factories.facts import facts_table, write_snapshot
from tests.factories.measuring import by_account, parameters

from openkam.analytics.behaviour.facts import load_facts
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.report.document import review_html, review_json, review_workbook
from openkam.analytics.review.conduct import conduct_review
from openkam.analytics.review.measures_file import read_measures, write_measures
from openkam.analytics.review.wanted_measures import check_programme, every_measure, measure_accounts
from openkam.analytics.review.what_if import explain_what_if, try_programme
from openkam.analytics.selection.account_columns import measures_of
from openkam.analytics.selection.programme import DEFAULT_DISCOUNT_RATE, Programme
from openkam.analytics.selection.programme_document import ProgrammeError
from openkam.analytics.terms import OpenKamError, Unit
from openkam.analytics.valuation.account_measures import measure_catalogue
from openkam.analytics.valuation.lifetime_value import LifetimeParameters, lifetime_values

D = date
WANTED = {
    "expected_margin_lifetime_value": Unit.CURRENCY,
    "probability_alive": Unit.SHARE,
    "silence_beyond_overdue_days": Unit.DAYS,
    "silence_probability": Unit.SHARE,
    "serious_lateness_probability": Unit.SHARE,
    "expected_credit_loss": Unit.CURRENCY,
}
RISING, FALLING = "[[{low}, 0], [{high}, 1]]", "[[{low}, 1], [{high}, 0]]"
POINTS = {
    "net_sales": RISING.format(low=0, high=1),
    "expected_margin_lifetime_value": RISING.format(low=0, high=1000),
    "probability_alive": RISING.format(low=0, high=1),
    "silence_beyond_overdue_days": FALLING.format(low=-30, high=60),
    "silence_probability": RISING.format(low=0.01, high=0.5),
    "serious_lateness_probability": FALLING.format(low=0, high=0.5),
    "expected_credit_loss": FALLING.format(low=0, high=500),
    "sales_change_year_on_year": RISING.format(low=-0.5, high=0.5),
    "cost_to_serve_share": FALLING.format(low=0, high=0.2),
}


def programme(measure: str, more: str = "") -> Programme:
    return Programme.parse(
        f"""
[programme]
name = "One measure"

[[criterion]]
name = "one"
measure = "{measure}"
weight = 2
points = {POINTS[measure]}

[[criterion]]
name = "sales"
measure = "net_sales"
weight = 1
points = [[0, 0], [5000, 1]]

[limits]
accounts_at_most = 5
{more}"""
    )


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return buying_ledger(tmp_path_factory.mktemp("buying") / "ledger")


@pytest.fixture(scope="module")
def given(engine):
    return {name: engine.table(facts_table(name, *table.to_pylist())) for name, table in buying_tables().items()}


@pytest.fixture(scope="module")
def measured(engine, given):
    return measure_accounts(engine, given, parameters(as_of=AS_OF), None)


def test_each_has_its_unit_and_a_meaning_and_stands_behind_the_others(measured):
    catalogue = measured.catalogue
    assert catalogue == every_measure(parameters(as_of=AS_OF))
    assert {one.name: one.unit for one in catalogue[-len(WANTED) :]} == WANTED
    assert measured.table.column_names[-len(WANTED) :] == list(WANTED)
    assert catalogue[: -len(WANTED)] == measure_catalogue(parameters(as_of=AS_OF))
    assert len({one.name for one in catalogue}) == len(catalogue)
    assert parameters().discount_rate_per_year == DEFAULT_DISCOUNT_RATE


@pytest.mark.parametrize("name", WANTED)
def test_it_comes_where_it_is_wanted_and_alike_whatever_else_is(engine, given, measured, name):
    alone = measure_accounts(engine, given, parameters(as_of=AS_OF), {name, "net_sales"})
    assert alone.table[name].equals(measured.table[name])
    assert 0 < len(alone.catalogue) - len(measure_catalogue(parameters())) < len(WANTED)
    assert measured.table[name].null_count < ACCOUNTS


MISSPELT = 'measure = "probability_alive"'
GATE = '[[gate]]\nmeasure = "silence_probabilty"\nat_most = 1\nreason = "x"\n[limits]'
HOURS = '[effort]\nhours = { measure = "credit_loss", points = [[0, 1], [1, 2]], missing = 3 }\n[limits]'


@pytest.mark.parametrize(
    ("changes", "place", "slip", "meant"),
    [
        ((MISSPELT, 'measure = "probability_alife"'), "line 7, [[criterion]] 1: ", "probability_alife", "probability_alive"),
        ((MISSPELT, 'measure = "lifetime_vale"'), "line 7, [[criterion]] 1: ", "lifetime_vale", "expected_margin_lifetime_value"),
        (("[limits]", GATE), "line 18, [[gate]] 1: ", "silence_probabilty", "silence_probability"),
        (("[limits]", HOURS), "line 18, [effort]: ", "credit_loss", "expected_credit_loss"),
    ],
)
def test_a_slip_in_the_name_of_a_modelled_measure_is_told_like_any_other(ledger: Ledger, changes, place, slip, meant):
    misspelt = Programme.parse("\n".join(programme("probability_alive").document.lines).replace(*changes), name="slip.toml")
    steps: list[str] = []
    with pytest.raises(ProgrammeError) as caught:
        conduct_review(ledger, misspelt, as_of=AS_OF, progress=steps.append)
    for part in (
        f"slip.toml, {place}",
        f'"{slip}" does not exist (did you mean "{meant}"?): correct it. Known measures: ',
        "lateness",
    ):
        assert part in str(caught.value)
    # Told before the models are fitted.
    assert "Measuring accounts" not in steps


def test_what_a_programme_may_read_is_what_the_table_has_in_numbers(measured):
    asked = Programme.parse("\n".join(programme("net_sales").document.lines).replace("net_sales", "xyz"))
    with pytest.raises(ProgrammeError) as caught:
        check_programme(asked, parameters(as_of=AS_OF))
    assert str(caught.value).endswith(f"Known measures: {', '.join(measures_of(measured.table))}.")


def test_the_order_of_rows_and_files_changes_no_modelled_measure(engine, measured, tmp_path):
    draw = np.random.default_rng(2)
    turned = {name: table.take(pa.array(draw.permutation(len(table)))) for name, table in buying_tables().items()}
    given = {name: engine.table(facts_table(name, *table.to_pylist())) for name, table in turned.items()}
    assert measure_accounts(engine, given, parameters(as_of=AS_OF), None).table.equals(measured.table)
    filed = {name: facts_table(name, *table.to_pylist()) for name, table in buying_tables().items()}
    snapshot = write_snapshot(tmp_path, filed, files_per_table=4)
    assert measure_accounts(engine, snapshot, parameters(as_of=AS_OF), None).table.equals(measured.table)


def test_a_programme_that_reads_none_pays_for_none(engine, given):
    found = measure_accounts(engine, given, parameters(as_of=AS_OF), Programme.default().measures_read)
    assert found.catalogue == measure_catalogue(parameters(as_of=AS_OF))


def test_lifetime_value_is_that_of_the_method(engine, given, measured):
    facts = load_facts(engine, given, parameters(as_of=AS_OF))
    ratio = measured.table["contribution_margin_ratio"].to_numpy(zero_copy_only=False).astype(float)
    found = lifetime_values(engine, facts.account_days, ratio, LifetimeParameters(AS_OF, 0.1, 180, draws=2))
    for name, expected in (("expected_margin_lifetime_value", found.value), ("probability_alive", found.probability_alive)):
        assert np.array_equal(measured.table[name].to_numpy(zero_copy_only=False), expected, equal_nan=True)
    rows = by_account(measured.table)
    assert rows[WITHOUT_COST]["expected_margin_lifetime_value"] is None
    assert 0 <= rows[WITHOUT_COST]["probability_alive"] <= 1


def test_what_lies_ahead_is_worth_less_at_a_higher_rate(engine, given, measured):
    dearer = measure_accounts(
        engine, given, parameters(as_of=AS_OF, discount_rate_per_year=0.3), {"expected_margin_lifetime_value"}
    )
    now, then = (table["expected_margin_lifetime_value"].drop_null().to_numpy() for table in (measured.table, dearer.table))
    assert (np.abs(then) <= np.abs(now)).all()
    assert then.sum() < 0.8 * now.sum()
    assert "30.0% a year" in next(one.meaning for one in dearer.catalogue if one.name == "expected_margin_lifetime_value")


def test_receivables_are_judged_where_they_are_kept_and_open(measured):
    rows = by_account(measured.table)
    for account, row in rows.items():
        owes = bool(row["open_amount"])
        assert (row["serious_lateness_probability"] is not None) == owes, account
        assert (row["expected_credit_loss"] > 0) == owes
        if owes:
            expected = 0.036 * row["serious_lateness_probability"] * row["open_amount"]
            assert row["expected_credit_loss"] == pytest.approx(expected)
    assert rows[NEVER_INVOICED]["expected_credit_loss"] == 0


def clockwork(account: str, gap_days: int, last: date, orders: int = 20):
    days = [last - timedelta(days=gap_days * back) for back in range(orders)]
    return [{"customer_key": account, "transacted_on": day, "net_amount": 10} for day in days]


def silences(engine, *accounts):
    rows = [row for account in accounts for row in account]
    customers = facts_table("customers", {"customer_key": "prospect", "name": "Prospect"})
    given = {"transactions": engine.table(facts_table("transactions", *rows)), "customers": engine.table(customers)}
    return measure_accounts(engine, given, parameters(), {"silence_probability"})


def test_silence_is_held_against_the_accounts_own_rhythm(engine):
    crowd = [clockwork(f"c{n}", 30, D(2024, 6, 30) - timedelta(days=n % 20)) for n in range(30)]
    late = clockwork("late", 30, D(2024, 4, 21))
    slow = clockwork("slow", 180, D(2024, 4, 21))
    rows = by_account(silences(engine, *crowd, late, slow).table)
    # 70 days of silence: 39 beyond a rhythm of 30 days, and long before the end of one of 180.
    assert rows["late"]["silence_beyond_overdue_days"] == pytest.approx(39, abs=2)
    assert rows["late"]["silence_probability"] < 0.001
    assert rows["slow"]["silence_beyond_overdue_days"] == pytest.approx(-115, abs=15)
    assert rows["slow"]["silence_probability"] > 0.99
    assert rows["c0"]["silence_beyond_overdue_days"] == pytest.approx(-32, abs=2)
    assert (rows["prospect"]["silence_probability"], rows["prospect"]["silence_beyond_overdue_days"]) == (None, None)


def test_without_a_gap_of_anybody_no_silence_is_judged(engine):
    found = silences(engine, clockwork("a", 1, D(2024, 5, 1), orders=1))
    assert by_account(found.table)["a"]["silence_probability"] is None
    assert any("No account has two orders" in note for note in found.notes)


FEW = [{"customer_key": "a", "net_amount": 10, "transacted_on": D(2024, month, 1)} for month in (1, 2, 3)]
ONE_EACH = [{"customer_key": name, "net_amount": 10, "cost_amount": 6} for name in "abcdef"]
OPEN = [{"customer_key": "a", "amount": 10, "open_amount": 10}]


@pytest.mark.parametrize(
    ("facts", "names", "words"),
    [
        (
            {"customers": [{"customer_key": "a"}]},
            ("expected_margin_lifetime_value", "probability_alive"),
            "no account has an order",
        ),
        ({"transactions": ONE_EACH}, ("expected_margin_lifetime_value", "probability_alive"), "No customer has ordered twice"),
        ({"transactions": FEW}, ("serious_lateness_probability", "expected_credit_loss"), "too few to model days to pay"),
        (
            {"transactions": FEW, "receivables": OPEN},
            ("serious_lateness_probability", "expected_credit_loss"),
            "0 invoices were paid",
        ),
    ],
)
def test_what_the_facts_cannot_tell_is_null_and_said(engine, facts, names, words):
    given = {name: engine.table(facts_table(name, *rows)) for name, rows in facts.items()}
    found = measure_accounts(engine, given, parameters(), names)
    for name in names:
        assert set(found.table[name].to_pylist()) == {None}
    assert any(words in note for note in found.notes), found.notes


def test_accounts_of_a_source_without_receivables_have_none_to_judge(engine, given):
    other = facts_table("transactions", {"customer_key": "elsewhere", "net_amount": 5, "transacted_on": AS_OF, "source": "south"})
    with_other = given | {"transactions": given["transactions"].union(engine.table(other))}
    rows = by_account(measure_accounts(engine, with_other, parameters(as_of=AS_OF), {"expected_credit_loss"}).table)
    assert rows["elsewhere"]["expected_credit_loss"] is None
    assert rows["A0000"]["expected_credit_loss"] is not None


@pytest.mark.parametrize("measure", [name for name in POINTS if name != "net_sales"])
def test_a_programme_that_uses_it_gives_a_review(ledger: Ledger, measure: str):
    review = conduct_review(ledger, programme(measure), as_of=AS_OF)
    criterion = review.criteria[0]
    unit = next(one.unit for one in review.measures if one.name == measure)
    assert (criterion.measure, criterion.unit) == (measure, str(unit))
    assert review.solution.gap == 0
    levels, values = review.accounts[measure].to_pylist(), review.accounts["value_one"].to_pylist()
    low, high = sorted(level for (level, _) in criterion.points)
    for level, value in zip(levels, values, strict=True):
        if value is not None:
            fallen = criterion.points[0][1] > criterion.points[1][1]
            share = 0.0 if level is None else min(max((level - low) / (high - low), 0), 1)
            assert value == pytest.approx(1 - share if fallen and level is not None else share)
    needs = [change for why in review.explanations.why_out for change in why.needs if change.name == "criterion:one"]
    # Where the best are at the top of the function already, no level of it alone brings another in.
    assert needs or measure not in {"probability_alive", "serious_lateness_probability", "sales_change_year_on_year"}
    assert all(change.unit == str(unit) for change in needs)
    assert measure.replace("_", " ") in review_html(review).replace("_", " ")
    assert measure in str(review_json(review))
    assert len(review_workbook(review)) > 1000


@pytest.mark.parametrize(
    "more",
    [
        '[effort]\nhours = { measure = "probability_alive", points = [[0, 10], [1, 20]], missing = 40 }',
        '[[gate]]\nmeasure = "serious_lateness_probability"\nat_most = 0.9\nreason = "Pays too late"',
    ],
)
def test_efforts_and_gates_read_it_too(ledger: Ledger, more: str):
    review = conduct_review(ledger, programme("cost_to_serve_share", more), as_of=AS_OF)
    assert len(review.measures) == len(measure_catalogue(parameters())) + 2
    assert review.solution.chosen.sum() == 5


def test_a_round_with_every_measure_lets_any_be_tried_and_one_without_says_so(ledger: Ledger, tmp_path):
    plain = programme("cost_to_serve_share")
    for name, every in (("all", True), ("few", False)):
        write_measures(conduct_review(ledger, plain, as_of=AS_OF, with_every_measure=every), plain, tmp_path / name)
    for measure in WANTED:
        tried = try_programme(read_measures(tmp_path / "all"), programme(measure))
        assert tried.solution.status == "optimal"
        with pytest.raises(OpenKamError, match=f"reads {measure}, which was not measured for this round"):
            try_programme(read_measures(tmp_path / "few"), programme(measure))
    asked = programme("probability_alive")
    assert tried.criteria[0].measure in WANTED
    assert explain_what_if(try_programme(read_measures(tmp_path / "all"), asked)).why_out == (
        conduct_review(ledger, asked, as_of=AS_OF).explanations.why_out
    )
    other = Programme.parse(
        "\n".join(asked.document.lines).replace("[[criterion]]", "discount_rate_per_year = 0.2\n[[criterion]]", 1)
    )
    with pytest.raises(OpenKamError, match="discount"):
        try_programme(read_measures(tmp_path / "all"), other)
