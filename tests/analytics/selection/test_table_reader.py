import pytest

from openkam.analytics.selection.programme_document import ProgrammeError
from openkam.analytics.selection.table_reader import LONGEST_TEXT
from tests.factories.programmes import HEAD, programme

RATING_HEAD = HEAD + '[[criterion]]\nname = "r"\nrating = "r"\nweight = 1\nanchors = ["a", "b", "c", "d", "e"]\n'
RATING = '[[rating]]\naccount = "A"\ncriterion = "r"\nvalue = 3\nevidence = "e"\nrated_by = "me"\nrated_on = 2026-01-01\n'
MANAGER = '[effort]\nhours = 1\n[[manager]]\nname = "M"\nhours_per_year = 9\n'


def refused(body: str, head: str = HEAD) -> str:
    with pytest.raises(ProgrammeError) as caught:
        programme(body, head=head)
    return str(caught.value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('"many"', 'weight must be a number, but is "many": write it without quotes, with a decimal point.'),
        ("true", "weight must be a number, but is True: write it without quotes, with a decimal point."),
        ("nan", "weight is nan, which is no number: write one or remove the key."),
        ("-nan", "weight is nan, which is no number: write one or remove the key."),
        ("inf", "weight is inf, beyond 1e+15: write a smaller number."),
        ("-inf", "weight is -inf, beyond 1e+15: write a smaller number."),
        ("1e30", "weight is 1e+30, beyond 1e+15: write a smaller number."),
        ("1e400", "weight is inf, beyond 1e+15: write a smaller number."),
        ("9" * 400, "weight is a number of 400 digits, beyond 1e+15: write a smaller number."),
        ("-0.5", "weight is -0.5, below 0: write at least 0."),
        ("[1]", "weight must be a number, but is [1]: write it without quotes, with a decimal point."),
    ],
)
def test_it_refuses_impossible_numbers(value: str, words: str) -> None:
    head = HEAD.replace("weight = 1", f"weight = {value}")
    assert refused("", head) == f"test.toml, line 8, [[criterion]] 1 (worth): {words}"


def test_it_refuses_a_number_above_its_bound() -> None:
    assert "share_of_sales_at_most is 40, above 1: write at most 1." in refused(
        '[[cap]]\nfield = "region"\nshare_of_sales_at_most = 40'
    )


@pytest.mark.parametrize("value", ["2.0", "true", '"2"'])
def test_it_refuses_what_is_no_whole_number(value: str) -> None:
    assert "accounts_at_least must be a whole number, but is" in refused(
        f'[[floor]]\nfield = "region"\naccounts_at_least = {value}'
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("3", "reason must be text, but is 3: put it in double quotes."),
        ('" "', "reason is empty: say something or remove the key."),
        (f'"{"x" * (LONGEST_TEXT + 1)}"', "reason has 2,001 characters, more than 2,000: shorten it."),
        ('"a\\u001b[2Jb"', 'reason holds a control character in "a�[2Jb": type it anew.'),
        ('"a\\u202eb"', 'reason holds a control character in "a�b": type it anew.'),
    ],
)
def test_it_refuses_impossible_texts(value: str, words: str) -> None:
    message = refused(f'[[pin]]\naccount = "A"\ndecision = "in"\nreason = {value}')
    assert message == f"test.toml, line 16, [[pin]] 1: {words}"


def test_texts_may_be_long_and_hold_line_breaks_and_any_script() -> None:
    found = programme('[[pin]]\naccount = " Ä-株式会社 "\ndecision = "out"\nreason = "one\\n\'; DROP TABLE accounts; --"').pins[0]
    assert (found.account, found.reason) == ("Ä-株式会社", "one\n'; DROP TABLE accounts; --")


def test_it_refuses_a_choice_that_is_none() -> None:
    message = refused('[[pin]]\naccount = "A"\ndecision = "inn"\nreason = "r"')
    assert 'decision must be one of in, out, but is "inn" (did you mean "in"?): correct it.' in message


@pytest.mark.parametrize("name", ["Worth", "1a", "a-b", "a b", "x" * 61, "value; --"])
def test_it_refuses_names_that_are_no_column(name: str) -> None:
    message = refused("", HEAD.replace('"worth"', f'"{name}"'))
    assert "name must be lower-case letters, digits and _ from a letter on, but is" in message


