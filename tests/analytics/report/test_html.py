"""The page as text: it stands alone, escapes what it is given, and says what it does not know."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pyarrow as pa
import pytest
from tests.factories.review import make_empty_review, make_review

from openkam.analytics.report.html import review_html
from openkam.analytics.review.review import CriterionNote
from openkam.analytics.selection.problem import Explanations

VOID = {"meta", "link", "br", "img", "hr", "input"}


class Outline(HTMLParser):
    """Reads headings, identifiers, links and the balance of tags."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.attributes: set[str] = set()
        self.tags: set[str] = set()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self._note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "action"):
                self.links.append((tag, value or ""))


@pytest.fixture(scope="module")
def page() -> str:
    return review_html(make_review())


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    assert found.open == []
    return found


def test_nothing_is_fetched_and_nothing_runs(page: str, outline: Outline) -> None:
    assert not {"script", "img", "iframe", "object", "embed", "form", "base"} & outline.tags
    assert "style" not in outline.attributes
    assert not any(name.startswith("on") for name in outline.attributes)
    assert all(link.startswith("data:") for tag, link in outline.links if tag == "link")
    assert not re.search(r"url\((?!data:font/woff2)", page)


def test_the_policy_names_the_style_by_its_digest(page: str) -> None:
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert style is not None
    assert policy is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'")
    assert "unsafe" not in policy[1]


def test_names_are_text_never_markup(page: str) -> None:
    assert "<script" not in page
    assert "&lt;script&gt;alert(" in page


def test_headings_run_in_order_and_links_find_their_places(outline: Outline) -> None:
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(outline.ids) == len(set(outline.ids))
    anchors = {link[1:] for tag, link in outline.links if tag == "a" and link.startswith("#")}
    assert anchors <= set(outline.ids)


def test_every_figure_says_source_and_day_and_has_its_table(page: str) -> None:
    figures = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    assert len(figures) == 4
    for figure in figures:
        assert "Ledger v128" in figure
        assert "As of 31 May 2016" in figure
        assert "<table" in figure
        assert figure.count('role="img"') == 2


def test_what_is_generated_is_labelled(page: str) -> None:
    assert "Generated, not measured:" in page
    measured = make_review().facts.set_column(1, "source", pa.array(["wwi"] * make_review().facts.num_rows))
    plain = review_html(replace(make_review(), illustrative=(), facts=measured))
    assert "tag il" not in re.sub(r"<style>.*</style>", "", plain, flags=re.DOTALL)
    assert "Generated, not measured" not in plain


def test_equal_reviews_give_equal_bytes_whatever_the_clock(page: str) -> None:
    review = make_review()
    assert page == review_html(replace(review, solution=replace(review.solution, seconds=1234.5)))
    assert "1234.5" not in page
    assert "0.1834" not in page


def test_a_review_without_margin_or_choice_says_so() -> None:
    page = review_html(make_empty_review())
    outline = Outline()
    outline.feed(page)
    for words in ("No account left out was examined", "No account is chosen", "No whale curve", "not measured in this ledger"):
        assert words in page
    assert not re.search(r"\b(nan|inf)\b", re.sub(r"base64,[^)]*", "", page).lower())


def test_no_sales_at_all_leaves_the_page_standing() -> None:
    review = make_empty_review()
    bare = review.accounts.drop_columns(["net_sales", "contribution_margin"])
    page = review_html(replace(review, accounts=bare, criteria=(), measures=()))
    assert "No concentration" in page
    assert "No gap worth naming" in page


def test_many_limits_show_the_nearest_and_list_all() -> None:
    review = make_review()
    limits = tuple(replace(review.problem.limits[0], name=f"l{i}", label=f"Limit {i}", bound=14.0 + i) for i in range(60))
    page = review_html(replace(review, problem=replace(review.problem, limits=limits)))
    assert "All 64 limits" in page
    assert page.count('class="meter"') < 40


def test_nine_criteria_still_fit_six_colours() -> None:
    review = make_review()
    more = tuple(CriterionNote(f"x{i}", f"Extra {i}", 0.01, "share", None, ((0.0, 0.0), (1.0, 1.0))) for i in range(3))
    page = review_html(replace(review, criteria=(*review.criteria, *more)))
    assert "b-d7" not in page
    assert "Extra 2" in page


def test_what_was_not_examined_is_not_called_needed() -> None:
    page = review_html(replace(make_review(), explanations=Explanations((), ())))
    assert ">needed<" not in page
    assert "No chosen account was examined" in page
    assert "decisions were not examined" in page
