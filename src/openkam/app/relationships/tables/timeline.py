"""The timeline of an account: columns and filters."""

from typing import Any, ClassVar, cast

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from openkam.app.accounts.tables.filters import TickFilter
from openkam.app.people.models import User
from openkam.app.relationships.models import Contact, Interaction
from openkam.app.relationships.queries.mentions import address_of
from openkam.app.relationships.terms import InteractionKind, Side
from openkam.app.ui.forms import DayInput
from openkam.app.ui.tables import NUMBER
from openkam.app.ui.templatetags.figures import MISSING
from openkam.app.ui.templatetags.ui import day, icon, moment

ICONS = {
    InteractionKind.MEETING: "users",
    InteractionKind.CALL: "phone",
    InteractionKind.MAIL: "mail",
    InteractionKind.VISIT: "building-store",
    InteractionKind.NOTE: "pencil",
}


class TimelineTable(tables.Table):
    """One row per entry, the latest first."""

    at = tables.Column("When")
    what = tables.Column("What", accessor="kind", orderable=False)
    who = tables.Column("Who", accessor="participants", orderable=False, empty_values=())
    duration_minutes = tables.Column("Minutes", attrs=NUMBER)

    class Meta:
        attrs: ClassVar[dict[str, str]] = {"class": "t d rows"}
        caption = "Timeline"
        empty_text = "Nothing matches. Take a filter away, or log an entry."
        per_page = 50

    def render_at(self, record: Interaction) -> SafeString:
        """Day and time, or the day alone."""
        return moment(record.at) if record.is_time_known else day(record.at)

    def render_what(self, record: Interaction) -> SafeString:
        """Kind and subject, leading to the entry; below it the side that began it."""
        lock = mark_safe(' <span class="tag">manager and team only</span>') if record.is_private else ""
        began = {Side.OURS: "we began", Side.THEIRS: "they began"}.get(cast("Side", record.began_by), "")
        named = format_html_join(
            " ", '<a class="tag" href="{}">@{}</a>', ((address_of(one), one) for one in record.mentions.all())
        )
        return format_html(
            '{} <a class="name" href="{}">{}</a>{}<div class="small muted">{}</div>{}',
            icon(ICONS[InteractionKind(record.kind)]),
            reverse("relationships:interaction", args=[record.pk]),
            record.subject or record.get_kind_display(),
            lock,
            " · ".join(part for part in (record.get_kind_display() if record.subject else "", began) if part),
            named,
        )

    def render_who(self, record: Interaction) -> str | SafeString:
        """Ours, then theirs."""
        sides = [[str(one) for one in record.participants.all() if one.side == side] for side in Side]
        lines = [", ".join(names) for names in sides if names]
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines)) or MISSING


class TimelineFilter(django_filters.FilterSet):
    """Filters over the entries of one account."""

    text = django_filters.CharFilter(method="by_text", label="Text", widget=forms.TextInput(attrs={"type": "search"}))
    kind = django_filters.ChoiceFilter(choices=InteractionKind.choices, empty_label="Every kind")
    person = django_filters.ModelChoiceFilter(
        queryset=Contact.objects.none(), method="by_person", label="Person", empty_label="Everybody"
    )
    began_by = django_filters.ChoiceFilter(choices=Side.choices, label="Began", empty_label="Either side")
    since = django_filters.DateFilter("at", "date__gte", label="Since", widget=DayInput)
    until = django_filters.DateFilter("at", "date__lte", label="Until", widget=DayInput)

    mentions_me = TickFilter(method="by_mention", label="Mentions me")

    class Meta:
        model = Interaction
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, contacts: QuerySet[Contact], user: User, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.user = user
        cast("Any", self.filters["person"]).queryset = contacts

    def by_text(self, entries: QuerySet[Interaction], name: str, value: str) -> QuerySet[Interaction]:
        """Those whose subject or note has every word."""
        for word in value.split():
            entries = entries.filter(Q(subject__icontains=word) | Q(note__icontains=word))
        return entries

    def by_person(self, entries: QuerySet[Interaction], name: str, value: Contact) -> QuerySet[Interaction]:
        """Those in which somebody took part."""
        return entries.filter(participants__contact=value)

    def by_mention(self, entries: QuerySet[Interaction], name: str, value: bool) -> QuerySet[Interaction]:
        """Those that mention the user."""
        return entries.filter(mentions__user=self.user) if value else entries
