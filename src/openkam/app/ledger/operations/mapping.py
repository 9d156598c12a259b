"""How files are read and which column goes where: the draft's mapping, changed part by part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from openkam.analytics.ledger.mapping import Format, ImportMapping
from openkam.analytics.ledger.mapping_text import write_mapping
from openkam.analytics.ledger.suggest import likely_mapping
from openkam.app.ledger.models import ImportDraft, MappingTemplate
from openkam.app.ledger.operations.drafts import changed_draft, reach
from openkam.app.ledger.operations.sources import checked_mapping
from openkam.app.ledger.queries.columns import FileColumn, columns_of
from openkam.app.ledger.queries.drafts import mapping_of
from openkam.app.ledger.queries.facts import FACT_TABLES, in_words
from openkam.app.ledger.terms import Step
from openkam.app.people.models import User


@dataclass(frozen=True, slots=True)
class FormatChoice:
    """What a person says of the files; empty means that it is detected."""

    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    thousands: str = ""
    sheet: str = ""
    missing: str = "NULL"
    skip_lines: int = 0
    is_quoted: bool = True


@dataclass(frozen=True, slots=True)
class MappingChoice:
    """Where each field comes from, by field; `dates` are patterns by column of the file."""

    columns: Mapping[str, str]
    constants: Mapping[str, str]
    expressions: Mapping[str, str]
    dates: Mapping[str, str]
    keeps_missing_customer: bool = False
    duplicate_rows: Literal["keep", "reject"] = "keep"
    existing_keys: Literal["reject", "skip"] = "reject"


def set_format(*, actor: User, draft: ImportDraft, choice: FormatChoice) -> None:
    """Say how the files are to be read. Raises `RefusedError` for what cannot be."""
    usual = Format()
    format_ = Format(
        encoding=choice.encoding or None,
        delimiter=choice.delimiter or None,
        quote=usual.quote if choice.is_quoted else "",
        decimal=choice.decimal or None,
        thousands=choice.thousands or None,
        missing=tuple(word.strip() for word in choice.missing.split(",") if word.strip()),
        skip_lines=choice.skip_lines,
        sheet=choice.sheet or None,
    )
    with changed_draft(actor, "changed how files are read", draft) as locked:
        _set_mapping(locked, replace(mapping_of(locked), format=format_))
        reach(locked, Step.DETECT)


def suggest_mapping(*, actor: User, draft: ImportDraft) -> None:
    """Fill a mapping that names no column yet by the names of the files' columns. Raises `RefusedError`."""
    known = mapping_of(draft)
    if known.columns or known.expressions:
        with changed_draft(actor, "suggested mapping", draft) as locked:
            reach(locked, Step.MAP)
        return
    columns = columns_of(draft)
    with in_words():
        likely, guesses = likely_mapping(draft.table, [column.name for column in columns])
    day = _likely_day(draft.table, columns, likely.columns)
    mapped = {**likely.columns, **day}
    currency = draft.source.default_currency
    constants = {
        field.name: currency
        for field in FACT_TABLES[draft.table].fields
        if currency and field.is_currency_code and field.is_needed and field.name not in mapped and field.name == "currency"
    }
    with changed_draft(actor, "suggested mapping", draft) as locked:
        _set_mapping(
            locked, replace(known, columns=mapped, expressions=likely.expressions, constants={**known.constants, **constants})
        )
        locked.guesses = sorted({*guesses, *day})
        reach(locked, Step.MAP)


def _likely_day(table: str, columns: Sequence[FileColumn], mapped: Mapping[str, str]) -> dict[str, str]:
    """The only column of days for the only needed day that has none: a guess."""
    wanted = [field.name for field in FACT_TABLES[table].fields if field.is_day and field.is_needed and field.name not in mapped]
    free = [column.name for column in columns if column.kind in ("day", "instant") and column.name not in mapped.values()]
    return {wanted[0]: free[0]} if len(wanted) == len(free) == 1 else {}


def save_mapping(*, actor: User, draft: ImportDraft, choice: MappingChoice) -> None:
    """Say where each field comes from. Raises `RefusedError` in the engine's words for what cannot be."""
    with changed_draft(actor, "changed mapping", draft) as locked:
        known = mapping_of(locked)
        _set_mapping(
            locked,
            replace(
                known,
                columns=choice.columns,
                constants=choice.constants,
                expressions=choice.expressions,
                dates=choice.dates,
                keeps_missing_customer=choice.keeps_missing_customer,
                duplicate_rows=choice.duplicate_rows,
                existing_keys=choice.existing_keys,
            ),
        )
        locked.guesses = []
        reach(locked, Step.PREVIEW)


def save_mapping_text(*, actor: User, draft: ImportDraft, text: str) -> None:
    """Take a mapping as it was written. Raises `RefusedError` in the engine's words for what is wrong with it."""
    checked_mapping(text, draft.table)
    with changed_draft(actor, "changed mapping", draft) as locked:
        locked.mapping = text
        locked.guesses = []
        locked.dry_run = None
        reach(locked, Step.PREVIEW)


def use_template(*, actor: User, draft: ImportDraft, template: MappingTemplate) -> None:
    """Take the mapping of a template."""
    save_mapping_text(actor=actor, draft=draft, text=template.mapping)


def _set_mapping(draft: ImportDraft, mapping: ImportMapping) -> None:
    written = write_mapping(mapping)
    checked_mapping(written, draft.table)
    if written != draft.mapping:
        draft.mapping = written
        draft.dry_run = None