@pytest.mark.parametrize("code", ["euro", "EURO", "E1R", "€"])
def test_it_refuses_a_currency_that_is_no_code(code: str) -> None:
    message = refused("", HEAD.replace("EUR", code))
    words = f'currency must be an ISO 4217 code such as EUR, but is "{code}": write three capitals.'
    assert message == f"test.toml, line 3, [programme]: {words}"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ('regions = "West"', 'regions must be a list of texts, but is "West": write ["…", "…"].'),
        ("regions = [3]", "regions must be text, but is 3: put it in double quotes."),
        ('regions = ["West", "West"]', 'regions names "West" twice: remove one.'),
        ("fit = 3", "fit must be a table of keys, but is 3: write key = value."),
        ("fit = []", "fit must be a table of keys, but is []: write key = value."),
        (
            "fit = { country = { NO = 1 } }",
            "key fit.country is not known: correct or remove it. Known keys: region, industry, account.",
        ),
        ("fit = { region = 1 }", "fit.region must be a table of numbers by name, but is 1: write { West = 1.0 }."),
        ("fit = { region = { West = 1.5 } }", "fit.region is 1.5, above 1: write at most 1."),
    ],
)
def test_it_refuses_impossible_lists_and_tables(key: str, words: str) -> None:
    assert refused(MANAGER + key) == f"test.toml, line 18, [[manager]] 1 (M): {words}"


@pytest.mark.parametrize("value", ["1", '"true"'])
def test_it_refuses_flags_that_are_none(value: str) -> None:
    message = refused(f"[candidates]\ninclude_prospects = {value}")
    assert "line 14, [candidates]: include_prospects must be true or false, but is" in message


@pytest.mark.parametrize("value", ['"2026-01-01"', "2026-01-01T10:00:00", "20260101"])
def test_it_refuses_days_that_are_none(value: str) -> None:
    message = refused(RATING.replace("2026-01-01", value), RATING_HEAD)
    assert "rated_on must be a date, but is" in message
    assert message.endswith("write it without quotes, as 2026-03-31.")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("3", "points must be a list of 2 to 200 pairs: write [[0, 0], [10, 1]]."),
        ("[[0, 0]]", "points must be a list of 2 to 200 pairs: write [[0, 0], [10, 1]]."),
        (str([[i, 0] for i in range(201)]), "points must be a list of 2 to 200 pairs: write [[0, 0], [10, 1]]."),
        ("[[0, 0], [1]]", "points holds [1], no pair: write [level, value]."),
        ("[[0, 0], 1]", "points holds 1, no pair: write [level, value]."),
        ('[[0, 0], ["1", 1]]', 'points holds the level "1": write a number up to 1e+15.'),
        ("[[0, 0], [nan, 1]]", "points holds the level nan: write a number up to 1e+15."),
        ("[[0, 0], [inf, 1]]", "points holds the level inf: write a number up to 1e+15."),
        ("[[0, 0], [true, 1]]", "points holds the level True: write a number up to 1e+15."),
        ("[[0, 0], [1, nan]]", "points is nan, which is no number: write one or remove the key."),
        (
            "[[0, 0], [0, 1]]",
            "points must rise from pair to pair in its first number, but 0 follows 0: put the pairs in rising order.",
        ),
        ("[[0, 0], [1, 2]]", "points: a value must lie between 0 and 1, but one is 2: the best level has value 1, the worst 0."),
        (
            "[[0, 1], [1, 0], [2, 1]]",
            "points: values may rise to one peak and fall from it, but at 2 they rise again to 1: keep one peak",
        ),
        (
            "[[0, 1], [1, 1]]",
            "points: all values are equal, so the criterion tells no account from another: change a value or remove",
        ),
    ],
)
def test_it_refuses_impossible_points(value: str, words: str) -> None:
    head = HEAD.replace("[[0, 0], [100, 1]]", value)
    assert refused("", head).startswith(f"test.toml, line 9, [[criterion]] 1 (worth): {words}")


def test_it_refuses_unknown_and_missing_keys_in_every_table() -> None:
    message = refused('[[gate]]\nmeasure = "x"\nat_mots = 3\nreason = "r"')
    assert message == (
        'test.toml, line 15, [[gate]] 1: key at_mots is not known (did you mean "at_most"?): correct or remove it. '
        "Known keys: measure, at_most, at_least, reason."
    )
    assert refused('[[gate]]\nmeasure = "x"\nat_most = 3') == (
        "test.toml, line 13, [[gate]] 1: key reason is missing: add it (why, in words that stand in the review)."
    )


def test_it_refuses_an_entry_that_is_no_table() -> None:
    head = "pin = [3]\n" + HEAD
    assert refused("", head) == "test.toml, [[pin]] 1: [[pin]] must be a table of keys, but is 3: write key = value."


def test_a_name_with_control_characters_does_not_reach_the_terminal() -> None:
    message = refused("", HEAD.replace('"worth"', '"a\\u001b[31m"'))
    assert message.isprintable()
