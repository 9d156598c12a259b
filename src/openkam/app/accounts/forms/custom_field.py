"""Defining one of the firm's own fields."""

from typing import Any

from django import forms

from openkam.app.accounts.forms.fields import WordList
from openkam.app.accounts.models import CustomField
from openkam.app.accounts.terms.account import CustomType, Kind


class CustomFieldForm(forms.Form):
    """A field; `field` is None for a new one, and the type of one that exists stays."""

    name = forms.CharField(max_length=60)
    type = forms.ChoiceField(choices=CustomType.choices, label="Holds")
    choices = WordList(required=False, max_length=2000, help_text="For a choice only: the values, with commas between them.")
    kinds = forms.MultipleChoiceField(
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Accounts that have it",
        help_text="None: all.",
    )
    help_text = forms.CharField(max_length=200, required=False, label="Help for who fills it")
    position = forms.IntegerField(min_value=0, max_value=999, initial=0, help_text="Lower stands first.")

    def __init__(self, *args: Any, field: CustomField | None = None, **fields: Any) -> None:
        if field is not None:
            names = ("name", "choices", "kinds", "help_text", "position")
            fields["initial"] = {name: getattr(field, name) for name in names}
        super().__init__(*args, **fields)
        if field is not None:
            del self.fields["type"]
