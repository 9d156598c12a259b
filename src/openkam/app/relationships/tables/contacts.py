"""The contacts over all accounts: columns and filters."""

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar, cast

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_tables2.data import TableQuerysetData

from openkam.app.accounts.forms.fields import PlainSelect
from openkam.app.accounts.queries.pickers import account_by_reference, named
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.people.terms import Function, Level
from openkam.app.relationships.models import Employment
from openkam.app.relationships.queries.contact_list import (
    ContactLine,
    by_last_contact,
    in_post_count,
    lines_of,
    named_or_near,
    untouched_since,
)
from openkam.app.relationships.queries.contacts import visible_buying_roles
from openkam.app.relationships.tables.people import CURRENT, STATES, post_cell, reach_cell, roles_cell, state_filter
from openkam.app.relationships.terms import BuyingCenterRole
from openkam.app.ui.templatetags.figures import MISSING
from openkam.app.ui.templatetags.ui import day


class PostPages(TableQuerysetData):
    """Reads a page in two steps, the keys of its posts and then all that their rows say. `count` tells how many posts there are."""

    def __init__(
        self, posts: QuerySet[Employment], lines: Callable[[list[int]], list[ContactLine]], count: Callable[[], int]
    ) -> None:
        super().__init__(posts)
        self.lines = lines
        self.count = count
        self._length: int | None = None

    def __len__(self) -> int:
        if self._length is None:
            self._length = self.count()
        return self._length

    def __getitem__(self, page: slice) -> list[ContactLine]:
        return self.lines(list(self.data.values_list("pk", flat=True)[page]))


def contact_cell(line: ContactLine) -> SafeString:
    """Leads to the person."""
    person = line.post.contact
    called = f"{person.honorific} {person.name}" if person.honorific else person.name
    tag = format_html(' <span class="tag">{}</span>', "archived") if person.archived_at else ""
    return format_html('<a class="name" href="{}">{}</a>{}', person.get_absolute_url(), called, tag)


def account_cell(line: ContactLine) -> SafeString:
    """Leads to the people of the account."""
    account = line.post.account
    return format_html('<a href="{}">{}</a>', account.get_absolute_url(), account.name)


def held_by_cell(line: ContactLine) -> str | SafeString:
    """Whoever of ours was in touch within a year."""
    return format_html_join("", "<div>{}</div>", ((name,) for name in line.touch.held_by)) or MISSING


class LineColumn(tables.Column):
    """A column whose cell is drawn from a line at once: a page has hundreds of them (`ui.templatetags.ui.cells`)."""

    def __init__(self, label: str, draw: Callable[[ContactLine], str | SafeString], *, orderable: bool = False) -> None:
        super().__init__(label, accessor="post", empty_values=(), orderable=orderable)
        self.drawn = draw


class ContactsTable(tables.Table):
    """One row per post at any account that the user sees."""

    contact = LineColumn("Name", contact_cell, orderable=True)
    post = LineColumn("Post", lambda line: post_cell(line.post))
    account = LineColumn("Account", account_cell, orderable=True)
    roles = LineColumn("When it buys", lambda line: roles_cell(line.roles))
    reach = LineColumn("Reachable by", lambda line: reach_cell(line.post.contact))
    last_contact = LineColumn(
        "Last contact", lambda line: day(line.touch.last_at) if line.touch.last_at else MISSING, orderable=True
    )
    held_by = LineColumn("Known by", held_by_cell)

    class Meta:
        attrs: ClassVar[dict[str, str]] = {"class": "t d rows"}
        caption = "Contacts"
        empty_text = "Nobody matches. Take a filter away, or search for fewer letters."
        order_by = ("contact",)

    def __init__(self, posts: QuerySet[Employment], *, user: User, count: Callable[[], int], **fields: Any) -> None:
        self.user = user  # before the rest, which sorts at once
        super().__init__(PostPages(posts, lambda keys: lines_of(user, keys), count), **fields)

    def order_contact(self, posts: QuerySet[Employment], is_descending: bool) -> tuple[QuerySet[Employment], bool]:
        """By folded name."""
        return in_order(self.user, posts, "-contact" if is_descending else "contact"), True

    def order_account(self, posts: QuerySet[Employment], is_descending: bool) -> tuple[QuerySet[Employment], bool]:
        """By folded name of the account, then of the person."""
        return in_order(self.user, posts, "-account" if is_descending else "account"), True

    def order_last_contact(self, posts: QuerySet[Employment], is_descending: bool) -> tuple[QuerySet[Employment], bool]:
        """By day; none on record stands last."""
        return in_order(self.user, posts, "-last_contact" if is_descending else "last_contact"), True


