import pytest

from openkam.analytics.selection.programme_document import ProgrammeError
from openkam.analytics.selection.programme_terms import AccountManager, Cap, Conflict, Floor, Gate, PinnedAccount, SelectionLimits
from tests.factories.programmes import programme

MANAGER = '[[manager]]\nname = "M"\nhours_per_year = 9\n'


def refused(body: str, limits: str = "\n[limits]\naccounts_at_most = 3\n") -> str:
    with pytest.raises(ProgrammeError) as caught:
        programme(body, limits=limits)
    return str(caught.value)


def test_limits_are_read() -> None:
    body = "[candidates]\ninclude_prospects = true\n[effort]\nhours = 1\ncost = 1\n"
    limits = """
[limits]
accounts_at_least = 1
accounts_at_most = 3
budget_per_year = 100
hours_per_year = 200
prospects_at_least = 2
mean_expected_loss_rate_at_most = 0.01
group_coherence = true
"""
    assert programme(body, limits=limits).limits == SelectionLimits(1, 3, 100.0, 200.0, 2, 0.01, True)


@pytest.mark.parametrize("key", ["accounts_at_least", "prospects_at_least"])
def test_it_refuses_more_at_least_than_at_most(key: str) -> None:
    limits = f"\n[limits]\naccounts_at_most = 3\n{key} = 4\n"
    message = refused("", limits)
    assert message == f"test.toml, line 13, [limits]: {key} is 4, above accounts_at_most, 3: lower the one or raise the other."


def test_managers_are_read() -> None:
    body = "[effort]\nhours = 1\n" + MANAGER + 'regions = ["W"]\nindustries = ["Food"]\n'
    body += 'fit = { region = { W = 0.5, E = 1 }, industry = { Food = 0.9 }, account = { "C-1" = 0 } }\n'
    assert programme(body).managers == (
        AccountManager("M", 9.0, ("W",), ("Food",), (("E", 1.0), ("W", 0.5)), (("Food", 0.9),), (("C-1", 0.0),)),
    )
    assert '[[manager]] 2: name "M" stands in [[manager]] 1 already' in refused(MANAGER + MANAGER)


def test_fit_may_be_written_as_tables_of_its_own() -> None:
    body = "[effort]\nhours = 1\n" + MANAGER + "[manager.fit.region]\nWest = 0.5\n"
    assert programme(body).managers[0].region_fit == (("West", 0.5),)


def test_floors_and_caps_are_read_and_stand_once() -> None:
    floor = '[[floor]]\nfield = "region"\naccounts_at_least = 2\n'
    cap = '[[cap]]\nfield = "group_name"\nvalue = "G"\nshare_of_sales_at_most = 0.4\n'
    found = programme(floor + cap)
    assert found.floors == (Floor("region", None, 2),)
    assert found.caps == (Cap("group_name", "G", 0.4),)
    assert '[[floor]] 2: value "region = each" stands in [[floor]] 1 already' in refused(floor + floor)
    assert '[[cap]] 2: value "group_name = G" stands in [[cap]] 1 already' in refused(cap + cap)
    assert (
        'field must be one of region, country, industry, category, group_name, but is "regoin" (did you mean "region"?)'
        in refused(floor.replace("region", "regoin"))
    )


def test_a_gate_has_one_bound() -> None:
    gate = '[[gate]]\nmeasure = "late_share"\nreason = "r"\n'
    assert programme(gate + "at_most = 0.5").gates == (Gate("late_share", 0.5, None, "r"),)
    for bounds in ("", "at_most = 1\nat_least = 0\n"):
        assert (
            "[[gate]] 1: needs either at_most or at_least, one of the two: say on which side of the bound an account passes."
            in refused(gate + bounds)
        )


def test_a_conflict_has_two_accounts_or_more() -> None:
    assert programme('[[conflict]]\naccounts = ["A", "B"]\nreason = "r"').conflicts == (Conflict(("A", "B"), "r"),)
    assert "accounts needs two or more accounts: add the one it conflicts with." in refused(
        '[[conflict]]\naccounts = ["A"]\nreason = "r"'
    )


def test_an_account_is_pinned_once() -> None:
    pin = '[[pin]]\naccount = "A"\ndecision = "in"\nreason = "r"\n'
    assert programme(pin).pins == (PinnedAccount("A", True, "r"),)
    assert '[[pin]] 2: account "A" stands in [[pin]] 1 already' in refused(pin + pin.replace('"in"', '"out"'))
