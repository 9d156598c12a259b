"""How many customers stayed under contract, counted by hand while the ledger keeps no contracts."""

from django import forms


class RenewalsForm(forms.Form):
    """Cohorts of customers under contract, one a line: at the start and after each renewal."""

    cohorts = forms.CharField(
        label="Under contract at the start and after each renewal",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text="One cohort a line, such as 1000, 631, 468, 382.",
    )
    discount_percent = forms.DecimalField(label="Discount rate, % a contract period", min_value=0.1, max_value=100, initial=10)

    def clean_cohorts(self) -> list[list[float]]:
        """Numbers of each line."""
        lines = [line for line in str(self.cleaned_data["cohorts"]).splitlines() if line.strip()]
        try:
            return [[float(word) for word in line.replace(",", " ").split()] for line in lines]
        except ValueError as error:
            raise forms.ValidationError("Write whole numbers with commas between them, one cohort a line.") from error
