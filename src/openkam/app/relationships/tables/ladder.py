"""Accounts by the rung they have reached."""

from collections.abc import Callable
from typing import Any, ClassVar

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.data import TableQuerysetData

from openkam.app.accounts.models import Account
from openkam.app.relationships.queries.loyalty import LadderView
from openkam.app.ui.templatetags.ui import known


class LadderPages(TableQuerysetData):
    """Reads a page of accounts and reckons the ladders of these alone."""

    def __init__(self, accounts: QuerySet[Account], ladders: Callable[[list[int]], dict[int, LadderView]]) -> None:
        super().__init__(accounts)
        self.ladders = ladders

    def __getitem__(self, page: slice) -> list[tuple[Account, LadderView]]:
        accounts = list(self.data[page])
        views = self.ladders([account.pk for account in accounts])
        return [(account, views[account.pk]) for account in accounts]


class LadderTable(tables.Table):
    """One row per account: its rung, what breaks the ladder, what it holds above the break. Rows are pairs of account and ladder."""

    account = tables.Column(empty_values=(), orderable=False)
    rung = tables.Column("Highest unbroken rung", empty_values=(), orderable=False)
    missing = tables.Column("Missing for the next", empty_values=(), orderable=False)
    beyond = tables.Column("Held above the break", empty_values=(), orderable=False)
    manager = tables.Column(empty_values=(), orderable=False)

    class Meta:
        attrs: ClassVar[dict[str, str]] = {"class": "t d rows"}
        caption = "Accounts on the ladder"
        empty_text = "No account stands here."
        per_page = 50

    def __init__(
        self, accounts: QuerySet[Account], *, ladders: Callable[[list[int]], dict[int, LadderView]], **fields: Any
    ) -> None:
        super().__init__(LadderPages(accounts, ladders), **fields)

    def render_account(self, record: Any) -> SafeString:
        """The name leads to the stage page, where the whole ladder stands."""
        account = record[0]
        return format_html('<a class="name" href="{}">{}</a>', reverse("relationships:stage", args=[account.pk]), account.name)

    def render_rung(self, record: Any) -> object:
        """In words; a dash where not even a prospect is known."""
        return known(record[1].headline)

    def render_missing(self, record: Any) -> object:
        """What it would take."""
        return known(record[1].missing)

    def render_beyond(self, record: Any) -> object:
        """For instance a recommendation of somebody who does not buy yet."""
        return known(", ".join(record[1].beyond))

    def render_manager(self, record: Any) -> object:
        """Who looks after it."""
        return known(record[0].manager.name if record[0].manager else "")
