"""From a specification to SVG without colours, fonts or identifiers of its own."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import altair as alt
import pytest

from openkam.analytics.report.charts import drawing
from openkam.analytics.report.charts.theme import COLOURS
from openkam.analytics.report.html import TEMPLATES

ROWS = [{"a": 1, "b": 2.123456, "t": "<b>&\"'"}, {"a": 2, "b": -5.0, "t": "ü"}]


@pytest.fixture(scope="module")
def svg() -> str:
    data = alt.Chart(alt.Data(values=ROWS))
    bars = data.mark_bar(clip=True).encode(x="a:Q", y="b:Q")
    texts = data.mark_text(color=COLOURS["bad"]).encode(x="a:Q", y="b:Q", text="t:N")
    return drawing.draw(alt.layer(bars, texts), 300, 200, 'says "this" & that')


def test_size_and_text_alternative(svg: str) -> None:
    root = ET.fromstring(svg)
    assert root.attrib == {"class": "c", "viewBox": "0 0 300 200", "role": "img", "aria-label": 'says "this" & that'}


def test_colours_become_classes_of_the_style_sheet(svg: str) -> None:
    css = (TEMPLATES / "review.css").read_text()
    assert not re.search(r"#[0-9a-f]{3,6}", svg)
    classes = set(re.findall(r'class="([^"]*)"', svg)) - {"c"}
    assert "f-bad" in classes
    assert all(f".{name}{{" in css for group in classes for name in group.split())


def test_no_font_no_identifier_no_style(svg: str) -> None:
    for word in ("font-family", "id=", "style=", "clip", "xmlns", "href"):
        assert word not in svg


def test_text_is_escaped_and_numbers_are_short(svg: str) -> None:
    assert "&lt;b&gt;&amp;" in svg
    assert not re.search(r"\d\.\d{3}", svg)


def test_the_same_specification_draws_the_same_bytes() -> None:
    chart = alt.layer(alt.Chart(alt.Data(values=ROWS)).mark_line().encode(x="a:Q", y="b:Q"))
    assert drawing.draw(chart, 300, 200, "x") == drawing.draw(chart, 300, 200, "x")


def test_every_colour_stands_for_one_token_with_a_class_each() -> None:
    assert len(set(COLOURS.values())) == len(COLOURS)
    css = Path(TEMPLATES / "review.css").read_text()
    assert all(f".f-{token}{{fill:var(--ok-{token})}}" in css for token in COLOURS)
