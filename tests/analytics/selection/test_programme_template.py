import re

from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_schema import TABLES
from openkam.analytics.selection.programme_template import programme_template


def with_examples() -> str:
    """The template with the # taken from every example line."""
    text = re.sub(r"(?m)^#(?! |$)", "", programme_template())
    return text.replace("include_prospects = false", "include_prospects = true")


def test_it_parses_to_a_programme_that_sums_up_to_a_hundred() -> None:
    programme = Programme.parse(programme_template())
    assert sum(c.weight for c in programme.criteria) == 100
    assert programme.limits.accounts_at_most == 20
    assert programme.currency is None


def test_it_names_only_measures_that_suit_a_firm_of_any_size() -> None:
    measures = {c.measure for c in Programme.default().criteria} | {c.fallback_measure for c in Programme.default().criteria}
    assert measures == {
        None, "share_of_firm_contribution", "share_of_firm_sales", "growth_per_year", "regularity_k", "quarterly_value_cv",
        "days_beyond_terms", "tenure_months", "repeat_rate",
    }  # fmt: skip


def test_its_examples_parse_once_the_mark_is_taken_away() -> None:
    programme = Programme.parse(with_examples())
    assert [c.name for c in programme.criteria][-1] == "strategic"
    assert programme.managers[0].account_fit == (("C-1001", 1.0),)
    assert programme.provision.buckets[1] == (1.0, 0.016)


def test_it_shows_every_table() -> None:
    text = with_examples()
    for table in TABLES.values():
        heading = table.heading.rstrip("]")
        assert heading in text, heading


def test_it_is_no_wider_than_a_screen_and_plain_ascii() -> None:
    assert max(map(len, programme_template().splitlines())) <= 130
    assert programme_template().isascii()
