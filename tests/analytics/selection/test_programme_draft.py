import numpy as np
import pyarrow as pa
import pytest

from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_draft import draft_programme
from openkam.analytics.terms import OpenKamError
from tests.factories.programmes import accounts


def firm(**columns: object) -> pa.Table:
    keys = [f"C{i}" for i in range(200)]
    amounts = [float(int(1000 * 1.05**i)) for i in range(200)]
    return accounts(keys, net_sales=amounts, **columns)  # type: ignore[arg-type]


def points(text: str, name: str) -> tuple[tuple[float, float], ...]:
    return next(c.points for c in Programme.parse(text).criteria if c.name == name)


def test_it_writes_rounded_quantiles_of_contribution_as_fixed_numbers() -> None:
    earned = [i * 100.0 - 1000 for i in range(200)]
    text = draft_programme(firm(contribution_margin=earned), "EUR")
    above = np.array([e for e in earned if e > 0])
    programme = Programme.parse(text)
    assert programme.currency == "EUR"
    assert programme.criteria[0].measure == "contribution_margin"
    assert programme.criteria[0].fallback_measure is None
    expected = [float(f"{q:.1e}") for q in np.quantile(above, [0.5, 0.9, 1.0])]
    assert [x for x, _ in points(text, "contribution")] == pytest.approx([0, *sorted(set(expected))])
    assert points(text, "contribution")[0][1] == 0
    assert points(text, "contribution")[-1][1] == 1


def test_many_accounts_tell_the_top_hundredth_from_the_rest() -> None:
    earned = [1.02**i for i in range(1500)]
    table = accounts([f"C{i}" for i in range(1500)], contribution_margin=earned)
    drafted = points(draft_programme(table, "EUR"), "contribution")
    assert [v for _, v in drafted] == [0, 0.05, 0.2, 0.6, 1]
    assert drafted[3][0] == float(f"{np.quantile(earned, 0.99):.1e}")


def test_it_reads_net_sales_where_no_account_has_a_contribution() -> None:
    programme = Programme.parse(draft_programme(firm(contribution_margin=[None] * 200), "USD"))
    assert (programme.criteria[0].measure, programme.criteria[0].label) == ("net_sales", "Net sales")


def test_a_falling_criterion_is_drafted_falling() -> None:
    text = draft_programme(firm(days_beyond_terms=[i * 0.5 for i in range(200)]), "EUR")
    drafted = points(text, "credit")
    assert drafted[0] == (5.0, 1.0)
    assert drafted[-1] == (95.0, 0.0)


def test_a_criterion_on_which_accounts_do_not_differ_is_left_out_and_said_so() -> None:
    text = draft_programme(firm(growth_per_year=[0.1] * 200), "EUR")
    assert "# Growth is left out: the accounts do not differ in growth_per_year." in text
    assert "# Payment is left out" in text
    assert [c.name for c in Programme.parse(text).criteria] == ["contribution"]


def test_tiny_and_zero_levels_stay_valid_toml() -> None:
    text = draft_programme(
        firm(growth_per_year=[1e-12 * i for i in range(-10, 190)], repeat_rate=[0.0] * 100 + [0.5] * 100), "EUR"
    )
    assert points(text, "growth")[-1][0] == pytest.approx(1.8e-10)
    assert points(text, "repeat")[0] == (0.0, 0.0)


def test_it_refuses_what_gives_nothing_to_draft_from() -> None:
    with pytest.raises(OpenKamError, match="nothing to draft a programme from"):
        draft_programme(accounts(net_sales=[None, None, None]), "EUR")
    with pytest.raises(OpenKamError, match="'eur\"' is no ISO 4217 code"):
        draft_programme(firm(), 'eur"')
