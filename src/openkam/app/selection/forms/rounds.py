"""Starting a round, deciding, closing."""

from typing import Any, cast

from django import forms
from django.utils import timezone

from openkam.app.selection.terms import Choice, Tier
from openkam.app.ui.forms import DayInput


class RoundForm(forms.Form):
    """A round to start: what is left empty is filled by the review."""

    name = forms.CharField(max_length=100, required=False, help_text="Year and number unless given.")
    as_of_on = forms.DateField(
        label="Facts as of", widget=DayInput, required=False, help_text="The last transaction day unless given."
    )


class DecisionForm(forms.Form):
    """What is decided about one or many accounts."""

    accounts = forms.TypedMultipleChoiceField(coerce=int, widget=forms.MultipleHiddenInput)
    choice = forms.ChoiceField(choices=Choice, widget=forms.HiddenInput)
    tier = forms.ChoiceField(choices=[("", "As it is, or key"), *Tier.choices], required=False)
    valid_from = forms.DateField(label="From", widget=DayInput)
    valid_until = forms.DateField(label="Until", widget=DayInput, required=False)
    reason = forms.CharField(
        label="Reason, kept with the decision", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False
    )

    def __init__(self, *args: Any, accounts: list[int], **fields: Any) -> None:
        super().__init__(*args, **fields)
        cast(forms.TypedMultipleChoiceField, self.fields["accounts"]).choices = [(pk, str(pk)) for pk in accounts]
        self.fields["valid_from"].initial = timezone.localdate
        self.initial.setdefault("accounts", accounts)


class ClosingForm(forms.Form):
    """Why a round is closed."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False)
