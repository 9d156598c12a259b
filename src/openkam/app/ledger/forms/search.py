"""Filters over what the ledger tells: it is no database table, so they are plain forms."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from openkam.app.ledger.queries.facts import FACT_TABLES
from openkam.app.ledger.queries.history import BatchSearch
from openkam.app.ledger.queries.rejects import RejectSearch

STATES = (("", "All"), ("live", "Counting"), ("undone", "Undone"))


class BatchFilter(forms.Form):
    """Which batches are listed."""

    table = forms.ChoiceField(required=False, choices=[("", "All"), *((t.name, t.label) for t in FACT_TABLES.values())])
    state = forms.ChoiceField(required=False, choices=STATES)
    field_order = ("source", "table", "state")

    def __init__(self, data: Mapping[str, Any], sources: Iterable[str]) -> None:
        super().__init__(data)
        self.fields["source"] = forms.ChoiceField(required=False, choices=[("", "All"), *((name, name) for name in sources)])
        self.order_fields(self.field_order)

    def wanted(self) -> BatchSearch:
        """What is asked for; a value that is none of the choices limits nothing."""
        self.is_valid()
        return BatchSearch(**{name: self.cleaned_data.get(name, "") for name in ("source", "table", "state")})


class RejectFilter(forms.Form):
    """Which rejected rows are listed."""

    batch = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    table = forms.ChoiceField(required=False, choices=[("", "All"), *((t.name, t.label) for t in FACT_TABLES.values())])
    reason = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    column = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    file = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    field_order = ("source", "table")

    def __init__(self, data: Mapping[str, Any], sources: Iterable[str]) -> None:
        super().__init__(data)
        self.fields["source"] = forms.ChoiceField(required=False, choices=[("", "All"), *((name, name) for name in sources)])
        self.order_fields(self.field_order)

    def chosen(self) -> list[tuple[str, str]]:
        """What a link has chosen: the field's name and its value."""
        self.is_valid()
        names = [name for name, field in self.fields.items() if isinstance(field.widget, forms.HiddenInput)]
        return [(name, self.cleaned_data[name]) for name in names if self.cleaned_data.get(name)]

    def wanted(self) -> RejectSearch:
        """What is asked for; rejects of undone batches only where the batch is named."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name) or None for name in self.fields}
        return RejectSearch(
            batch_id=given["batch"],
            table=given["table"],
            source=given["source"],
            file=given["file"],
            column=given["column"],
            reason=given["reason"],
            with_undone=given["batch"] is not None,
        )
