import pytest

from openkam.analytics.selection.programme_document import ProgrammeError, did_you_mean, listed, read_document, shown


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "[programme\n",
            r"p\.toml, line 1, column 11: this is no valid TOML \(.*\): correct the line; texts stand in double quotes\.",
        ),
        ("a = ", r"p\.toml, line 1: this is no valid TOML \(Invalid value\)"),
        ('[programme]\nname = "x\n', r"p\.toml, line 2, column 10: this is no valid TOML"),
        ("[programme]\n[programme]\n", r"line 2, .*no valid TOML \(Cannot declare"),
        ("a = " + "9" * 5000, "no valid TOML .*limit"),
        ("a = " + "[" * 5000, r"p\.toml: brackets are nested too deep to be a programme: remove them\."),
        ("a\x00 = 1", "no valid TOML"),
    ],
)
def test_it_says_where_toml_is_broken(text: str, words: str) -> None:
    with pytest.raises(ProgrammeError, match=words):
        read_document(text, "p.toml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "\n[programm]\nname = 1",
            r'p\.toml, line 2: "programm" is no table of a programme \(did you mean "programme"\?\): correct or remove',
        ),
        (
            "\nhours_per_year = 3",
            r'p\.toml, line 2: "hours_per_year" is no table of a programme: correct or remove it\. Known tables: \[prog',
        ),
        (
            "[criterion]\nname = 1",
            r"p\.toml, line 1: criterion is given once for each, in double brackets: write it as \[\[criterion\]\]\.",
        ),
        (
            "[[limits]]\naccounts_at_most = 1",
            r"p\.toml, line 1: limits is given once, in single brackets: write it as \[limits\]\.",
        ),
        ("limits = 3", r"p\.toml, line 1: limits is given once, in single brackets"),
        ('"a\\u001b[2J" = 3', r'p\.toml: "a�\[2J" is no table'),
    ],
)
def test_it_refuses_tables_that_no_programme_has(text: str, words: str) -> None:
    with pytest.raises(ProgrammeError, match=words):
        read_document(text, "p.toml")


def test_it_finds_the_line_of_a_key_in_the_right_table() -> None:
    text = "[[pin]]\naccount = 1\n\n[[pin]] # second\n'account' = 2\n[limits]\naccounts_at_most = 1"
    document = read_document(text, "p.toml")
    assert document.line_of("pin", 1, "account") == 2
    assert document.line_of("pin", 2, "account") == 5
    assert document.line_of("pin", 2, "reason") == 4
    assert document.line_of("limits", 0, "accounts_at_most") == 7
    assert document.line_of("limits", 0, "pin") == 6


def test_lines_are_counted_as_editors_do() -> None:
    document = read_document('# a\u2028b\u0085c\r\n[programme]\r\nname = "x"', "p.toml")
    assert document.line_of("programme", 0, "name") == 3


def test_it_gives_no_line_where_it_cannot_be_sure() -> None:
    inline = read_document("pin = [{account = 1}, {account = 2}]", "p.toml")
    assert inline.line_of("pin", 2, "account") is None
    quoted = read_document('[programme]\nname = """\n[[pin]]\n"""\n[[pin]]\naccount = 1', "p.toml")
    assert quoted.line_of("pin", 1, "account") is None
    assert quoted.line_of("gate", 1) is None


def test_a_fault_names_file_line_table_number_and_title() -> None:
    place = read_document("[[pin]]\naccount = 1", "p.toml").place("pin", 1, "A")
    assert str(place.fault("wrong: mend it.", "account")) == "p.toml, line 2, [[pin]] 1 (A): wrong: mend it."


def test_it_guesses_what_was_meant() -> None:
    assert did_you_mean("WEST", ["West", "East"]) == ' (did you mean "West"?)'
    assert did_you_mean("wieght", ["weight"]) == ' (did you mean "weight"?)'
    assert did_you_mean("zzz", ["weight"]) == ""


def test_it_quotes_values_short_and_without_control_characters() -> None:
    assert shown("a\x1b[31m\nb") == '"a�[31m�b"'
    assert len(shown("x" * 500)) == 58
    assert shown(3) == "3"
    assert listed(["a", "b", "c"], at_most=2) == "a, b and 1 more"
