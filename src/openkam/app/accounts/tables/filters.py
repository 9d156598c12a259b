"""Which accounts a list shows."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

import django_filters
from django import forms
from django.db.models import QuerySet

from openkam.app.accounts.forms.fields import PlainSelect, country_choices, industry_choices
from openkam.app.accounts.models import Account, Tag
from openkam.app.accounts.queries.pickers import (
    account_managers,
    account_tags,
    account_teams,
    manager_names,
    named,
    tag_names,
    team_names,
)
from openkam.app.accounts.queries.scope import with_descendants
from openkam.app.accounts.terms.account import Kind
from openkam.app.people.models import Team, User


class TickFilter(django_filters.Filter):
    """A box to tick. Left empty it is no filter: the library's own takes an empty box for a "no" that somebody gave."""

    field_class = forms.BooleanField


class AccountFilter(django_filters.FilterSet):
    """Filters over `visible_accounts(user)`; what they offer comes from accounts that the user sees."""

    name = django_filters.CharFilter(method="by_name", label="Name or key", widget=forms.TextInput(attrs={"type": "search"}))
    kind = django_filters.ChoiceFilter(choices=Kind.choices, empty_label="Every kind")
    manager = django_filters.ModelChoiceFilter(queryset=User.objects.none(), empty_label="Everybody", null_label="Nobody")
    team = django_filters.ModelChoiceFilter(queryset=Team.objects.none(), empty_label="Every team", null_label="None")
    tag = django_filters.ModelChoiceFilter(field_name="tags", queryset=Tag.objects.none(), empty_label="Any")
    country = django_filters.ChoiceFilter(
        choices=lambda: country_choices("Every country")[1:],
        empty_label="Every country",
        widget=PlainSelect(fixed=lambda: country_choices("Every country")),
    )
    industry = django_filters.ChoiceFilter(
        choices=lambda: industry_choices("Every industry")[1:],
        empty_label="Every industry",
        method="by_industry",
        widget=PlainSelect(fixed=lambda: industry_choices("Every industry")),
    )
    children = TickFilter(method="with_children", label="Include what is below")

    class Meta:
        model = Account
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, user: User, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.user = user
        self._offer("manager", account_managers(user), lambda: manager_names(user))
        self._offer("team", account_teams(user), lambda: team_names(user))
        self._offer("tag", account_tags(user), lambda: tag_names(user))

    @property
    def is_by_name(self) -> bool:
        """Whether a fragment of a name narrows the list."""
        return bool(self.form.is_valid() and self.form.cleaned_data.get("name"))

    def by_name(self, accounts: QuerySet[Account], name: str, value: str) -> QuerySet[Account]:
        """Those whose names, trade names or ledger keys hold every word."""
        return named(accounts, value)

    def by_industry(self, accounts: QuerySet[Account], name: str, value: str) -> QuerySet[Account]:
        """Those of a section or division, with all divisions, groups and classes below it."""
        return accounts.filter(industry__startswith=value)

    def with_children(self, accounts: QuerySet[Account], name: str, value: bool) -> QuerySet[Account]:
        """Nothing yet: what hangs below the accounts that the other filters found is added last."""
        return accounts

    def filter_queryset(self, queryset: QuerySet[Account]) -> QuerySet[Account]:
        """Apply the filters, then add everything below when asked to; with no other filter, all is there already."""
        found = super().filter_queryset(queryset)
        chosen = self.form.cleaned_data
        narrowed = any(chosen.get(name) for name in chosen if name != "children")
        return with_descendants(self.user, found) if chosen.get("children") and narrowed else found

    def _offer(self, name: str, records: QuerySet[Any], names: Callable[[], list[tuple[int, str]]]) -> None:
        """Let a filter take any of the records, and show them by their names alone: it would read them through a cursor of its own."""
        offers = cast("django_filters.ModelChoiceFilter", self.filters[name])
        offers.queryset = records
        none = [("null", offers.extra["null_label"])] if "null_label" in offers.extra else []
        offers.extra["widget"] = PlainSelect(
            fixed=lambda: (("", offers.extra["empty_label"]), *none, *((str(key), label) for key, label in names()))
        )
