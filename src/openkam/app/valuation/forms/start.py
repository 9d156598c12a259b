"""Starting a valuation."""

from django import forms

from openkam.app.ui.forms import DayInput
from openkam.app.valuation.operations.valuations import Asked


class ValuationForm(forms.Form):
    """What a valuation is computed with; rates are written in per cent a year."""

    as_of_on = forms.DateField(
        label="Facts as of", widget=DayInput, required=False, help_text="The last transaction day unless given."
    )
    discount_percent = forms.DecimalField(
        label="Discount rate, % a year",
        min_value=0.1,
        max_value=100,
        initial=10,
        help_text="What a margin of next year is worth less today.",
    )
    capital_percent = forms.DecimalField(
        label="Cost of capital, % a year", min_value=0, max_value=100, initial=8, help_text="What money owed to us costs."
    )
    holdout_days = forms.IntegerField(
        label="Held out, days",
        min_value=1,
        max_value=3650,
        initial=180,
        help_text="The last days of orders, foretold from the time before, to see how far the models are right.",
    )

    @property
    def asked(self) -> Asked:
        """What the valid form says."""
        data = self.cleaned_data
        return Asked(
            as_of_on=data["as_of_on"],
            annual_discount_rate=float(data["discount_percent"].scaleb(-2)),
            annual_capital_rate=float(data["capital_percent"].scaleb(-2)),
            holdout_days=data["holdout_days"],
        )
