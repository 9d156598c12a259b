"""What was found about an alert."""

from datetime import date
from typing import Any

from django import forms

from openkam.app.ui.forms import DayInput
from openkam.app.ui.templatetags.figures import day_text
from openkam.app.valuation.operations.alert_verdicts import Found
from openkam.app.valuation.terms import LONGEST_SILENCE_DAYS, Finding


class VerdictForm(forms.Form):
    """What was found, when the customer says the order comes, and until when nobody needs to be told again."""

    found = forms.ChoiceField(label="What did you find?", choices=Finding, widget=forms.RadioSelect)
    order_expected_on = forms.DateField(
        label="Order expected on", widget=DayInput, required=False, help_text="Where the customer named a day or a month."
    )
    note = forms.CharField(
        label="Note", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False, help_text="Who said what."
    )
    silent_until_on = forms.DateField(label="Silent until", widget=DayInput, required=False)

    def __init__(self, *args: Any, usual_until_on: date, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.fields["silent_until_on"].help_text = (
            f"Empty: a usual gap after the day on which the order is expected, here {day_text(usual_until_on)}; after a loss "
            f"{LONGEST_SILENCE_DAYS} days. A new order ends it too."
        )

    @property
    def answer(self) -> Found:
        """What the valid form says."""
        data = self.cleaned_data
        return Found(Finding(data["found"]), data["order_expected_on"], data["note"], data["silent_until_on"])


class TakeBackForm(forms.Form):
    """Why what was found does not hold."""

    reason = forms.CharField(
        label="Reason, kept in the audit", widget=forms.Textarea(attrs={"rows": 2}), max_length=500, required=False
    )
