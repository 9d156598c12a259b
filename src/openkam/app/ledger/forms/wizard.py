"""Forms of the import's steps."""

from typing import Any, cast

from django import forms

from openkam.app.ledger.models import ImportDraft, MappingTemplate, Source
from openkam.app.ledger.operations.mapping import FormatChoice
from openkam.app.ledger.queries.columns import detected_files
from openkam.app.ledger.queries.drafts import mapping_of
from openkam.app.ledger.queries.facts import FACT_TABLES

ENCODINGS = (
    ("", "Detect"),
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows, Western Europe (cp1252)"),
    ("cp1250", "Windows, Central Europe (cp1250)"),
    ("cp1251", "Windows, Cyrillic (cp1251)"),
    ("iso8859_15", "ISO 8859-15"),
    ("cp850", "DOS, Western Europe (cp850)"),
    ("mac_roman", "Mac OS Roman"),
    ("utf-16", "UTF-16"),
    ("shift_jis", "Shift JIS"),
    ("gb18030", "GB 18030"),
)
DELIMITERS = (("", "Detect"), (",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Bar"))
DECIMALS = (("", "Detect"), (".", "Point, as in 1234.56"), (",", "Comma, as in 1234,56"))
TABLE_CHOICES = [
    ("", "Choose what the rows are"),
    *((table.name, f"{table.label}: {table.meaning[0].lower()}{table.meaning[1:]}") for table in FACT_TABLES.values()),
]
THOUSANDS = (("", "Detect"), (",", "Comma"), (".", "Point"), (" ", "Space"), ("'", "Apostrophe"))


class ManyFilesInput(forms.FileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files; cleans to their list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        # An empty file is no mistake of the form: what is wrong with a file the engine says, with its name.
        return [file for file in given if file] or [forms.FileField.clean(self, None, initial)]


class FilesForm(forms.Form):
    """Step one of a draft: more files."""

    uploads = ManyFilesField(label="Files", help_text="CSV, TSV, XLSX or Parquet, also packed in .zip or .gz. Several at once.")


class TemplateField(forms.ModelChoiceField):  # pyright: ignore[reportMissingTypeArgument] - generic in the stubs alone
    """A choice among templates, named with what they are for."""

    def label_from_instance(self, obj: MappingTemplate) -> str:
        return f"{obj.source.name}: {obj.name} ({obj.table})"


class BeginForm(FilesForm):
    """Step one: where the files come from, where the rows go, and the files."""

    source = forms.ModelChoiceField(Source.objects.all(), label="Source", empty_label="Choose a source")
    table = forms.ChoiceField(label="What the rows are", choices=TABLE_CHOICES)
    template = TemplateField(
        MappingTemplate.objects.select_related("source"),
        required=False,
        label="Template",
        empty_label="Map the columns by their names",
        help_text="A mapping that was kept from an earlier import.",
    )
    field_order = ("source", "table", "template", "uploads")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not MappingTemplate.objects.exists():
            del self.fields["template"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        kept: MappingTemplate | None = values.get("template")
        if kept and values.get("table") and kept.table != values["table"]:
            self.add_error("template", f"This template is for {FACT_TABLES[kept.table].label.lower()}.")
        return values


class FormatForm(forms.Form):
    """Step two: how the files are read, where detection is to be overruled."""

    encoding = forms.ChoiceField(choices=ENCODINGS, required=False, label="Encoding")
    delimiter = forms.ChoiceField(choices=DELIMITERS, required=False, label="Cells are parted by")
    decimal = forms.ChoiceField(choices=DECIMALS, required=False, label="Decimal mark")
    thousands = forms.ChoiceField(choices=THOUSANDS, required=False, label="Thousands mark")
    skip_lines = forms.IntegerField(
        min_value=0, max_value=1000, required=False, label="Lines above the names of the columns", initial=0
    )
    missing = forms.CharField(
        max_length=200, required=False, label="Cells that mean nothing", help_text="Parted by commas, such as NULL, n/a, -"
    )
    is_quoted = forms.BooleanField(required=False, label="Cells may stand in quotation marks", initial=True)
    sheet = forms.ChoiceField(required=False, label="Sheet")

    def __init__(self, draft: ImportDraft, data: Any = None) -> None:
        format_ = mapping_of(draft).format
        super().__init__(
            data,
            initial={
                "encoding": format_.encoding or "",
                "delimiter": format_.delimiter or "",
                "decimal": format_.decimal or "",
                "thousands": format_.thousands or "",
                "skip_lines": format_.skip_lines,
                "missing": ", ".join(format_.missing),
                "is_quoted": bool(format_.quote),
                "sheet": format_.sheet or "",
            },
        )
        for name in ("encoding", "delimiter", "thousands"):
            self._offer(name, self.initial[name])
        sheets = dict.fromkeys(sheet for file in detected_files(draft) for sheet in file["sheets"])
        if len(sheets) > 1 or format_.sheet:
            self._choices("sheet").choices = [("", "The first"), *((sheet, sheet) for sheet in sheets)]
            self._offer("sheet", self.initial["sheet"])
        else:
            del self.fields["sheet"]

    def _offer(self, name: str, value: str) -> None:
        """What a template says is offered too, where it is none of the usual ones."""
        field = self._choices(name)
        if not field.valid_value(value):
            field.widget.choices = field.choices = [*field.widget.choices, (value, value)]

    def _choices(self, name: str) -> forms.ChoiceField:
        return cast("forms.ChoiceField", self.fields[name])

    def choice(self) -> FormatChoice:
        """What was chosen."""
        given = self.cleaned_data
        return FormatChoice(
            encoding=given["encoding"],
            delimiter=given["delimiter"],
            decimal=given["decimal"],
            thousands=given["thousands"],
            sheet=given.get("sheet", ""),
            missing=given["missing"],
            skip_lines=given["skip_lines"] or 0,
            is_quoted=given["is_quoted"],
        )


class MappingTextForm(forms.Form):
    """Step three as text."""

    text = forms.CharField(
        label="Mapping",
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "mono", "spellcheck": "false"}),
        help_text="The same text that the command line takes, in TOML. Formulas, line types and rows to leave out are written here.",
    )
