"""Sources and mapping templates: made, changed, removed."""

from dataclasses import dataclass

from django.db.models import ProtectedError

from openkam.analytics.ledger.mapping import ImportMapping
from openkam.app.audit.operations import recorded
from openkam.app.ledger.models import ImportDraft, MappingTemplate, Source
from openkam.app.ledger.queries.facts import in_words
from openkam.app.ledger.queries.history import BatchSearch, batches
from openkam.app.ledger.terms import RefusedError
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require


@dataclass(frozen=True, slots=True)
class SourceValues:
    """What a person says of a source."""

    name: str
    business_unit: str = ""
    system: str = ""
    default_currency: str = ""
    note: str = ""


def _set_values(source: Source, values: SourceValues) -> None:
    source.name = values.name
    source.business_unit = values.business_unit
    source.system = values.system
    source.default_currency = values.default_currency
    source.note = values.note


def create_source(*, actor: User, values: SourceValues) -> Source:
    """Make a source known. Its name is what rows will carry in the ledger."""
    require(actor, Permission.IMPORT_FACTS)
    source = Source()
    with recorded(actor=actor, verb="created source", record=source):
        _set_values(source, values)
        source.save()
    return source


def change_source(*, actor: User, source: Source, values: SourceValues, reason: str = "") -> None:
    """Change what is said of a source. Raises `RefusedError` for another name once the ledger has rows under the old one."""
    require(actor, Permission.IMPORT_FACTS)
    stored = Source.objects.get(pk=source.pk)
    if values.name != stored.name and batches(actor, BatchSearch(source=stored.name)):
        raise RefusedError(
            f"The ledger holds rows under the name “{stored.name}”, and history keeps its names: leave the name, "
            "or make a new source."
        )
    with recorded(actor=actor, verb="changed source", record=source, reason=reason):
        _set_values(source, values)
        source.save()


def remove_source(*, actor: User, source: Source) -> None:
    """Remove a source that nothing was imported from, with its templates. Raises `RefusedError` where something was."""
    require(actor, Permission.IMPORT_FACTS)
    if batches(actor, BatchSearch(source=source.name)):
        raise RefusedError(f"The ledger holds rows from “{source.name}”: it stays, so that they keep their source.")
    try:
        with recorded(actor=actor, verb="removed source", record=source):
            source.delete()
    except ProtectedError:
        raise RefusedError(f"An import from “{source.name}” is on its way: discard it first.") from None


def checked_mapping(text: str, table: str = "") -> ImportMapping:
    """The mapping in a text. Raises `RefusedError` in the engine's words, also where it is for another table."""
    with in_words():
        mapping = ImportMapping.parse(text)
    if table and mapping.table != table:
        raise RefusedError(f"The mapping is for {mapping.table}, the import for {table}: give the one that fits.")
    return mapping


def save_template(
    *, actor: User, source: Source, name: str, mapping: str, template: MappingTemplate | None = None
) -> MappingTemplate:
    """Keep a mapping under a name, or change the one given. Raises `RefusedError` for a text that is no mapping."""
    require(actor, Permission.IMPORT_FACTS)
    table = checked_mapping(mapping).table
    kept = template or MappingTemplate()
    with recorded(actor=actor, verb="changed template" if kept.pk else "saved template", record=kept):
        kept.source, kept.name, kept.table, kept.mapping = source, name, table, mapping
        kept.save()
    return kept


def keep_mapping_of(*, actor: User, draft: ImportDraft, name: str) -> MappingTemplate:
    """Keep a draft's mapping as a template of its source; one of the same name is replaced."""
    require(actor, Permission.IMPORT_FACTS)
    same = MappingTemplate.objects.filter(source=draft.source, table=draft.table, name__iexact=name).first()
    return save_template(actor=actor, source=draft.source, name=name, mapping=draft.mapping, template=same)


def remove_template(*, actor: User, template: MappingTemplate) -> None:
    """Remove a template; imports that used it keep their mapping."""
    require(actor, Permission.IMPORT_FACTS)
    with recorded(actor=actor, verb="removed template", record=template):
        template.delete()
