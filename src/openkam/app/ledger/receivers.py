"""The history of the room's records is open to whoever may import facts; what is said of a source can be restored."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse

from openkam.app.audit.permissions import register_history
from openkam.app.ledger.models import ImportDraft, MappingTemplate, Source
from openkam.app.ledger.operations.sources import SourceValues, change_source
from openkam.app.ledger.queries.drafts import drafts
from openkam.app.ledger.queries.sources import sources, templates
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may

RESTORABLE = ("business_unit", "system", "default_currency", "note")


def restore_source(*, actor: User, key: str, field: str, value: Any, reason: str) -> None:
    """Give a source an old value back, under all rules of a change."""
    source = sources(actor).get(pk=key)
    values = {name: getattr(source, name) for name in ("name", *RESTORABLE)} | {field: value}
    change_source(actor=actor, source=source, values=SourceValues(**values), reason=reason)


def to_importers(records: Callable[[User], QuerySet[Any]], model: type[Model]) -> Callable[[User], QuerySet[Any]]:
    """The room's query, which refuses whoever may not import facts, as one that then finds nothing: their own history stays open."""
    return lambda user: records(user) if may(user, Permission.IMPORT_FACTS) else model._default_manager.none()


register_history(
    Source,
    visible_to=to_importers(sources, Source),
    address=lambda key: reverse("ledger:source-edit", args=[key]),
    restore=restore_source,
    restorable=RESTORABLE,
    permission=Permission.IMPORT_FACTS,
)
register_history(
    MappingTemplate,
    visible_to=to_importers(templates, MappingTemplate),
    address=lambda key: reverse("ledger:template-edit", args=[key]),
)
register_history(
    ImportDraft, visible_to=to_importers(drafts, ImportDraft), address=lambda key: reverse("ledger:import-run", args=[key])
)
