"""A table's headings and cells: nothing of a record is markup, headings keep the page's query and say how it is sorted."""

import django_tables2 as tables
from django.test import RequestFactory

from openkam.app.ui.templatetags.table_drawing import headings, row_cells


class Plain(tables.Table):
    name = tables.Column(verbose_name="Name <b>")
    size = tables.Column(attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    note = tables.Column(orderable=False)

    class Meta:
        order_by = ("-size",)


def table() -> Plain:
    return Plain([{"name": "<script>", "size": 3, "note": None}])


def test_a_cell_is_text_and_tells_a_phone_its_column() -> None:
    cells = row_cells(table().rows[0])

    assert "<script>" not in cells
    assert 'data-label="Name &lt;b&gt;">&lt;script&gt;</td>' in cells
    assert 'class="num" data-label="Size">3</td>' in cells


def test_a_heading_sorts_within_the_pages_query_and_turns_round_when_it_is_sorted() -> None:
    query = RequestFactory().get("/", {"kind": ["a", "b"], "q": 'x"&y', "sort": "name"}).GET

    drawn = headings(table(), dict(query))

    name, size, note = drawn.split("</th>")[:3]
    assert 'href="?kind=a&amp;kind=b&amp;q=x%22%26y&amp;sort=name"' in name
    assert "aria-sort" not in name
    assert 'aria-sort="descending"' in size
    assert "sort=size" in size
    assert "<svg" in size
    assert "href" not in note
    assert "aria-sort" not in note
