"""The style guide's table."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString

from openkam.app.ui.templatetags.ui import amount, bar, signed_share, spark

NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


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
