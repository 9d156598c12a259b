import numpy as np
import pytest

from openkam.analytics.selection.formulate import Formulation, formulate
from openkam.analytics.selection.limits import MOST_VALUES_OF_EACH
from openkam.analytics.selection.problem import Limit, Sense
from openkam.analytics.selection.programme_document import ProgrammeError
from tests.factories.programmes import LIMITS, accounts, programme


def limit(found: Formulation, name: str) -> Limit:
    return next(one for one in found.problem.limits if one.name == name)


def names(found: Formulation) -> list[str]:
    return [one.name for one in found.problem.limits]


def usage(one: Limit, chosen: list[int]) -> float:
    """The limit's left side over its denominator for a set of candidates."""
    x = np.zeros(len(one.numerator))
    x[chosen] = 1
    return float(one.numerator @ x) / (1.0 if one.denominator is None else float(one.denominator @ x))


def test_counts_budget_and_hours_become_limits_with_words_and_units() -> None:
    limits = """
[limits]
accounts_at_least = 1
accounts_at_most = 3
budget_per_year = 150000
hours_per_year = 1180
prospects_at_least = 2
"""
    body = "[effort]\nhours = 100\ncost = 6000\n[candidates]\ninclude_prospects = true\n"
    found = formulate(programme(body, limits=limits), accounts(is_prospect=[False, True, True]))
    assert [(x.name, x.label, x.unit, x.sense, x.bound, x.step, x.own_label) for x in found.problem.limits] == [
        ("accounts_at_most", "Accounts", "accounts", Sense.AT_MOST, 3, 1, ""),
        ("accounts_at_least", "Accounts", "accounts", Sense.AT_LEAST, 1, 1, ""),
        ("prospects", "Prospects", "accounts", Sense.AT_LEAST, 2, 1, ""),
        ("budget", "Budget", "EUR/year", Sense.AT_MOST, 150000, 1000, "its own cost"),
        ("hours", "Manager hours in all", "hours/year", Sense.AT_MOST, 1180, 1, "its own hours"),
    ]
    assert limit(found, "prospects").numerator.tolist() == [0, 1, 1]
    assert limit(found, "budget").numerator.tolist() == [6000] * 3
    assert limit(found, "hours").numerator.tolist() == [100] * 3


@pytest.mark.parametrize(("budget", "step"), [(0, 1), (0.5, 1), (99, 1), (999, 1), (1000, 10), (2e6, 1e4)])
def test_the_step_of_a_budget_is_about_a_hundredth(budget: float, step: float) -> None:
    found = formulate(programme("[effort]\ncost = 1", limits=f"\n[limits]\nbudget_per_year = {budget}\n"), accounts())
    assert limit(found, "budget").step == step


def test_the_mean_expected_loss_leaves_out_what_is_unknown() -> None:
    body_limits = "\n[limits]\naccounts_at_most = 3\nmean_expected_loss_rate_at_most = 0.02\n"
    table = accounts("ABCD", net_sales=[100.0, 300.0, 500.0, None], expected_loss=[4.0, 3.0, None, 1.0])
    found = formulate(programme(limits=body_limits), table)
    one = limit(found, "mean_expected_loss")
    assert (one.unit, one.bound, one.own_label) == ("share of sales", 0.02, "its own expected loss")
    assert usage(one, [0, 1]) == pytest.approx(7 / 400)
    assert usage(one, [0, 1, 2]) == pytest.approx(7 / 400)
    assert usage(one, [0, 3]) == pytest.approx(5 / 100)
    assert "Mean expected loss leaves out 1 candidate for which it is unknown." in found.notes


def test_the_mean_expected_loss_says_nothing_where_all_is_known() -> None:
    body_limits = "\n[limits]\naccounts_at_most = 3\nmean_expected_loss_rate_at_most = 0.02\n"
    found = formulate(programme(limits=body_limits), accounts(expected_loss=[4.0, 3.0, 0.0]))
    assert limit(found, "mean_expected_loss").numerator.tolist() == [4, 3, 0]
    assert found.notes == ()


