import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_document import ProgrammeError
from openkam.analytics.selection.programme_edit import (
    Edit,
    added_table,
    edited_programme,
    pinned_programme,
    removed_table,
    written,
)
from openkam.analytics.selection.programme_template import programme_template

TEXT = """\
[programme]
name = "Test"

[[criterion]]
name = "worth"
measure = "net_sales"
weight = 1  # of all
points = [
  [0, 0],   # nothing
  [100, 1],
]

[[criterion]]
name = "growth"
measure = "growth_per_year"
weight = 2
points = [[0, 0], [1, 1]]

[limits]
accounts_at_most = 3             # few

[[pin]]
account = "A"
decision = "in"
reason = "frame # agreement"

# Rates
[service_rates.visit]
minutes_per_activity = 5
cost_per_minute = 1
"""


def test_a_number_changes_and_its_comment_stays():
    found = edited_programme(TEXT, [Edit("limits", "accounts_at_most", 7.0), Edit("criterion", "weight", 0.5, 1)])
    assert "accounts_at_most = 7             # few" in found
    assert "weight = 0.5  # of all" in found
    assert found.count("\n") == TEXT.count("\n")


def test_a_value_over_several_lines_is_replaced_whole():
    found = Programme.parse(edited_programme(TEXT, [Edit("criterion", "points", ((0.0, 0.0), (50.0, 1.0)))]))
    assert found.criteria[0].points == ((0.0, 0.0), (50.0, 1.0))
    assert found.criteria[1].points == ((0.0, 0.0), (1.0, 1.0))


def test_a_key_comes_and_goes():
    added = edited_programme(
        TEXT, [Edit("limits", "accounts_at_least", 2), Edit("effort", "hours", 10), Edit("effort", "cost", None)]
    )
    programme = Programme.parse(added)
    assert (programme.limits.accounts_at_least, programme.hours) == (2, 10.0)
    removed = edited_programme(added, [Edit("limits", "accounts_at_least", None), Edit("cap", "field", None)])
    assert Programme.parse(removed).limits.accounts_at_least is None


def test_pins_are_replaced_and_taken_back():
    out = pinned_programme(TEXT, "A", False, 'a "new" reason')
    assert [(p.account, p.is_in, p.reason) for p in Programme.parse(out).pins] == [("A", False, 'a "new" reason')]
    more = pinned_programme(out, "B", True, "first")
    assert [p.account for p in Programme.parse(more).pins] == ["A", "B"]
    none = pinned_programme(pinned_programme(more, "A", None), "B", None)
    assert Programme.parse(none).pins == ()
    assert "# Rates\n[service_rates.visit]" in none


@pytest.mark.parametrize(
    "text",
    ['[programme]\nname = "x"\n', "limits = { accounts_at_most = 3 }\n"],
    ids=["valid without it", "inline"],
)
def test_what_cannot_be_changed_by_itself_is_said(text: str):
    if "limits" in text:
        with pytest.raises(ProgrammeError, match="on a line of its own"):
            edited_programme(text, [Edit("limits", "accounts_at_most", 5)])
    else:
        assert "[limits]\naccounts_at_most = 5" in edited_programme(text, [Edit("limits", "accounts_at_most", 5)])


def test_a_dotted_key_is_refused():
    text = '[[manager]]\nname = "K"\nhours_per_year = 5\nfit.region = { West = 1.0 }\n'
    with pytest.raises(ProgrammeError, match="on a line of its own"):
        edited_programme(text, [Edit("manager", "fit", "x")])


def test_a_pin_written_inline_is_refused():
    text = TEXT.replace("[[pin]]", "#").replace('account = "A"', "#").replace('decision = "in"', "#").replace("reason", "#reason")
    inline = 'pin = [{ account = "A", decision = "in", reason = "r" }]\n' + text
    with pytest.raises(ProgrammeError, match="on a line of its own"):
        pinned_programme(inline, "A", None)


@given(st.floats(min_value=0, max_value=1e9), st.integers(min_value=1, max_value=10_000))
def test_the_template_says_what_was_set(budget: float, most: int):
    edits = [Edit("limits", "budget_per_year", budget), Edit("limits", "accounts_at_most", most), Edit("effort", "cost", 1)]
    found = Programme.parse(edited_programme(programme_template(), edits))
    assert (found.limits.budget_per_year, found.limits.accounts_at_most) == (budget, most)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=50))
def test_any_reason_reads_back_as_written(reason: str):
    assert Programme.parse(pinned_programme(TEXT, "Ä", True, reason)).pins[-1].reason == reason


def test_values_are_written_as_toml():
    assert written(("a", "b")) == '["a", "b"]'
    assert [written(v) for v in (True, False, 3.0, 0.25, 'ä"', None)] == ["true", "false", "3", "0.25", '"ä\\""', ""]


NEW = {"name": "loyalty", "label": 'A "name"', "measure": "product_count", "weight": 3.0, "points": ((0.0, 0.0), (9.0, 1.0))}


def test_a_table_is_added_behind_the_last_of_its_kind():
    found = added_table(TEXT, "criterion", NEW)
    read = Programme.parse(found)
    assert [c.name for c in read.criteria] == ["worth", "growth", "loyalty"]
    assert read.criteria[2].label == 'A "name"'
    assert found.index("loyalty") < found.index("[limits]")
    assert Programme.parse(found).digest != Programme.parse(TEXT).digest
    assert removed_table(found, "criterion", 3).split() == TEXT.split()


def test_the_first_of_its_kind_is_added_at_the_end():
    found = added_table(TEXT, "conflict", {"accounts": ("A", "B"), "reason": "They compete"})
    assert found.rstrip().endswith('reason = "They compete"')


def test_a_removed_table_leaves_the_others_and_their_comments():
    found = removed_table(TEXT, "criterion", 1)
    assert [c.name for c in Programme.parse(found).criteria] == ["growth"]
    assert "# few" in found
