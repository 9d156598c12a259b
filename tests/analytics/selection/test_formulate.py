import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.selection.formulate import formulate
from openkam.analytics.selection.problem import Pair
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_document import ProgrammeError
from openkam.analytics.terms import OpenKamError
from tests.factories.programmes import accounts, programme

COHERENT = "\n[limits]\naccounts_at_most = 3\ngroup_coherence = true\n"
CURVE = '[effort]\nhours = { measure = "order_count", points = [[0, 40], [100, 140]], missing = 7 }\ncost = 5\n'


def test_candidates_stand_in_the_order_of_their_keys() -> None:
    found = formulate(programme(), accounts(["b", "B", "a10", "a9"]))
    assert found.problem.accounts == ("B", "a10", "a9", "b")
    assert found.candidate_rows.tolist() == [1, 2, 3, 0]
    assert found.problem.utility.tolist() == pytest.approx([0.2, 0.3, 0.4, 0.1])
    assert found.problem.value.shape == (4, 1)
    assert found.problem.criteria == ("worth",)


def test_effort_comes_from_a_curve_and_from_single_accounts() -> None:
    body = CURVE + '[[account]]\naccount = "B"\nhours = 99\n[[account]]\naccount = "C"\ncost = 8\n'
    found = formulate(programme(body), accounts("ABCD", order_count=pa.array([50, 0, None, 1000], pa.int64())))
    assert found.hours is not None
    assert found.hours.tolist() == found.problem.hours.tolist() == [90, 99, 7, 140]
    assert found.cost is not None
    assert found.cost.tolist() == [5, 5, 8, 5]


def test_effort_that_nobody_gave_is_not_shown_as_none_needed() -> None:
    found = formulate(programme(), accounts())
    assert found.hours is None
    assert found.cost is None
    assert found.problem.hours.tolist() == [0, 0, 0]


def test_effort_of_single_accounts_leaves_the_others_at_nothing() -> None:
    found = formulate(programme('[[account]]\naccount = "B"\nhours = 9\n'), accounts())
    assert found.problem.hours.tolist() == [0, 9, 0]


def test_an_effort_needs_a_measure_that_exists() -> None:
    with pytest.raises(ProgrammeError, match=r'line 14, \[effort\]: hours "order_count" does not exist: correct it'):
        formulate(programme(CURVE), accounts())


def test_conflicts_pair_every_two_candidates_once() -> None:
    body = '[[conflict]]\naccounts = ["C", "A", "B"]\nreason = "rivals"\n[[conflict]]\naccounts = ["A", "B"]\nreason = "again"\n'
    found = formulate(programme(body), accounts())
    assert found.problem.conflicts == (Pair(0, 1, "rivals"), Pair(0, 2, "rivals"), Pair(1, 2, "rivals"))
    small = formulate(programme(body + "[candidates]\nminimum_net_sales = 15"), accounts())
    assert small.problem.conflicts == (Pair(0, 1, "rivals"),)


def test_coherence_binds_a_child_to_a_parent_that_is_a_candidate() -> None:
    table = accounts("ABCDE", parent_account=[None, "A", "C", "Z", "P"], is_prospect=[False] * 5)
    found = formulate(programme(limits=COHERENT), table)
    assert found.problem.coherence == (Pair(1, 0, "only together with its parent A"),)
    assert found.notes == ("Group coherence leaves 2 candidates free, whose parent is no candidate.",)
    assert formulate(programme(), table).problem.coherence == ()


def test_a_parent_that_is_gated_binds_its_children_still() -> None:
    body = '[[gate]]\nmeasure = "net_sales"\nat_least = 15\nreason = "r"'
    found = formulate(programme(body, limits=COHERENT), accounts("AB", parent_account=[None, "A"]))
    assert found.problem.coherence == (Pair(1, 0, "only together with its parent A"),)
    assert [p.account for p in found.problem.pins] == [0]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            '[[pin]]\naccount = "a"\ndecision = "in"\nreason = "r"',
            'line 14, [[pin]] 1: account "a" does not exist in the ledger (did you mean "A"?)',
        ),
        (
            '[[conflict]]\naccounts = ["A", "Zed"]\nreason = "r"',
            'line 14, [[conflict]] 1: account "Zed" does not exist in the ledger: correct',
        ),
        (
            '[[account]]\naccount = "Zed"\nhours = 1',
            '[[account]] 1: account "Zed" does not exist in the ledger: correct the key or remove it.',
        ),
    ],
)
def test_it_refuses_accounts_that_do_not_exist(body: str, words: str) -> None:
    with pytest.raises(ProgrammeError) as caught:
        formulate(programme(body), accounts())
    assert words in str(caught.value)


