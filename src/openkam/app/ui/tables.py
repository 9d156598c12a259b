"""How every table is ordered and cut into pages, and the style guide's table."""

from typing import Any

import django_tables2 as tables
from django.core.paginator import EmptyPage
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from openkam.app.ui.templatetags.ui import amount, bar, signed_share, spark

NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}

LONGEST_PAGE_NUMBER = 9
"""Digits: a longer number is no page that somebody meant."""


def paged(request: HttpRequest, table: tables.Table, *, per_page: int | None = None) -> None:
    """Order a table and cut it as the address says; a page that is not there becomes the nearest.

    How long a page is, `per_page` or the table says, never the address.
    """
    tables.RequestConfig(request, paginate=False).configure(table)
    asked = request.GET.get(table.prefixed_page_field, "")
    number = int(asked) if asked.isdecimal() and len(asked) <= LONGEST_PAGE_NUMBER else 1
    try:
        table.paginate(page=max(number, 1), per_page=per_page)
    except EmptyPage:
        table.paginate(page=table.paginator.num_pages, per_page=per_page)


class EveryColumn(tables.Table):
    """Text, tags, figures, changes, bars, lines and what is missing. A table's `caption` names it to a screen reader."""

    caption = "Sample accounts"
    account = tables.Column()
    months = tables.Column("24 months", orderable=False, attrs={"td": {"class": "p2"}, "th": {"class": "p2"}})
    sales = tables.Column("Net sales, USD", attrs=NUMBER)
    change = tables.Column(attrs=NUMBER)
    hours = tables.Column("Hours used", orderable=False)
    state = tables.Column()

    class Meta:
        per_page = 5

    def render_account(self, value: str) -> SafeString:
        """The name opens the drawer."""
        return format_html('<a class="name" href="#" hx-get="drawer/" hx-target="#drawer">{}</a>', value)

    def render_months(self, value: list[object], record: dict[str, Any]) -> SafeString:
        """Shape over time, no size."""
        return spark(value, f"{record['account']}, net sales over 24 months")

    def render_sales(self, value: object) -> SafeString:
        """Whole currency units."""
        return amount(value)

    def render_change(self, value: object) -> SafeString:
        """Against the year before."""
        return signed_share(value)

    def render_hours(self, value: object) -> SafeString:
        """Share of the hours agreed."""
        return bar(value, "f4", "share of hours used")

    def render_state(self, value: tuple[str, str]) -> SafeString:
        """A state that can be filtered by."""
        return format_html('<span class="tag {}">{}</span>', *value)
