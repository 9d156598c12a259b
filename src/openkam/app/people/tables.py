"""The list of people: columns and filters."""

from typing import ClassVar

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from openkam.app.people.models import User
from openkam.app.people.terms import Role


class PeopleTable(tables.Table):
    """One row per person."""

    name = tables.Column()
    role = tables.Column()
    sees = tables.Column(accessor="effective_scope", orderable=False)
    reports_to = tables.Column(verbose_name="Reports to", order_by=("reports_to__name",))
    teams = tables.Column(accessor="memberships", verbose_name="Teams", orderable=False)
    has_second_factor = tables.Column(verbose_name="Two-step")
    last_login = tables.DateTimeColumn(verbose_name="Last sign-in", format="j M Y, H:i")
    is_active = tables.Column(verbose_name="May sign in")

    class Meta:
        per_page = 50
        empty_text = "Nobody matches the filter."
        order_by = ("name",)

    def render_name(self, record: User) -> SafeString:
        address = reverse("people:edit", args=[record.pk])
        return format_html('<a href="{}">{}</a><br><small>{}</small>', address, record.name, record.email)

    def render_sees(self, record: User) -> str:
        return str(record.effective_scope.label)

    def render_teams(self, record: User) -> str:
        return ", ".join(sorted(str(membership.team) for membership in record.memberships.all())) or "—"

    def render_has_second_factor(self, *, value: bool) -> str:
        return "On" if value else "Off"

    def render_is_active(self, *, value: bool) -> str:
        return "Yes" if value else "No"


class PeopleFilter(django_filters.FilterSet):
    """Whom to show."""

    search = django_filters.CharFilter(method="named", label="Name or address")
    role = django_filters.ChoiceFilter(choices=Role.choices, empty_label="Every role")
    is_active = django_filters.ChoiceFilter(
        choices=[("True", "May sign in"), ("False", "May not")], label="Sign-in", empty_label="Everybody"
    )

    class Meta:
        model = User
        fields: ClassVar[list[str]] = []

    def named(self, people: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Those whose name or address contains the text."""
        return people.filter(Q(name__icontains=value) | Q(email__icontains=value))
