"""Held back rows, mended and imported again with the mapping of their first import."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from openkam.analytics.ledger.mapping import Format, ImportMapping
from openkam.analytics.ledger.mapping_text import write_mapping
from openkam.analytics.ledger.reject_search import RejectedRow, written_mended
from openkam.app.ledger.models import ImportDraft, Source
from openkam.app.ledger.operations.drafts import begin_import, changed_draft, discard_import, reach
from openkam.app.ledger.operations.mapping import suggest_mapping
from openkam.app.ledger.operations.sources import SourceValues, create_source
from openkam.app.ledger.operations.uploads import receive_upload
from openkam.app.ledger.queries.drafts import draft_of_batch, mapping_of
from openkam.app.ledger.queries.facts import in_words, open_ledger
from openkam.app.ledger.queries.rejects import rows_to_mend
from openkam.app.ledger.terms import RefusedError, Step
from openkam.app.people.models import User


def begin_mending(*, actor: User, batch_id: str) -> ImportDraft:
    """Begin an import of rows that a batch held back: its source, its table, and its mapping where the workspace knows it."""
    ledger = open_ledger(actor)
    with in_words():
        batch = ledger.batch(batch_id)
    source = Source.objects.filter(name=batch.source).first() or create_source(actor=actor, values=SourceValues(batch.source))
    first = draft_of_batch(actor, batch_id)
    mapping = write_mapping(_mapping_of_mended(first)) if first and first.mapping else ""
    return begin_import(actor=actor, source=source, table=batch.table, mapping=mapping)


def _mapping_of_mended(first: ImportDraft) -> ImportMapping:
    """The first import's mapping, with what all its rows told of dates and numbers: a few rows alone would leave that open."""
    mapping = mapping_of(first)
    files = first.import_run.outcome.get("files", []) if first.import_run else []
    dates = {column: pattern for file in files for column, pattern in file["dates"].items() if pattern.startswith("%")}
    marks = {written[-3] for file in files for written in file["numbers"].values() if not written[-3].isdecimal()}
    told = marks.pop() if len(marks) == 1 else None
    usual = Format()
    return replace(
        mapping,
        dates={**dates, **mapping.dates},
        format=replace(
            mapping.format,
            encoding=None,
            delimiter=None,
            quote=usual.quote,
            escape=usual.escape,
            skip_lines=0,
            sheet=None,
            decimal=mapping.format.decimal or told,
        ),
    )


def mend_rows(*, actor: User, batch_id: str, cells: Mapping[tuple[int, int], str], left_out: Collection[int]) -> ImportDraft:
    """Begin an import of a batch's held back rows with other cells: by place of the row and of the column, as they were listed.

    Rows whose place is in `left_out` stay held back. Raises `RefusedError` where nothing is left or the file is refused.
    """
    rows = rows_to_mend(actor, batch_id)
    mended = [_with_cells(row, index, cells) for index, row in enumerate(rows) if index not in left_out]
    if not mended:
        raise RefusedError("Every row is left out: there is nothing to import.")
    draft = begin_mending(actor=actor, batch_id=batch_id)
    content = written_mended(mended)
    try:
        receive_upload(
            actor=actor,
            draft=draft,
            name=f"mended-{batch_id}.csv",
            chunks=[content],
            size=len(content),
        )
        if not draft.mapping:  # a batch of the command: its mapping is nowhere but in the user's own file
            suggest_mapping(actor=actor, draft=draft)
    except RefusedError:
        discard_import(actor=actor, draft=draft)
        raise
    with changed_draft(actor, "changed import", draft) as locked:
        reach(locked, Step.PREVIEW)
    return draft


def _with_cells(row: RejectedRow, index: int, cells: Mapping[tuple[int, int], str]) -> RejectedRow:
    changed = {name: cells.get((index, place), value) for place, (name, value) in enumerate(row.row.items())}
    return replace(row, row=changed)
