"""Step three of an import: which column goes where, what is the same in all rows, what is computed, and what dates mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from openkam.app.ledger.models import ImportDraft
from openkam.app.ledger.operations.mapping import MappingChoice
from openkam.app.ledger.queries.columns import FileColumn, columns_of
from openkam.app.ledger.queries.drafts import mapping_of
from openkam.app.ledger.queries.facts import FACT_TABLES, FactField

NOT_GIVEN, ALWAYS, FORMULA = "", "always", "formula"
KINDS = ((NOT_GIVEN, "A column above, or nothing"), (ALWAYS, "Always the value"), (FORMULA, "The formula"))


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column of the file with its choice of field and, where it leaves one open, its question."""

    column: FileColumn
    goes_to: BoundField
    question: BoundField | None
    is_guess: bool
    is_mapped: bool


@dataclass(frozen=True, slots=True)
class OtherRow:
    """A field that may get its value from elsewhere than a column."""

    field: FactField
    kind: BoundField
    value: BoundField
    is_missing: bool


class MappingForm(forms.Form):
    """Where each field of the table comes from. What it cannot show (rules, formats) is kept as it is."""

    keeps_missing_customer = forms.BooleanField(required=False, label="Keep sales that name no customer")
    duplicate_rows = forms.ChoiceField(
        label="Rows alike in every cell", choices=(("keep", "Keep them all"), ("reject", "Hold back all but the first"))
    )
    existing_keys = forms.ChoiceField(
        label="Keys that the ledger has already",
        choices=(("reject", "Hold the row back, with its reason"), ("skip", "Pass over the row")),
    )

    def __init__(self, draft: ImportDraft, data: Any = None) -> None:
        mapping = mapping_of(draft)
        super().__init__(
            data,
            initial={
                "keeps_missing_customer": mapping.keeps_missing_customer,
                "duplicate_rows": mapping.duplicate_rows,
                "existing_keys": mapping.existing_keys,
            },
        )
        self.mapping = mapping
        self.table = FACT_TABLES[draft.table]
        self.columns = columns_of(draft)
        self.guesses = frozenset(draft.guesses)
        self.shown = self._shown()
        choices = [("", "Leave out"), *((field.name, self._choice(field)) for field in self.table.fields)]
        for index, column in enumerate(self.columns):
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=f"Field for {column.name}", choices=choices, required=False, initial=self.shown.get(column.name, "")
            )
            if column.question:
                self._ask(index, column)
        for field in self.others:
            self._offer(field)
        if draft.table != "transactions":
            del self.fields["keeps_missing_customer"]

    @staticmethod
    def _choice(field: FactField) -> str:
        return f"{field.label} *" if field.is_needed else field.label

    def _shown(self) -> dict[str, str]:
        """Column → the first field that it gives."""
        shown: dict[str, str] = {}
        for field in self.table.fields:
            column = self.mapping.columns.get(field.name)
            if column is not None:
                shown.setdefault(column, field.name)
        return shown

    @property
    def others(self) -> tuple[FactField, ...]:
        """Fields that every row needs, currencies, and what the mapping computes or fixes."""
        elsewhere = {*self.mapping.constants, *self.mapping.expressions}
        return tuple(f for f in self.table.fields if f.is_needed or f.is_currency_code or f.name in elsewhere)

    def _ask(self, index: int, column: FileColumn) -> None:
        question = column.question
        assert question is not None  # noqa: S101 - asked by the caller
        self.fields[f"dates-{index}"] = forms.ChoiceField(
            label=f"How {column.name} is to be read",
            choices=((question.day_first.pattern, "Day first"), (question.month_first.pattern, "Month first")),
            widget=forms.RadioSelect,
            required=False,
            initial=self.mapping.dates.get(column.name),
        )

    def _offer(self, field: FactField) -> None:
        constant, formula = self.mapping.constants.get(field.name), self.mapping.expressions.get(field.name)
        kind = ALWAYS if constant is not None else FORMULA if formula is not None else NOT_GIVEN
        self.fields[f"kind-{field.name}"] = forms.ChoiceField(
            label=f"Where {field.label} comes from", choices=KINDS, required=False, initial=kind
        )
        self.fields[f"value-{field.name}"] = forms.CharField(
            label=f"Value or formula of {field.label}", max_length=2000, required=False, initial=constant or formula or ""
        )

    def column_rows(self) -> Iterator[ColumnRow]:
        """The columns in the file's order, for the page."""
        for index, column in enumerate(self.columns):
            name = f"dates-{index}"
            goes_to = self[f"column-{index}"]
            chosen = goes_to.value()
            yield ColumnRow(column, goes_to, self[name] if name in self.fields else None, chosen in self.guesses, bool(chosen))

    def questions(self) -> Iterator[ColumnRow]:
        """The columns that leave open what is day and what month."""
        return (row for row in self.column_rows() if row.question is not None)

    def other_rows(self) -> Iterator[OtherRow]:
        """The fields that may come from elsewhere, for the page."""
        given = {row.goes_to.value() for row in self.column_rows()}
        for field in self.others:
            kind = self[f"kind-{field.name}"]
            yield OtherRow(
                field, kind, self[f"value-{field.name}"], field.is_needed and not kind.value() and field.name not in given
            )

    def open_rows(self) -> list[OtherRow]:
        """Those that still need a source, or have one beside the columns, or are wrong."""
        return [row for row in self.other_rows() if self._is_open(row)]

    def settled_rows(self) -> list[OtherRow]:
        """The others, which a page may fold away."""
        return [row for row in self.other_rows() if not self._is_open(row)]

    @staticmethod
    def _is_open(row: OtherRow) -> bool:
        return row.is_missing or bool(row.kind.value() or row.kind.errors or row.value.errors)

    def row_options(self) -> Iterator[BoundField]:
        """What to do with rows that come twice or lack their customer."""
        return (self[name] for name in ("keeps_missing_customer", "duplicate_rows", "existing_keys") if name in self.fields)

    def mapped_count(self) -> int:
        """How many columns go somewhere."""
        return sum(row.is_mapped for row in self.column_rows())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        taken: dict[str, str] = {}
        for index, column in enumerate(self.columns):
            field = given.get(f"column-{index}")
            if not field:
                continue
            if field in taken:
                self.add_error(
                    f"column-{index}", f"“{taken[field]}” goes to {self._label(field)} already: leave one of the two out."
                )
            taken[field] = column.name
            is_open = f"dates-{index}" in self.fields and not given.get(f"dates-{index}")
            found = self.table.field(field)
            if is_open and found is not None and found.is_day and not self._keeps_pattern(column):
                self.add_error(f"dates-{index}", "Choose one: day and month can be swapped here, and nothing is guessed.")
        for field in self.others:
            kind, value = given.get(f"kind-{field.name}"), (given.get(f"value-{field.name}") or "").strip()
            if kind and not value:
                self.add_error(f"value-{field.name}", f"Write the {'value' if kind == ALWAYS else 'formula'}.")
            if kind and field.name in taken:
                self.add_error(
                    f"kind-{field.name}",
                    f"{field.label} comes from the column “{taken[field.name]}” already: keep one of the two.",
                )
            if field.is_needed and not kind and field.name not in taken and not self._may_be_missing(field, given):
                self.add_error(
                    f"kind-{field.name}", f"Every row needs {field.label.lower()}: choose a column, a value or a formula."
                )
        return given

    @staticmethod
    def _may_be_missing(field: FactField, given: dict[str, Any]) -> bool:
        return field.name == "customer_key" and bool(given.get("keeps_missing_customer"))

    def _keeps_pattern(self, column: FileColumn) -> bool:
        """Whether the mapping names a pattern of its own for the column, written as text."""
        question = column.question
        usual = {question.day_first.pattern, question.month_first.pattern} if question else set[str]()
        return self.mapping.dates.get(column.name, "") not in {"", *usual}

    def _label(self, name: str) -> str:
        field = self.table.field(name)
        return field.label if field else name

    def choice(self) -> MappingChoice:
        """What was chosen, together with what the mapping says of columns that the page does not show."""
        given = self.cleaned_data
        in_file = {column.name for column in self.columns}
        columns = {
            field: column
            for field, column in self.mapping.columns.items()
            if column in in_file and self.shown.get(column) != field
        }
        dates = dict(self.mapping.dates)
        for index, column in enumerate(self.columns):
            if field := given[f"column-{index}"]:
                columns[field] = column.name
            if pattern := given.get(f"dates-{index}"):
                dates[column.name] = pattern
        values = {field.name: given[f"value-{field.name}"].strip() for field in self.others}
        kinds = {field.name: given[f"kind-{field.name}"] for field in self.others}
        return MappingChoice(
            columns=columns,
            constants={name: value for name, value in values.items() if kinds[name] == ALWAYS},
            expressions={name: value for name, value in values.items() if kinds[name] == FORMULA},
            dates={column: pattern for column, pattern in dates.items() if column in in_file},
            keeps_missing_customer=given.get("keeps_missing_customer", False),
            duplicate_rows=given["duplicate_rows"],
            existing_keys=given["existing_keys"],
        )
