"""Columns of the list of accounts and of the bin."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import django_tables2 as tables
from django.db.models import Count, QuerySet, Window
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django_tables2.data import TableQuerysetData

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.columns import Column, in_order
from openkam.app.people.models import User
from openkam.app.ui.templatetags.figures import MISSING, as_day, day_text


class AccountColumn(tables.Column):
    """One of the columns of `queries.columns`."""

    def __init__(self, column: Column, *, may_select: bool) -> None:
        attrs = {"th": {"class": "num"}, "td": {"class": "num"}} if column.is_number else {}
        super().__init__(verbose_name=column.label, accessor="pk", empty_values=(), orderable=bool(column.sorts_by), attrs=attrs)
        self.column = column
        self.may_select = may_select

    def order(  # pyright: ignore[reportIncompatibleMethodOverride] - the stub knows only a column that does not sort
        self, queryset: QuerySet[Account], is_descending: bool
    ) -> tuple[QuerySet[Account], bool]:
        return in_order(queryset, self.column, is_descending=is_descending), True

    def drawn(self, record: Account) -> str | SafeString:
        """What stands in the cell of an account."""
        if self.column.key == "name":
            return self._name(record)
        if self.column.key == "tags":
            return format_html_join(" ", '<span class="tag">{}</span>', ((tag.name,) for tag in record.tags.all())) or MISSING
        value = self.column.value(record)
        if value is None or value == "":
            return MISSING
        if day := as_day(value):
            return day_text(day)
        return f"{value:,}" if self.column.is_number else str(value)

    def _name(self, account: Account) -> SafeString:
        link = format_html('<a class="name" href="{}">{}</a>', account.get_absolute_url(), account.name)
        if not self.may_select:
            return link
        box = '<span class="row-x"><input class="ck" type="checkbox" name="ids" value="{}" aria-label="Choose {}">{}</span>'
        return format_html(box, account.pk, account.name, link)


class AccountPages(TableQuerysetData):
    """Reads a page in two steps, its keys and then its rows: a late page walks an index and not the accounts before it.

    `counts_along` is for accounts that a fragment of a name finds: the first so many keys then come with the number of all that
    match, in one search and not in two.
    """

    def __init__(
        self, accounts: QuerySet[Account], fetch: Callable[[Sequence[int]], list[Account]], counts_along: int | None
    ) -> None:
        super().__init__(accounts)
        self.fetch = fetch
        self.counts_along = counts_along
        self._length: int | None = None
        self.first_keys: list[int] = []

    def __len__(self) -> int:
        if self.counts_along is not None and self._length is None:
            found = list(self.data.values_list("pk", Window(Count("*")))[: self.counts_along])
            self.first_keys = [key for key, _ in found]
            self._length = found[0][1] if found else 0
        return super().__len__()

    def __getitem__(self, page: slice) -> list[Account]:
        is_first = self.first_keys and not page.start and page.stop is not None and page.stop <= len(self.first_keys)
        keys = self.first_keys[page] if is_first else list(self.data.values_list("pk", flat=True)[page])
        return self.fetch(keys)


class AccountTable(tables.Table):
    """One row per account, in the chosen columns. `fetch` gives the accounts of some keys with what the columns read.

    For `counts_along` see `AccountPages`.
    """

    class Meta:
        attrs: ClassVar[dict[str, str]] = {"class": "t d rows"}
        empty_text = "No account matches. Take a filter away, or add an account."
        order_by = ("name",)

    def __init__(
        self,
        accounts: QuerySet[Account],
        *,
        shown: Sequence[Column],
        may_select: bool,
        fetch: Callable[[Sequence[int]], list[Account]],
        counts_along: int | None = None,
        **fields: Any,
    ) -> None:
        columns = [(column.key, AccountColumn(column, may_select=may_select)) for column in shown]
        super().__init__(AccountPages(accounts, fetch, counts_along), extra_columns=columns, **fields)


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