def test_floors_count_members_and_one_with_a_value_replaces_each() -> None:
    body = '[[floor]]\nfield = "region"\nvalue = "W"\naccounts_at_least = 2\n[[floor]]\nfield = "region"\naccounts_at_least = 1\n'
    found = formulate(programme(body), accounts("ABCD", region=["W", "E", None, "W"]))
    assert names(found) == ["accounts_at_most", "floor:region:E", "floor:region:W"]
    one = limit(found, "floor:region:W")
    assert (one.label, one.unit, one.sense, one.bound, one.step) == ("Accounts in region W", "accounts", Sense.AT_LEAST, 2, 1)
    assert one.numerator.tolist() == [1, 0, 0, 1]
    assert limit(found, "floor:region:E").bound == 1


def test_caps_are_shares_of_the_sales_of_the_chosen() -> None:
    body = '[[cap]]\nfield = "group_name"\nshare_of_sales_at_most = 0.55\n'
    table = accounts("ABCDE", net_sales=[100.0, 50.0, None, -20.0, 50.0], group_name=["G", "G", "H", "H", None])
    found = formulate(programme(body), table)
    assert names(found) == ["accounts_at_most", "cap:group_name:G"]
    one = limit(found, "cap:group_name:G")
    assert (one.label, one.unit, one.sense, one.bound, one.step) == (
        "Group G",
        "share of sales",
        Sense.AT_MOST,
        0.55,
        0.01,
    )
    assert usage(one, [0, 1, 4]) == pytest.approx(0.75)
    assert usage(one, [0, 3, 4]) == pytest.approx(100 / 150)
    assert "Caps on shares of sales count 1 candidate without net sales as 0." in found.notes
    assert "Caps on shares of sales count 1 candidate with negative net sales as 0." in found.notes


def test_a_cap_on_a_value_without_sales_is_no_limit() -> None:
    body = '[[cap]]\nfield = "industry"\nshare_of_sales_at_most = 0.5\n'
    assert names(formulate(programme(body), accounts(net_sales=[None, 5.0, 6.0], industry=["A", "B", "B"]))) == [
        "accounts_at_most",
        "cap:industry:B",
    ]


def test_a_value_is_known_by_all_accounts_overrides_included() -> None:
    body = '[[account]]\naccount = "A"\nindustry = "Food"\n'
    body += '[[cap]]\nfield = "industry"\nvalue = "Food"\nshare_of_sales_at_most = 0.4\n'
    found = formulate(programme(body), accounts(industry=["Steel", None, "Steel"]))
    assert limit(found, "cap:industry:Food").numerator.tolist() == [10, 0, 0]


@pytest.mark.parametrize("table", ["floor", "cap"])
def test_a_value_that_no_account_has_is_refused(table: str) -> None:
    key = "accounts_at_least = 1" if table == "floor" else "share_of_sales_at_most = 0.5"
    body = f'[[{table}]]\nfield = "region"\nvalue = "Wset"\n{key}\n'
    with pytest.raises(ProgrammeError) as caught:
        formulate(programme(body), accounts(region=["West", "East", "East"]))
    assert str(caught.value) == (
        f'test.toml, line 15, [[{table}]] 1: no account has region "Wset" (did you mean "West"?): correct it. Known: East, West.'
    )
    with pytest.raises(ProgrammeError, match="Known: none"):
        formulate(programme(body), accounts())


def test_each_of_very_many_values_is_refused() -> None:
    body = '[[floor]]\nfield = "industry"\naccounts_at_least = 1\n'
    keys = [f"A{i}" for i in range(MOST_VALUES_OF_EACH + 1)]
    with pytest.raises(
        ProgrammeError, match=r"\[\[floor\]\] 1: industry has 501 values, more than 500: name the ones that matter"
    ):
        formulate(programme(body), accounts(keys, industry=keys))


def test_names_of_limits_are_unique() -> None:
    body = "".join(f'[[floor]]\nfield = "{f}"\naccounts_at_least = 1\n' for f in ("region", "country", "industry"))
    found = formulate(programme(body, limits=LIMITS), accounts(region=["N"] * 3, country=["N"] * 3, industry=["N"] * 3))
    assert len(set(names(found))) == len(names(found)) == 4
