"""Runs and schedules as lists: columns and filters."""

from datetime import datetime
from typing import Any, ClassVar

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from openkam.app.people.models import User
from openkam.app.runs.models import Run, Schedule
from openkam.app.runs.permissions import kind_label, known_kinds
from openkam.app.runs.terms import RunStatus
from openkam.app.ui.templatetags.ui import icon, moment

TONES = {
    RunStatus.QUEUED: ("o", "clock"),
    RunStatus.RUNNING: ("a", "player-play"),
    RunStatus.DONE: ("g_", "check"),
    RunStatus.FAILED: ("b", "alert-circle"),
    RunStatus.CANCELLED: ("", "ban"),
    RunStatus.LOST: ("w", "plug-connected-x"),
}


def status_tag(run: Run) -> SafeString:
    """Where a run stands: a word with an icon, never colour alone."""
    tone, name = TONES[RunStatus(run.status)]
    return format_html('<span class="tag {}">{}{}</span>', tone, icon(name), RunStatus(run.status).label)


class RunTable(tables.Table):
    """One row per run."""

    title = tables.Column("Run")
    kind = tables.Column()
    status = tables.Column()
    requested_by = tables.Column("Requested by", default="A schedule", order_by=("requested_by__name",))
    queued_at = tables.Column("Requested")
    finished_at = tables.Column("Ended")

    class Meta:
        caption = "Runs"
        empty_text = "No run matches the filter."
        order_by = ("-queued_at",)
        per_page = 50

    def render_kind(self, value: str) -> str:
        """In the words of the room that owns it."""
        return kind_label(value)

    def render_title(self, record: Run) -> SafeString:
        """Leads to the run."""
        return format_html('<a class="name" href="{}">{}</a>', reverse("runs:detail", args=[record.pk]), record.title)

    def render_status(self, record: Run) -> SafeString:
        """With its icon."""
        return status_tag(record)

    def render_queued_at(self, value: datetime) -> SafeString:
        """In the reader's time zone."""
        return moment(value)

    def render_finished_at(self, value: datetime) -> SafeString:
        """In the reader's time zone."""
        return moment(value)


class RunFilter(django_filters.FilterSet):
    """Which runs to show."""

    status = django_filters.ChoiceFilter(choices=RunStatus.choices, label="Status", empty_label="Every status")
    kind = django_filters.ChoiceFilter(label="Kind", empty_label="Every kind")
    whose = django_filters.ChoiceFilter(
        choices=[("mine", "Requested by me")], method="asked_for_by", label="Whose", empty_label="All that I may see"
    )

    class Meta:
        model = Run
        fields: ClassVar[list[str]] = []

    def __init__(self, data: dict[str, Any] | QueryDict, queryset: QuerySet[Run], person: User) -> None:
        super().__init__(data, queryset=queryset)
        self._person = person
        self.filters["kind"].extra["choices"] = [(kind.name, kind.label) for kind in known_kinds()]

    def asked_for_by(self, runs: QuerySet[Run], name: str, value: str) -> QuerySet[Run]:
        """The person's own runs."""
        return runs.filter(requested_by=self._person)


class ScheduleTable(tables.Table):
    """One row per schedule."""

    title = tables.Column("Schedule")
    kind = tables.Column("Runs")
    daily_at = tables.Column("Every day at")
    next_at = tables.Column("Next", default="Switched off")
    last_fired_at = tables.Column("Last", default="Never")

    class Meta:
        caption = "Schedules"
        empty_text = "Nothing is scheduled. A nightly review keeps the figures of the morning fresh."
        order_by = ("title",)
        per_page = 50

    def render_kind(self, value: str) -> str:
        """In the words of the room that owns it."""
        return kind_label(value)

    def render_title(self, record: Schedule) -> SafeString:
        """Leads to the schedule."""
        return format_html('<a class="name" href="{}">{}</a>', reverse("runs:schedule", args=[record.pk]), record.title)

    def render_daily_at(self, record: Schedule) -> str:
        """With the time zone it is meant in."""
        return f"{record.daily_at:%H:%M} {record.time_zone}"

    def render_next_at(self, value: datetime) -> SafeString:
        """In the reader's time zone."""
        return moment(value)

    def render_last_fired_at(self, value: datetime) -> SafeString:
        """In the reader's time zone."""
        return moment(value)
