"""The audit as a list: columns and filters."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from openkam.app.audit.models import Entry
from openkam.app.audit.permissions import known_types
from openkam.app.audit.queries import Change, DescribedEntry, people_in_audit
from openkam.app.ui.forms import DayInput
from openkam.app.ui.templatetags.ui import day, moment

CHANGES_SHOWN = 3


def change_text(change: Change) -> SafeString:
    """`Hours: 1,200 → 0`."""
    return format_html('<span class="quiet">{}:</span> {} → {}', change.label, change.before, change.after)


class EntryTable(tables.Table):
    """One row per entry, already described."""

    at = tables.Column("When", accessor="entry__at")
    who = tables.Column(accessor="entry__actor_name")
    what = tables.Column(accessor="entry")
    changes = tables.Column(attrs={"td": {"class": "small"}})
    reason = tables.Column(accessor="entry__reason", default="—", attrs={"td": {"class": "small"}})

    class Meta:
        orderable = False
        caption = "Entries of the audit"
        empty_text = "No entry matches the filter."

    def render_at(self, value: datetime) -> SafeString:
        """In the reader's time zone."""
        return moment(value)

    def render_what(self, value: Entry, record: DescribedEntry) -> SafeString:
        """The act and the record, which leads to the record's history."""
        history = reverse("audit:record", args=[value.record_type, value.record_key])
        return format_html(
            '{} <a class="name" href="{}">{}</a> <span class="tag">{}</span>{}',
            value.verb,
            history,
            value.record_name,
            record.type_label,
            format_html(' <span class="tag">erased by request on {}</span>', day(value.erased_by.at)) if value.erased_by else "",
        )

    def render_changes(self, value: tuple[Change, ...]) -> SafeString:
        """The first few changed fields, for what was made or removed only how many; the record's history has them all."""
        if any(change.before is None or change.after is None for change in value):
            return format_html('<span class="quiet">{} {}</span>', len(value), "value" if len(value) == 1 else "values")
        shown = [*map(change_text, value[:CHANGES_SHOWN])]
        if len(value) > CHANGES_SHOWN:
            shown.append(format_html("and {} more", len(value) - CHANGES_SHOWN))
        return format_html_join(SafeString("<br>"), "{}", ((text,) for text in shown))


class EntryFilter(django_filters.FilterSet):
    """Which entries to show."""

    record = django_filters.CharFilter("record_name", "icontains", label="Record")
    actor = django_filters.ModelChoiceFilter(queryset=people_in_audit(), label="Who", empty_label="Everybody")
    record_type = django_filters.ChoiceFilter(label="Kind of record", empty_label="Every kind")
    verb = django_filters.CharFilter("verb", "icontains", label="Act")
    since = django_filters.DateFilter(method="from_day", label="From", widget=DayInput)
    until = django_filters.DateFilter(method="to_day", label="To", widget=DayInput)

    def __init__(self, data: dict[str, Any] | QueryDict, queryset: QuerySet[Entry]) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["record_type"].extra["choices"] = [
            (history.model._meta.label_lower, history.label) for history in known_types()
        ]

    def from_day(self, entries: QuerySet[Entry], name: str, value: date) -> QuerySet[Entry]:
        """From the first moment of a day, in the reader's time zone."""
        return entries.filter(at__gte=timezone.make_aware(datetime.combine(value, time.min)))

    def to_day(self, entries: QuerySet[Entry], name: str, value: date) -> QuerySet[Entry]:
        """To the last moment of a day, in the reader's time zone."""
        return entries.filter(at__lt=timezone.make_aware(datetime.combine(value + timedelta(days=1), time.min)))
