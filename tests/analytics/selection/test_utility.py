from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.selection.programme_document import ProgrammeError
from openkam.analytics.selection.utility import normalised, score
from tests.factories.programmes import HEAD, accounts, programme

GROWTH = '[[criterion]]\nname = "growth"\nmeasure = "growth_per_year"\nweight = 3\npoints = [[-0.1, 0.1], [0.1, 1]]\n'
STRATEGIC = '[[criterion]]\nname = "strategic"\nlabel = "Strategy"\nrating = "importance"\nweight = 1\n'
STRATEGIC += 'anchors = ["a", "b", "c", "d", "e"]\n'


def rating(account: str, value: int, rater: str) -> str:
    return (
        f'[[rating]]\naccount = "{account}"\ncriterion = "importance"\nvalue = {value}\nevidence = "e"\n'
        f'rated_by = "{rater}"\nrated_on = 2026-01-01\n'
    )


def test_the_utility_is_the_weighted_sum_of_values() -> None:
    scores = score(programme(head=HEAD + GROWTH), accounts(growth_per_year=[-0.1, 0.0, 0.5]))
    assert scores.weight.tolist() == [0.25, 0.75]
    assert scores.value.tolist() == pytest.approx(np.array([[0.1, 0.1], [0.2, 0.55], [0.3, 1.0]]))
    assert scores.utility.tolist() == pytest.approx([0.1, 0.4625, 0.825])
    assert scores.utility == pytest.approx(scores.value @ scores.weight)
    assert scores.measures == ("net_sales", "growth_per_year")


def test_decimals_and_whole_numbers_are_measures_too() -> None:
    table = accounts().set_column(3, "net_sales", pa.array([Decimal("10.50"), None, Decimal("30")], pa.decimal128(18, 4)))
    assert score(programme(), table).level[:, 0].tolist() == pytest.approx([10.5, np.nan, 30], nan_ok=True)


@pytest.mark.parametrize(("rule", "value"), [('"worst"', 0.1), ('"exclude"', 0.1), ("0.7", 0.7)])
def test_a_missing_measure_takes_its_rule(rule: str, value: float) -> None:
    head = HEAD + GROWTH + f"missing = {rule}\n"
    scores = score(programme(head=head), accounts(growth_per_year=[None, float("nan"), float("inf")]))
    assert scores.value[:, 1].tolist() == [value] * 3
    assert np.isnan(scores.level[:, 1]).all()
    assert scores.lacks_excluded[:, 1].tolist() == [rule == '"exclude"'] * 3
    assert not scores.lacks_excluded[:, 0].any()


def test_a_criterion_that_nobody_has_counts_the_same_and_says_so() -> None:
    scores = score(programme(head=HEAD + GROWTH), accounts(growth_per_year=pa.array([None] * 3, pa.float64())))
    assert scores.notes == ("Growth counts the same for every account: none has growth_per_year.",)
    assert set(scores.value[:, 1]) == {0.1}


def test_the_fallback_is_read_by_all_accounts_or_by_none() -> None:
    head = HEAD.replace('measure = "net_sales"', 'measure = "contribution_margin"\nfallback_measure = "net_sales"')
    nobody = score(programme(head=head), accounts(contribution_margin=pa.array([None] * 3, pa.float64())))
    assert nobody.measures == ("net_sales",)
    assert nobody.utility.tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert nobody.notes == ("Worth reads net_sales, because no account has contribution_margin.",)
    somebody = score(programme(head=head), accounts(contribution_margin=[None, 90.0, None]))
    assert (somebody.measures, somebody.utility.tolist(), somebody.notes) == (("contribution_margin",), [0, 0.9, 0], ())


def test_it_refuses_measures_that_do_not_exist() -> None:
    with pytest.raises(ProgrammeError) as caught:
        score(programme(head=HEAD.replace("net_sales", "net_sale")), accounts())
    assert str(caught.value) == (
        'test.toml, line 7, [[criterion]] 1: measure "net_sale" does not exist (did you mean "net_sales"?): correct it. '
        "Known measures: net_sales."
    )
    with pytest.raises(ProgrammeError, match=r'measure "name" is no number: name a measure\. Known measures: net_sales\.'):
        score(programme(head=HEAD.replace("net_sales", "name")), accounts())
    with pytest.raises(ProgrammeError, match=r'line 10, .*fallback_measure "is_prospect" is no number'):
        score(programme(head=HEAD + 'fallback_measure = "is_prospect"\n'), accounts())


def test_ratings_are_averaged_and_doubtful_ones_are_counted() -> None:
    body = rating("A", 4, "x") + rating("A", 1, "y") + rating("B", 2, "x")
    scores = score(programme(body, head=HEAD + STRATEGIC), accounts())
    assert scores.level[:, 1].tolist() == pytest.approx([2.5, 2, np.nan], nan_ok=True)
    assert scores.value[:, 1].tolist() == [0.625, 0.5, 0.0]
    assert scores.measures == ("net_sales", None)
    assert scores.notes == (
        "Strategy: the rating of 1 account rests on one person.",
        "Strategy: raters differ by 2 or more on 1 account.",
    )
    both = rating("A", 4, "x") + rating("B", 2, "x")
    assert score(programme(both, head=HEAD + STRATEGIC), accounts()).notes == (
        "Strategy: the rating of 2 accounts rests on one person.",
    )


def test_ratings_of_other_scales_and_of_accounts_not_in_the_table_do_not_count() -> None:
    other = STRATEGIC.replace("strategic", "prestige").replace("importance", "prestige")
    body = rating("A", 4, "x") + rating("Z", 4, "x")
    level = score(programme(body, head=HEAD + STRATEGIC + other), accounts()).level
    assert level[0, 1] == 4
    assert np.isnan(level[:, 2]).all()


def test_a_scale_nobody_is_rated_on_counts_the_same_for_all() -> None:
    assert score(programme(head=HEAD + STRATEGIC), accounts()).notes == (
        "Strategy counts the same for every account: none is rated.",
    )


def test_weights_are_divided_by_their_sum() -> None:
    assert normalised([1, 3]).tolist() == [0.25, 0.75]


def test_no_accounts_have_no_utility() -> None:
    assert score(programme(), accounts([])).utility.tolist() == []


AMOUNTS = st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), min_size=1, max_size=12)


@given(AMOUNTS, AMOUNTS, st.data())
def test_an_account_that_joins_changes_nobody_elses_utility(
    sales: list[float | None], growth: list[float | None], data: st.DataObject
) -> None:
    size = min(len(sales), len(growth))
    keys = [f"A{i}" for i in range(size)]
    more = data.draw(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=5))
    one = programme(head=HEAD + GROWTH)

    def utility(
        keys: list[str], sales: list[float | None], growth: list[float | None]
    ) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        columns = {"net_sales": pa.array(sales, pa.float64()), "growth_per_year": pa.array(growth, pa.float64())}
        return score(one, accounts(keys, **columns)).utility

    before = utility(keys, sales[:size], growth[:size])
    after = utility([f"N{i}" for i in range(len(more))] + keys, more + sales[:size], more + growth[:size])
    assert before.tobytes() == after[len(more) :].tobytes()
    assert ((after >= 0) & (after <= 1)).all()
