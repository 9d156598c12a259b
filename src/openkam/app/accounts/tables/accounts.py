"""Columns of the list of accounts and of the bin."""

from collections.abc import Sequence
from typing import Any, ClassVar

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.columns import Column
from openkam.app.people.models import User
from openkam.app.ui.templatetags.figures import MISSING, as_day, day_text

NULLABLE = frozenset({"employees", "manager__name", "team__name"})
"""What may be missing; it stands last, whichever way the list is sorted."""


class AccountColumn(tables.Column):
    """One of the columns of `queries.columns`."""

    def __init__(self, column: Column, *, may_select: bool) -> None:
        attrs = {"th": {"class": "num"}, "td": {"class": "num"}} if column.is_number else {}
        super().__init__(verbose_name=column.label, accessor="pk", empty_values=(), orderable=bool(column.sorts_by), attrs=attrs)
        self.column = column
        self.may_select = may_select

    def order(self, queryset: QuerySet[Account], is_descending: bool) -> tuple[QuerySet[Account], bool]:
        """Sort, ties by name and number, so that no row stands on two pages."""
        first, *others = self.column.sorts_by
        if first in NULLABLE:
            order: list[Any] = [F(first).desc(nulls_last=True) if is_descending else F(first).asc(nulls_last=True), *others]
        else:
            order = [f"{'-' if is_descending else ''}{field}" for field in self.column.sorts_by]
        return queryset.order_by(*order), True

    def render(self, record: Account) -> str | SafeString:
        match self.column.key:
            case "name":
                return self._name(record)
            case "tags":
                return format_html_join(" ", '<span class="tag">{}</span>', ((tag.name,) for tag in record.tags.all())) or MISSING
        value = self.column.value(record)
        if value is None or value == "":
            return MISSING
        if day := as_day(value):
            return day_text(day)
        return f"{value:,}" if self.column.is_number else str(value)

    def _name(self, account: Account) -> SafeString:
        link = format_html('<a class="name" href="{}">{}</a>', reverse("accounts:detail", args=[account.pk]), account.name)
        if not self.may_select:
            return link
        box = '<span class="row-x"><input class="ck" type="checkbox" name="ids" value="{}" aria-label="Choose {}">{}</span>'
        return format_html(box, account.pk, account.name, link)


class AccountTable(tables.Table):
    """One row per account, in the chosen columns."""

    class Meta:
        attrs: ClassVar[dict[str, str]] = {"class": "t d rows"}
        empty_text = "No account matches. Take a filter away, or add an account."
        order_by = ("name",)

    def __init__(self, accounts: QuerySet[Account], *, shown: Sequence[Column], may_select: bool, **fields: Any) -> None:
        columns = [(column.key, AccountColumn(column, may_select=may_select)) for column in shown]
        super().__init__(accounts, extra_columns=columns, **fields)


class BinTable(tables.Table):
    """Deleted accounts."""

    name = tables.Column(orderable=False)
    kind = tables.Column(orderable=False)
    manager = tables.Column(orderable=False)
    deleted_at = tables.Column(verbose_name="Deleted", orderable=False)
    deleted_by = tables.Column(verbose_name="By", orderable=False)
    restore = tables.TemplateColumn(
        template_name="accounts/restore_button.html", verbose_name=mark_safe('<span class="sr">Restore</span>'), orderable=False
    )

    class Meta:
        attrs: ClassVar[dict[str, str]] = {"class": "t d rows"}
        empty_text = "The bin is empty."

    def render_deleted_at(self, value: object) -> str:
        day = as_day(value)
        return day_text(day) if day else ""

    def render_deleted_by(self, value: User) -> str:
        return value.name
