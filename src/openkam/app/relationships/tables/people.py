"""The people at an account: columns and filters."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, cast

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from openkam.app.accounts.models import Account
from openkam.app.people.terms import Function
from openkam.app.relationships.models import BuyingRole, Contact, ContactPoint, Employment
from openkam.app.relationships.queries.contacts import named
from openkam.app.relationships.terms import BuyingCenterRole, PointKind
from openkam.app.ui.templatetags.figures import MISSING
from openkam.app.ui.templatetags.ui import day

CURRENT, FORMER, ARCHIVED, EVERYBODY = "current", "former", "archived", "all"
STATES: dict[str, Callable[[QuerySet[Employment]], QuerySet[Employment]]] = {
    CURRENT: lambda posts: posts.filter(until_on=None, contact__archived_at=None),
    FORMER: lambda posts: posts.filter(contact__archived_at=None).exclude(until_on=None),
    ARCHIVED: lambda posts: posts.exclude(contact__archived_at=None),
    EVERYBODY: lambda posts: posts,
}
WAYS = {PointKind.MAIL: "mailto", PointKind.PHONE: "tel"}


def post_cell(post: Employment) -> SafeString:
    """Title of a post, and below it function, level and site as far as they are known."""
    told = (
        post.get_function_display() if post.function and post.job_title else "",
        post.get_level_display() if post.level else "",
        post.site,
        f"until {post.until_on:%Y-%m-%d}" if post.until_on else "",
    )
    title = post.in_words if post.job_title or post.function else MISSING
    return format_html('{}<div class="small muted">{}</div>', title, " · ".join(part for part in told if part))


def roles_cell(roles: Sequence[BuyingRole]) -> str | SafeString:
    """Every role as a tag, with its category."""
    return format_html_join(" ", '<span class="tag a">{}</span>', ((str(role),) for role in roles)) or MISSING


def reach_cell(person: Contact) -> str | SafeString:
    """The first address and number of a person."""
    rows = ((WAYS[PointKind(point.kind)], point.value, point.value) for point in first_points(person))
    return format_html_join("", '<div><a href="{}:{}">{}</a></div>', rows) or MISSING


def first_points(person: Contact) -> list[ContactPoint]:
    """The first way of each kind to reach a person."""
    points = list(person.points.all())
    firsts = (next((point for point in points if point.kind == kind), None) for kind in PointKind)
    return [point for point in firsts if point is not None]


def state_filter() -> django_filters.ChoiceFilter:
    """Whose posts: those held now unless asked otherwise."""
    return django_filters.ChoiceFilter(
        choices=[(FORMER, "Former"), (ARCHIVED, "Archived"), (EVERYBODY, "Everybody")],
        method="by_state",
        label="Who",
        empty_label="In post",
    )


class PeopleTable(tables.Table):
    """One row per post at the account."""

    contact = tables.Column("Person", order_by=("contact__sort_name",))
    post = tables.Column("Post", accessor="in_words", orderable=False)
    roles = tables.Column("When it buys", accessor="contact__roles_here", orderable=False, empty_values=())
    reach = tables.Column("Reach", accessor="contact__points", orderable=False, empty_values=())
    from_on = tables.Column("Since")

    class Meta:
        attrs: ClassVar[dict[str, str]] = {"class": "t d rows"}
        caption = "People"
        empty_text = "Nobody matches. Take a filter away, or add a person."
        per_page = 50

    def render_contact(self, record: Employment) -> SafeString:
        """Leads to the person."""
        person = record.contact
        tag = mark_safe(' <span class="tag">archived</span>') if person.archived_at else ""
        link = '<a class="name" href="{}">{}{}</a>{}'
        return format_html(link, person.get_absolute_url(), f"{person.honorific} " if person.honorific else "", person.name, tag)

    def render_post(self, record: Employment) -> SafeString:
        """Title, and below it function, level and site as far as they are known."""
        return post_cell(record)

    def render_roles(self, value: list[BuyingRole]) -> str | SafeString:
        """Every role as a tag, with its category."""
        return roles_cell(value)

    def render_reach(self, record: Employment) -> str | SafeString:
        """The first address and number."""
        return reach_cell(record.contact)

    def render_from_on(self, value: Any) -> SafeString:
        """The first day."""
        return day(value)


class PeopleFilter(django_filters.FilterSet):
    """Filters over the posts at one account; those that are held now unless asked otherwise."""

    name = django_filters.CharFilter(method="by_name", label="Name", widget=forms.TextInput(attrs={"type": "search"}))
    function = django_filters.ChoiceFilter(choices=Function.choices, empty_label="Every function")
    role = django_filters.ChoiceFilter(choices=BuyingCenterRole.choices, method="by_role", label="Role", empty_label="Every role")
    state = state_filter()

    class Meta:
        model = Employment
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, account: Account, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.account = account

    def filter_queryset(self, queryset: QuerySet[Employment]) -> QuerySet[Employment]:
        """Apply the filters; no state is those in post."""
        asked = cast("str", self.form.cleaned_data.get("state") or CURRENT)
        return STATES[asked](super().filter_queryset(queryset))

    def by_name(self, posts: QuerySet[Employment], name: str, value: str) -> QuerySet[Employment]:
        """Those whose holder's name has every word."""
        return named(posts, value)

    def by_role(self, posts: QuerySet[Employment], name: str, value: str) -> QuerySet[Employment]:
        """Those whose holder has the role at this account now."""
        roles = BuyingRole.objects.filter(account=self.account, role=value, until_on=None)
        return posts.filter(contact__in=roles.values("contact"))

    def by_state(self, posts: QuerySet[Employment], name: str, value: str) -> QuerySet[Employment]:
        """Nothing yet: the state is applied last, since none given means those in post."""
        return posts
