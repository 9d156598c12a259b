"""Keeping a list."""

from typing import Any

from django import forms


class SavedViewForm(forms.Form):
    """A name for the list as it is now; `query` is its address."""

    name = forms.CharField(max_length=100, label="Name of this list")
    is_shared = forms.BooleanField(required=False, label="For everybody")
    is_default = forms.BooleanField(required=False, label="Opens first for me")
    query = forms.CharField(max_length=4000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, may_share: bool, **fields: Any) -> None:
        super().__init__(*args, **fields)
        if not may_share:
            del self.fields["is_shared"]
