"""Icons, charts, headings and links as templates use them."""

import pytest
from django.template import engines
from django.test import RequestFactory

from openkam.app.ui.templatetags.assets import SCRIPTS, STYLES, UnknownIconError, icon_shapes
from openkam.app.ui.templatetags.ui import icon
from openkam.config.navigation import DESTINATIONS


def rendered(source: str, query: str = "", **context: object) -> str:
    return engines["django"].from_string("{% load ui %}" + source).render(context, RequestFactory().get(f"/{query}"))


def test_an_icon_is_drawn_in_place_and_named_only_where_it_stands_alone() -> None:
    assert 'aria-hidden="true"' in icon("check")
    assert 'role="img" aria-label="done &quot;"' in icon("check", label='done "')
    assert 'class="ti good"' in icon("check", "good")


def test_a_wrong_icon_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UnknownIconError, match="no-such-icon"):
        icon("no-such-icon")


def test_the_navigation_names_icons_that_exist() -> None:
    assert [item.icon for item in DESTINATIONS if item.icon not in icon_shapes()] == []


def test_every_file_of_the_page_is_linked_in_its_order() -> None:
    page = rendered("{% stylesheets %}{% scripts %}")
    positions = [page.index(name) for name in (*STYLES, *SCRIPTS)]
    assert positions == sorted(positions)


def test_the_heading_says_what_the_tab_says() -> None:
    source = '{% extends "ui/guest.html" %}{% block title %}Sign {{ word }}{% endblock %}'
    page = engines["django"].from_string(source).render({"word": "in & out"}, RequestFactory().get("/"))
    assert "<title>Sign in &amp; out · OpenKAM</title>" in page
    assert "<h1>Sign in &amp; out</h1>" in page


def test_a_link_keeps_filter_and_order() -> None:
    assert rendered('{% query_with "page" 3 %}', "?sort=-name&page=2&q=a%26b") == "?sort=-name&amp;page=3&amp;q=a%26b"


def test_a_chart_carries_its_words_its_table_and_a_spec_that_cannot_break_out() -> None:
    spec = {"data": {"values": [{"name": "</script><script>alert(1)</script>"}]}}
    page = rendered(
        '{% chart "sales" spec title=title text="They grow." columns=columns rows=rows source="Ledger 1" %}',
        spec=spec,
        title="Sales <b>",
        columns=["Month", "USD"],
        rows=[("May", 2329), ("June", None), ("<i>July</i>", -1)],
    )
    assert page.count("<script") == 1
    assert '<script id="sales" type="application/json">' in page
    assert "Sales &lt;b&gt;" in page
    assert "2,329" in page
    assert 'title="not known"' in page
    assert '<tr><td>&lt;i&gt;July&lt;/i&gt;</td><td class="num"><span class="val">−1</span></td></tr>' in page
    assert "They grow." in page


def test_a_chart_from_an_address_has_no_spec_in_the_page() -> None:
    page = rendered('{% chart "sales" title="Sales" text="They grow." url="/sales.json" %}')
    assert 'data-url="/sales.json"' in page
    assert "<script" not in page
    assert "<table" not in page


def test_days_of_a_sentence_are_written_as_everywhere_and_it_stays_escaped() -> None:
    page = rendered("{{ told|days }}", told="Up to 2016-05-31 <b> 12016-05-31 2016-13-40")
    assert page == "Up to 31\N{NO-BREAK SPACE}May\N{NO-BREAK SPACE}2016 &lt;b&gt; 12016-05-31 2016-13-40"