def in_order(user: User, posts: QuerySet[Employment], sort: str) -> QuerySet[Employment]:
    """The posts in the order that an address asks for; by name when it asks for none that is known."""
    column, is_descending = sort.removeprefix("-"), sort.startswith("-")
    if column == "last_contact":
        return by_last_contact(user, posts, is_descending=is_descending)
    names = ("account__sort_name", "contact__sort_name") if column == "account" else ("contact__sort_name",)
    turned = column in {"account", "contact"} and is_descending
    return posts.order_by(*(F(name).desc() if turned else F(name).asc() for name in names), "id")


class ContactsFilter(django_filters.FilterSet):
    """Filters over `visible_employments(user)`; posts that are held now unless asked otherwise."""

    name = django_filters.CharFilter(method="by_name", label="Name", widget=forms.TextInput(attrs={"type": "search"}))
    account = django_filters.CharFilter(method="by_account", label="Account", widget=forms.TextInput(attrs={"type": "search"}))
    role = django_filters.ChoiceFilter(choices=BuyingCenterRole.choices, method="by_role", label="Role", empty_label="Every role")
    level = django_filters.ChoiceFilter(choices=Level.choices, empty_label="Every level", widget=PlainSelect)
    function = django_filters.ChoiceFilter(choices=Function.choices, empty_label="Every function", widget=PlainSelect)
    untouched = django_filters.DateFilter(
        method="by_silence", label="No contact since", widget=forms.DateInput(attrs={"type": "date"})
    )
    state = state_filter()

    class Meta:
        model = Employment
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, user: User, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.user = user

    def filter_queryset(self, queryset: QuerySet[Employment]) -> QuerySet[Employment]:
        """Apply the filters; the name comes last, since whether it is a slip away depends on the others."""
        asked = cast("str", self.form.cleaned_data.get("state") or CURRENT)
        found = STATES[asked](super().filter_queryset(queryset))
        name = self.form.cleaned_data.get("name")
        return named_or_near(self.user, found, name) if name else found

    def count(self) -> int:
        """How many posts match; of the plain list without a join."""
        asks_nothing = self.form.is_valid() and not any(self.form.cleaned_data.values())
        return in_post_count(self.user) if asks_nothing else self.qs.count()

    def by_name(self, posts: QuerySet[Employment], name: str, value: str) -> QuerySet[Employment]:
        """Nothing yet: see `filter_queryset`."""
        return posts

    def by_account(self, posts: QuerySet[Employment], name: str, value: str) -> QuerySet[Employment]:
        """Those at the account that a picker's text names, else at accounts whose names hold every word."""
        chosen = account_by_reference(self.user, value)
        if chosen is not None:
            return posts.filter(account=chosen)
        return posts.filter(account__in=named(visible_accounts(self.user), value).order_by())

    def by_role(self, posts: QuerySet[Employment], name: str, value: str) -> QuerySet[Employment]:
        """Those whose holder has the role at that account now."""
        held = visible_buying_roles(self.user).filter(
            contact=OuterRef("contact"), account=OuterRef("account"), role=value, until_on=None
        )
        return posts.filter(Exists(held))

    def by_silence(self, posts: QuerySet[Employment], name: str, value: date) -> QuerySet[Employment]:
        """Those with no contact on record on the day or later."""
        return untouched_since(self.user, posts, value)

    def by_state(self, posts: QuerySet[Employment], name: str, value: str) -> QuerySet[Employment]:
        """Nothing yet: the state is applied last, since none given means those in post."""
        return posts
