import pytest

from openkam.analytics.selection.candidates import Decision
from openkam.analytics.selection.formulate import formulate
from openkam.analytics.selection.problem import Pin
from openkam.analytics.selection.programme_document import ProgrammeError
from tests.factories.programmes import HEAD, accounts, programme

PIN_C = '[[pin]]\naccount = "C"\ndecision = "in"\nreason = "agreed"\n'
GATE = '[[gate]]\nmeasure = "late_share"\nat_most = 0.5\nreason = "Pays late"\n'


def test_prospects_are_candidates_only_where_they_are_wanted() -> None:
    table = accounts(is_prospect=[False, True, None])
    without = formulate(programme(), table)
    assert without.problem.accounts == ("A", "C")
    assert without.excluded_because == {1: "it never bought, and the programme takes no prospects (include_prospects)"}
    assert formulate(programme("[candidates]\ninclude_prospects = true"), table).problem.accounts == ("A", "B", "C")


def test_small_accounts_are_left_out_but_not_prospects_or_accounts_pinned_in() -> None:
    body = "[candidates]\nminimum_net_sales = 1000\ninclude_prospects = true\n" + PIN_C
    table = accounts("ABCDE", net_sales=[999.5, None, 1.0, None, 1000.0], is_prospect=[False, False, False, True, False])
    found = formulate(programme(body), table)
    assert found.problem.accounts == ("C", "D", "E")
    assert found.excluded_because == {
        0: "net sales of 1,000, the minimum is 1,000 (minimum_net_sales)",
        1: "no net sales are known, the minimum is 1,000 (minimum_net_sales)",
    }


def test_accounts_lacking_an_excluding_criterion_are_left_out() -> None:
    head = HEAD + 'missing = "exclude"\n'
    found = formulate(programme(PIN_C, head=head), accounts(net_sales=[1.0, None, None]))
    assert found.problem.accounts == ("A", "C")
    assert found.excluded_because == {1: 'nothing is known for Worth (missing = "exclude")'}
    assert found.problem.utility.tolist() == pytest.approx([0.01, 0.0])
    assert "Worth is missing for 1 of 2 candidates: counted as 0." in found.notes


def test_at_most_keeps_the_best_and_drops_gated_accounts_first() -> None:
    body = "[candidates]\nat_most = 3\n" + PIN_C + GATE
    table = accounts("ABCDE", net_sales=[50.0, 40.0, 1.0, 90.0, 60.0], late_share=[0, 0, 0, 0.9, 0])
    found = formulate(programme(body), table)
    assert found.problem.accounts == ("A", "C", "E")
    assert found.excluded_because == dict.fromkeys(
        (1, 3), "its utility is below that of the 3 best, who alone are candidates (at_most)"
    )
    assert "Of 5 accounts the 3 best by utility are candidates; the optimum is proven among those." in found.notes


def test_at_most_says_nothing_where_it_cuts_nothing() -> None:
    assert formulate(programme("[candidates]\nat_most = 3"), accounts()).notes == ()


def test_equals_are_cut_by_the_order_of_their_keys() -> None:
    found = formulate(programme("[candidates]\nat_most = 2"), accounts("CAB", net_sales=[5.0, 5.0, 5.0]))
    assert found.problem.accounts == ("A", "B")


def test_pins_and_gates_become_pins_with_their_words() -> None:
    body = '[[pin]]\naccount = "B"\ndecision = "out"\nreason = "leaving"\n' + GATE
    body += '[[gate]]\nmeasure = "net_sales"\nat_least = 20\nreason = "Too small"\n'
    found = formulate(programme(body), accounts("ABCD", late_share=[0.5, 0.75, None, 0.6], net_sales=[10.0, 20.0, 30.0, 5.0]))
    assert found.problem.pins == (
        Pin(0, False, "Too small (net_sales is 10, below 20)"),
        Pin(1, False, "leaving; Pays late (late_share is 0.75, above 0.5)"),
        Pin(3, False, "Pays late (late_share is 0.6, above 0.5); Too small (net_sales is 5, below 20)"),
    )
    assert found.notes == ("The gate on late_share lets 1 account pass without it.",)


def test_a_gate_that_keeps_out_an_account_pinned_in_is_refused() -> None:
    with pytest.raises(ProgrammeError) as caught:
        formulate(programme(PIN_C + GATE), accounts(late_share=[0, 0, 0.9]))
    assert str(caught.value) == (
        "test.toml, line 13, [[pin]] 1: C must be in, but [[gate]] 1 keeps it out: Pays late (late_share is 0.9, above 0.5). "
        "Remove the pin or change the gate."
    )


def test_a_gate_needs_a_measure_that_exists() -> None:
    with pytest.raises(ProgrammeError, match=r'line 14, \[\[gate\]\] 1: measure "late_share" does not exist: correct it'):
        formulate(programme(GATE), accounts())


def test_a_pin_out_of_an_account_that_is_no_candidate_is_not_needed() -> None:
    body = '[[pin]]\naccount = "A"\ndecision = "out"\nreason = "r"\n[candidates]\nminimum_net_sales = 15'
    assert formulate(programme(body), accounts()).problem.pins == ()
    assert Decision(True, "r").is_in
