"""Imports of correspondence, and what of one was refused."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from openkam.app.relationships.models import CorrespondenceImport
from openkam.app.runs.terms import RunStatus
from openkam.app.ui.tables import NUMBER
from openkam.app.ui.templatetags.figures import MISSING
from openkam.app.ui.templatetags.ui import amount, moment

_FAILED = (RunStatus.FAILED, RunStatus.LOST)


class ImportTable(tables.Table):
    """One row per import, the latest first. What came of one that is not taken in yet is missing, not none."""

    name = tables.Column("What")
    begun_at = tables.Column("When")
    read = tables.Column("Read", accessor="counts", orderable=False, empty_values=(), attrs=NUMBER)
    entries = tables.Column("Entries", accessor="counts", orderable=False, empty_values=(), attrs=NUMBER)
    refused = tables.Column("Refused", accessor="counts", orderable=False, empty_values=(), attrs=NUMBER)
    state = tables.Column("State", accessor="pk", orderable=False)

    class Meta:
        attrs: ClassVar[dict[str, str]] = {"class": "t d rows"}
        caption = "Imports of correspondence"
        per_page = 50

    def render_name(self, record: CorrespondenceImport) -> SafeString:
        """Leads to the import's page."""
        return format_html(
            '<a class="name" href="{}">{}</a>', reverse("relationships:correspondence_import", args=[record.pk]), record
        )

    def render_begun_at(self, record: CorrespondenceImport) -> SafeString:
        """Day and time."""
        return moment(record.begun_at)

    def render_read(self, record: CorrespondenceImport) -> str | SafeString:
        """Mails and appointments in it."""
        return _count(record, "read")

    def render_entries(self, record: CorrespondenceImport) -> str | SafeString:
        """Entries on timelines."""
        return _count(record, "entries")

    def render_refused(self, record: CorrespondenceImport) -> str | SafeString:
        """What could not be used."""
        return _count(record, "refused")

    def render_state(self, record: CorrespondenceImport) -> SafeString:
        """Whether it counts."""
        return state_tag(record)


def state_tag(record: CorrespondenceImport) -> SafeString:
    """Undone, taken in, or what its run is doing."""
    if record.undone_at:
        return format_html('<span class="tag">{}</span>', "undone")
    if record.taken_in_at:
        return format_html('<span class="tag a">{}</span>', "on the timelines")
    if record.run is None:
        return format_html('<span class="tag w">{}</span>', "its run is gone")
    kind = "b" if record.run.status in _FAILED else ""
    return format_html('<span class="tag {}">{}</span>', kind, RunStatus(record.run.status).label.lower())


def _count(record: CorrespondenceImport, name: str) -> str | SafeString:
    return amount(record.counts[name]) if name in record.counts else MISSING
