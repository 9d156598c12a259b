import pytest

from openkam.analytics.selection.formulate import formulate
from openkam.analytics.selection.programme_document import ProgrammeError
from tests.factories.programmes import accounts, programme

REGIONS = ["West", "East", None]
INDUSTRIES = ["Food", "Steel", "Food"]


def fit(*managers: str) -> list[list[float]]:
    body = "[effort]\nhours = 40\n"
    body += "".join(f'[[manager]]\nname = "M{i}"\nhours_per_year = {100 + i}\n{keys}\n' for i, keys in enumerate(managers))
    found = formulate(programme(body), accounts(region=REGIONS, industry=INDUSTRIES)).problem
    assert found.managers == tuple(f"M{i}" for i in range(len(managers)))
    assert found.manager_hours.tolist() == [100 + i for i in range(len(managers))]
    assert found.fit.shape == (3, len(managers))
    return found.fit.T.tolist()


def test_a_manager_without_territory_fits_all() -> None:
    assert fit("") == [[1, 1, 1]]


def test_a_territory_shuts_out_the_rest() -> None:
    assert fit('regions = ["West"]', 'industries = ["Food"]', 'regions = ["East"]\nindustries = ["Food"]') == [
        [1, 0, 0],
        [1, 0, 1],
        [0, 0, 0],
    ]


def test_fit_is_the_product_of_region_and_industry() -> None:
    assert fit("fit = { region = { West = 0.8 }, industry = { Food = 0.5 } }") == [pytest.approx([0.4, 1, 0.5])]


def test_an_account_named_goes_before_everything_else() -> None:
    assert fit('regions = ["West"]\nfit = { region = { West = 0.5 }, account = { A = 0, B = 0.9 } }') == [[0, 0.9, 0]]


def test_a_fit_of_an_account_that_is_no_candidate_is_not_needed() -> None:
    body = '[effort]\nhours = 40\n[[manager]]\nname = "M"\nhours_per_year = 1\nfit = { account = { A = 0.5, C = 0.5 } }\n'
    found = formulate(programme(body + "[candidates]\nminimum_net_sales = 15"), accounts()).problem
    assert found.fit.tolist() == [[1], [0.5]]


def test_there_is_no_fit_without_managers() -> None:
    found = formulate(programme(), accounts()).problem
    assert (found.fit.shape, found.manager_hours.shape, found.managers) == ((3, 0), (0,), ())


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (
            'regions = ["Wst"]',
            'line 18, [[manager]] 1: M0: regions names region "Wst", which no account has (did you mean "West"?): correct it.',
        ),
        (
            'industries = ["Fod"]',
            'industries names industry "Fod", which no account has (did you mean "Food"?): correct it. Known: Food, Steel.',
        ),
        ("fit = { region = { North = 1 } }", 'fit names region "North", which no account has: correct it. Known: East, West.'),
        ("fit = { industry = { Steal = 1 } }", 'fit names industry "Steal", which no account has (did you mean "Steel"?)'),
        ("fit = { account = { Z = 1 } }", 'fit names account "Z", which no account has: correct it. Known: A, B, C.'),
    ],
)
def test_it_refuses_names_that_no_account_has(keys: str, words: str) -> None:
    with pytest.raises(ProgrammeError) as caught:
        fit(keys)
    assert words in str(caught.value)
