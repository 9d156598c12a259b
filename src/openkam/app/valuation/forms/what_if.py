"""What if the price were another: asked on an account's page, kept nowhere."""

from django import forms


class PriceForm(forms.Form):
    """A change of price in per cent."""

    price = forms.DecimalField(
        label="Change of price, %",
        min_value=-90,
        max_value=100,
        decimal_places=2,
        help_text="Below zero for a cut. Nothing of it is kept.",
    )

    @property
    def change(self) -> float:
        """What the valid form says, as a share."""
        return float(self.cleaned_data["price"].scaleb(-2))
