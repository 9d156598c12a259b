"""Rows and headings of a table, drawn at once and not in the template: a page of a list has hundreds of cells."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from openkam.app.ui.templatetags.icons import icon_svg
from openkam.app.ui.templatetags.markup import escaped, joined


def row_cells(row: Any) -> SafeString:
    """The cells of a row.

    A column with a method `drawn` is asked for the text of a record at once; its cells have the same attributes in every row.
    """
    return joined(_cell(row, column) for column in row.table.columns)


def headings(table: Any, query: Mapping[str, object]) -> SafeString:
    """The headings of a table's columns; those that sort link to this page's `query` in their order."""
    return joined(_heading(column, table.prefixed_order_by_field, query) for column in table.columns)


def _cell(row: Any, column: Any) -> str:
    drawn = getattr(column.column, "drawn", None)
    if drawn is None:
        column.current_value, column.current_record = row.get_cell(column.name), row.record  # what its attributes may ask for
        return f"{_opened(column)}{escaped(column.current_value)}</td>"
    if "_td" not in column.__dict__:
        column.__dict__["_td"] = _opened(column)
    return f"{column.__dict__['_td']}{escaped(drawn(row.record))}</td>"


def _opened(column: Any) -> str:
    return f'<td {column.attrs["td"].as_html()} data-label="{escaped(column.header)}">'


def _heading(column: Any, order_field: str, query: Mapping[str, object]) -> str:
    said, sorts = escaped(column.header), column.order_by_alias
    opened = f'<th scope="col" {column.attrs["th"].as_html()}'
    if column.is_ordered:
        opened += f' aria-sort="{"ascending" if sorts.is_ascending else "descending"}"'
    if not column.orderable:
        return f"{opened}>{said}</th>"
    arrow = icon_svg("chevron-up" if sorts.is_ascending else "chevron-down") if column.is_ordered else ""
    address = escaped("?" + urlencode({**query, order_field: sorts.next}, doseq=True))
    return f'{opened}><a href="{address}">{said}{arrow}</a></th>'
