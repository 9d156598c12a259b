import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_document import ProgrammeError
from openkam.analytics.selection.programme_template import programme_template
from openkam.analytics.terms import OpenKamError
from tests.factories.programmes import HEAD, LIMITS, programme


def test_it_loads_a_file(tmp_path: Path) -> None:
    file = tmp_path / "programme.toml"
    file.write_bytes(b"\xef\xbb\xbf" + (HEAD + LIMITS).replace("Test", "Schlüsselkunden").encode())
    found = Programme.load(file)
    assert (found.name, found.currency, found.period_months) == ("Schlüsselkunden", "EUR", 12)
    assert found.document.file == str(file)


def test_it_says_where_a_file_is_missing(tmp_path: Path) -> None:
    missing = tmp_path / "none.toml"
    with pytest.raises(
        ProgrammeError, match=r"none\.toml: the programme cannot be read \(No such file or directory\): check the path, or"
    ):
        Programme.load(missing)
    with pytest.raises(ProgrammeError, match="cannot be read"):
        Programme.load(tmp_path)


def test_it_says_where_a_file_is_no_utf8(tmp_path: Path) -> None:
    file = tmp_path / "latin.toml"
    file.write_bytes('[programme]\nname = "Schlüssel"'.encode("latin-1"))
    with pytest.raises(ProgrammeError, match=r"latin\.toml, line 2: a character is not UTF-8: save the file as UTF-8\."):
        Programme.load(str(file))


def test_an_error_is_one_a_user_can_mend() -> None:
    assert issubclass(ProgrammeError, OpenKamError)


VALUES = ["nan", "-1", "1e999", "[]", "{}", '""', "true", "[[0, 0]]", "[[1, 1], [0, 0]]", "2026-01-01", '"x"', "[[]]", "{a = {}}"]


def outcome(text: str) -> str:
    """The digest, or the words of the refusal; any other exception is a fault of ours."""
    try:
        return Programme.parse(text).digest
    except ProgrammeError as error:
        return str(error)


@given(st.text(max_size=200))
def test_any_text_is_refused_in_words(text: str) -> None:
    found = outcome(text)
    assert found.startswith("programme.toml")
    assert "\x1b" not in found


@given(st.data())
def test_no_change_of_one_line_ends_in_a_traceback(data: st.DataObject) -> None:
    lines = re.sub(r"(?m)^#(?! |$)", "", programme_template()).splitlines()
    at = data.draw(st.sampled_from([i for i, line in enumerate(lines) if line and not line.startswith("#")]))
    key = lines[at].partition("=")[0]
    lines[at] = f"{key}= {data.draw(st.sampled_from(VALUES))}" if "=" in lines[at] else ""
    assert re.match(r"programme\.toml|[0-9a-f]{64}$", outcome("\n".join(lines)))


@pytest.mark.parametrize("text", ["", " \n", "# only a comment"])
def test_it_refuses_a_programme_that_says_nothing(text: str) -> None:
    with pytest.raises(ProgrammeError, match=r"p\.toml: .*(is empty: begin it with|\[programme\] is missing)"):
        Programme.parse(text, name="p.toml")


def test_the_default_is_the_template() -> None:
    assert Programme.default() == Programme.parse(programme_template())
    assert Programme.default().digest == Programme.parse(programme_template(), name="other").digest


def test_the_digest_ignores_comments_spacing_and_the_way_a_number_is_written() -> None:
    text = HEAD + LIMITS
    same = "# why\n" + text.replace("weight = 1", "weight   =  1.0  # one").replace("[0, 0]", "[-0.0, 0]")
    assert Programme.parse(same).digest == Programme.parse(text).digest
    assert re.fullmatch(r"[0-9a-f]{64}", Programme.parse(text).digest)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Test", "Toast"),
        ("[100, 1]", "[101, 1]"),
        ("weight = 1", "weight = 2"),
        ("accounts_at_most = 3", "accounts_at_most = 4"),
        ('currency = "EUR"', 'currency = "USD"'),
        ('currency = "EUR"', "period_months = 6"),
    ],
)
def test_the_digest_knows_every_change(old: str, new: str) -> None:
    text = HEAD + LIMITS
    assert Programme.parse(text.replace(old, new)).digest != Programme.parse(text).digest


def test_a_programme_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        programme().name = "other"  # type: ignore[misc]


def test_the_name_of_the_file_takes_no_part_in_equality() -> None:
    assert Programme.parse(HEAD + LIMITS, name="a") == Programme.parse(HEAD + LIMITS, name="b")
    assert hash(Programme.parse(HEAD + LIMITS, name="a")) == hash(Programme.parse(HEAD + LIMITS, name="b"))


@pytest.mark.parametrize(
    ("limits", "body", "words"),
    [
        ("", "", r"\[limits\]: nothing keeps every account from being key: add accounts_at_most, a budget, hours or managers\."),
        ("[limits]\nhours_per_year = 9", "", r"line 12, \[limits\]: hours_per_year needs .* add hours to \[effort\]\."),
        ("[limits]\nbudget_per_year = 9", "", r"line 12, \[limits\]: budget_per_year needs .* add cost to \[effort\]\."),
        ("", '[[manager]]\nname = "M"\nhours_per_year = 9', r"\[\[manager\]\] 1: managers need .* add hours to \[effort\]\."),
        (
            "[limits]\naccounts_at_most = 9\nprospects_at_least = 1",
            "",
            r"line 13, \[limits\]: prospects_at_least asks for prospects, .* set include_prospects = true in \[candidates\]\.",
        ),
    ],
)
def test_it_refuses_sections_that_contradict_each_other(limits: str, body: str, words: str) -> None:
    with pytest.raises(ProgrammeError, match=words):
        programme("\n" + body, limits="\n" + limits)


@pytest.mark.parametrize(
    "body",
    [
        "[effort]\nhours = 3\ncost = 4",
        '[[account]]\naccount = "A"\nhours = 3\ncost = 4',
    ],
)
def test_effort_may_come_from_the_table_or_from_single_accounts(body: str) -> None:
    limits = "\n[limits]\nhours_per_year = 9\nbudget_per_year = 9\n"
    assert programme(f"{body}\n[[manager]]\nname = 'M'\nhours_per_year = 9\n", limits=limits).managers[0].name == "M"
