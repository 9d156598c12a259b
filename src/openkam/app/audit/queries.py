"""Reads of the audit."""

from django.db.models import Model, QuerySet

from openkam.app.audit.models import Entry


def entries() -> QuerySet[Entry]:
    """Everything, newest first."""
    return Entry.objects.select_related("actor")


def history_of(record: Model) -> QuerySet[Entry]:
    """What happened to one record, newest first."""
    return entries().filter(record_type=record._meta.label_lower, record_key=str(record.pk))
