"""The history of the room's records is open to whoever may import facts; what is said of a source can be restored."""

from typing import Any

from django.urls import reverse

from openkam.app.audit.permissions import register_history
from openkam.app.ledger.models import ImportDraft, MappingTemplate, Source
from openkam.app.ledger.operations.sources import SourceValues, change_source
from openkam.app.ledger.queries.drafts import drafts
from openkam.app.ledger.queries.sources import sources, templates
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission

RESTORABLE = ("business_unit", "system", "default_currency", "note")


def restore_source(*, actor: User, key: str, field: str, value: Any, reason: str) -> None:
    """Give a source an old value back, under all rules of a change."""
    source = sources(actor).get(pk=key)
    values = {name: getattr(source, name) for name in ("name", *RESTORABLE)} | {field: value}
    change_source(actor=actor, source=source, values=SourceValues(**values), reason=reason)


register_history(
    Source,
    visible_to=sources,
    address=lambda key: reverse("ledger:source-edit", args=[key]),
    restore=restore_source,
    restorable=RESTORABLE,
    permission=Permission.IMPORT_FACTS,
)
register_history(MappingTemplate, visible_to=templates, address=lambda key: reverse("ledger:template-edit", args=[key]))
register_history(ImportDraft, visible_to=drafts, address=lambda key: reverse("ledger:import-run", args=[key]))
