"""The firm's own fields."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from openkam.app.accounts.models import CustomField, CustomValue
from openkam.app.people.queries.compiled import compiled_once


def custom_fields() -> list[CustomField]:
    """Every field in use, in its order."""
    return _fields_in_use()


@compiled_once
def _fields_in_use() -> QuerySet[CustomField]:
    return CustomField.objects.filter(archived_at=None)


def custom_fields_of(kind: str) -> list[CustomField]:
    """The fields in use that accounts of one kind have."""
    return [field for field in custom_fields() if not field.kinds or kind in field.kinds]


def defined_fields() -> QuerySet[CustomField]:
    """Every field, the archived ones last, each with `value_count`, the number of accounts that fill it."""
    filled = (
        CustomValue.objects.filter(field=OuterRef("pk")).order_by().values("field").annotate(count=Count("pk")).values("count")
    )
    return CustomField.objects.annotate(value_count=Coalesce(Subquery(filled), 0)).order_by("archived_at", "position", "id")


def custom_field(pk: int) -> CustomField:
    """One field; raises `Http404` when there is none."""
    found = CustomField.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("No such field.")
    return found
