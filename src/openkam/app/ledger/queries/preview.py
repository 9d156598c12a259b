"""The first rows of a draft's files as its mapping reads them, shaped for a page."""

from dataclasses import dataclass

from django.utils import timezone

from openkam.analytics.ledger.preview import FilePreview, PreviewCell, PreviewField, PreviewRow, preview_files
from openkam.app.ledger.models import ImportDraft
from openkam.app.ledger.queries.drafts import mapping_of, paths_of
from openkam.app.ledger.queries.facts import in_words, label_of
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require

_WORDS = frozenset({"text", "flag", "day", "UTC", "ISO 4217"})
"""Units whose values are no figures."""


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field the mapping fills: `column` is empty for a formula or a constant."""

    label: str
    meaning: str
    column: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as it is written or, where no column gives it, as it would be read; `reason` when it is wrong."""

    label: str
    written: str
    shown: str
    reason: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row."""

    row_number: int
    cells: tuple[ShownCell, ...]
    reasons: tuple[str, ...]
    is_held_back: bool


@dataclass(frozen=True, slots=True)
class ShownReason:
    """How many of the cells looked at are wrong for one reason in one column."""

    reason: str
    column: str
    rows: int


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file's first rows."""

    name: str
    fields: tuple[ShownField, ...]
    rows: tuple[ShownRow, ...]
    looked_at: int
    ready: int
    held_back: int
    is_whole: bool
    reasons: tuple[ShownReason, ...]


def preview(user: User, draft: ImportDraft, *, only_held_back: bool = False) -> tuple[ShownFile, ...]:
    """What the mapping makes of the files' first rows. Raises `RefusedError` in the engine's words."""
    require(user, Permission.IMPORT_FACTS)
    with in_words():
        found = preview_files(paths_of(draft), mapping_of(draft), latest_day=timezone.localdate(), only_held_back=only_held_back)
    return tuple(_file(file) for file in found)


def _file(file: FilePreview) -> ShownFile:
    fields = tuple(_field(field) for field in file.fields)
    return ShownFile(
        file.name,
        fields,
        tuple(_row(row, fields, file.fields) for row in file.rows),
        file.looked_at,
        file.looked_at - file.held_back,
        file.held_back,
        file.is_whole,
        tuple(ShownReason(reason, column or "", rows) for (reason, column), rows in file.reasons.items()),
    )


def _field(field: PreviewField) -> ShownField:
    return ShownField(label_of(field.name), field.meaning, field.column or "", field.unit not in _WORDS)


def _row(row: PreviewRow, fields: tuple[ShownField, ...], read: tuple[PreviewField, ...]) -> ShownRow:
    cells = tuple(_cell(*triple) for triple in zip(row.cells, fields, read, strict=True))
    return ShownRow(row.row_number, cells, row.reasons, row.is_held_back)


def _cell(cell: PreviewCell, field: ShownField, read: PreviewField) -> ShownCell:
    written = cell.written or ""
    shown = written if field.column else cell.read or ""
    if read.unit in ("day", "UTC") and cell.read and cell.read != written:
        shown = f"{written} → {cell.read}" if written else cell.read
    return ShownCell(field.label, written, shown, cell.reason or "", field.is_number)
