"""Erasing a person, keeping what is due, setting how long things are kept."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html

from openkam.app.relationships.models import RetentionClock
from openkam.app.relationships.terms import RetentionKind
from openkam.app.ui.forms import DayInput


class EraseForm(forms.Form):
    """Why, and the name typed as it stands: nothing brings the person back."""

    reason = forms.CharField(
        max_length=400, label="Reason", help_text="That they asked, and when. Kept in the audit, without the name."
    )
    typed = forms.CharField(max_length=200, label="Type their name")

    def __init__(self, *args: Any, name: str, **fields: Any) -> None:
        super().__init__(*args, **fields)
        # Forms show their help as markup: a name is text.
        self.fields["typed"].help_text = format_html("As it stands: {}", name)
        self.fields["typed"].widget.attrs["autocomplete"] = "off"


class KeepForm(forms.Form):
    """Until when something is kept although its time is over, and why."""

    until_on = forms.DateField(label="Keep until", widget=DayInput)
    reason = forms.CharField(max_length=500, help_text="A contract that runs, a claim that is open, a law that asks for it.")

    def clean_until_on(self) -> date:
        """A day to come."""
        day = self.cleaned_data["until_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError("Name a day to come.")
        return day


class RetentionForm(forms.Form):
    """How many months each kind of record is kept; empty: for good."""

    goes_by_itself = forms.BooleanField(
        required=False,
        label="Mails and appointments go by themselves",
        help_text="Their metadata is removed when its time is over, without being asked about. Nothing else is.",
    )

    def __init__(self, *args: Any, clocks: dict[str, RetentionClock], **fields: Any) -> None:
        known = clocks.get(RetentionKind.CORRESPONDENCE)
        initial = {kind: clock.months for kind, clock in clocks.items()} | {
            "goes_by_itself": bool(known and known.goes_by_itself)
        }
        super().__init__(*args, initial=initial, **fields)
        for kind, label in RetentionKind.choices:
            self.fields[kind] = forms.IntegerField(
                min_value=1, max_value=600, required=False, label=f"{label}: months", help_text=_WHEN[kind]
            )
        self.order_fields([*RetentionKind.values, "goes_by_itself"])

    @property
    def months(self) -> dict[RetentionKind, int | None]:
        """By kind; None where no clock runs."""
        return {RetentionKind(kind): self.cleaned_data[kind] for kind in RetentionKind.values}


_WHEN: dict[str, str] = {
    RetentionKind.CONTACTS: "After the last post ended, and the last contact with them. Empty: kept for good.",
    RetentionKind.CORRESPONDENCE: "After the mail or appointment.",
    RetentionKind.INTERACTIONS: "After it took place.",
    RetentionKind.ANSWERS: "After the answer.",
}