def test_it_refuses_a_rating_of_an_account_that_does_not_exist() -> None:
    text = '[programme]\nname = "x"\n[limits]\naccounts_at_most = 1\n[[criterion]]\nname = "s"\nrating = "s"\nweight = 1\n'
    text += 'anchors = ["a", "b", "c", "d", "e"]\n[[rating]]\naccount = "Zed"\ncriterion = "s"\nvalue = 1\nevidence = "e"\n'
    with pytest.raises(ProgrammeError, match=r'line 11, \[\[rating\]\] 1: account "Zed" does not exist'):
        formulate(Programme.parse(text + 'rated_by = "x"\nrated_on = 2026-01-01\n'), accounts())


def test_nobody_left_is_said_with_the_first_reason() -> None:
    with pytest.raises(OpenKamError) as caught:
        formulate(programme("[candidates]\nminimum_net_sales = 99"), accounts())
    assert str(caught.value) == (
        "test.toml: of 3 accounts none is a candidate (the first: net sales of 10, the minimum is 99 (minimum_net_sales)): "
        "change [candidates] or the criteria's missing rule."
    )
    with pytest.raises(OpenKamError, match="There are no accounts to choose from: import customers and transactions first"):
        formulate(programme(), accounts([]))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pa.table({"net_sales": [1.0]}), "has no column account"),
        (accounts().set_column(0, "account", pa.array(["A", None, "C"])), "has a row without an account key"),
        (accounts(["A", "B", "A"]), 'Account "A" stands in two rows'),
    ],
)
def test_it_refuses_a_table_without_one_row_per_account(table: pa.Table, words: str) -> None:
    with pytest.raises(OpenKamError, match=words):
        formulate(programme(), table)


def test_the_currency_in_force_names_the_units() -> None:
    one = programme("[effort]\ncost = 1", limits="\n[limits]\nbudget_per_year = 9\n")
    assert formulate(one, accounts()).problem.limits[0].unit == "EUR/year"
    assert formulate(one, accounts(), "USD").problem.limits[0].unit == "USD/year"


def test_the_default_programme_formulates_over_a_firm_with_no_costs() -> None:
    size = 40
    table = accounts(
        [f"C{i:02}" for i in range(size)],
        share_of_firm_contribution=pa.array([None] * size, pa.float64()),
        share_of_firm_sales=np.linspace(0.001, 0.05, size),
        growth_per_year=np.linspace(-0.2, 0.2, size),
        regularity_k=np.linspace(0.5, 4, size),
        quarterly_value_cv=np.linspace(1, 0.1, size),
        days_beyond_terms=pa.array([None] * size, pa.float64()),
        tenure_months=np.linspace(1, 60, size),
        repeat_rate=np.linspace(0, 1, size),
    )
    found = formulate(Programme.default(), table)
    assert found.problem.limits[0].bound == 20
    assert np.all(np.diff(found.problem.utility) > 0)
    assert found.scores.measures[0] == "share_of_firm_sales"
    assert found.notes == (
        "Contribution reads share_of_firm_sales, because no account has share_of_firm_contribution.",
        "Payment counts the same for every account: none has days_beyond_terms.",
    )


@given(st.permutations(list("ABCDEFG")), st.integers(1, 7))
def test_the_order_of_rows_changes_nothing(order: list[str], at_most: int) -> None:
    sales = {key: float((3 * i) % 7) for i, key in enumerate("ABCDEFG")}
    one = programme(f'[candidates]\nat_most = {at_most}\n[[floor]]\nfield = "region"\naccounts_at_least = 1\n')

    def problem(keys: list[str]) -> tuple[object, ...]:
        table = accounts(keys, net_sales=[sales[k] for k in keys], region=["NS"["ACE".count(k)] for k in keys])
        found = formulate(one, table)
        limits = [(x.name, x.numerator.tolist()) for x in found.problem.limits]
        return found.problem.accounts, found.problem.utility.tolist(), limits, found.notes, len(found.excluded_because)

    assert problem(order) == problem(list("ABCDEFG"))
