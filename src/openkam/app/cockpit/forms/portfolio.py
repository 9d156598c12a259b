"""What of the portfolio is asked for."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from openkam.app.cockpit.terms import Axes, Standing
from openkam.app.people.models import User


class PortfolioForm(forms.Form):
    """Filters of the portfolio, and the axes of its matrix; what it offers comes from accounts that the person sees."""

    manager = forms.ModelChoiceField(queryset=User.objects.none(), required=False, empty_label="Everybody")
    region = forms.CharField(required=False, max_length=200, widget=forms.Select)
    standing = forms.ChoiceField(required=False, choices=[("", "All"), *Standing.choices])
    axes = forms.ChoiceField(required=False, choices=Axes.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, managers: QuerySet[User], **fields: Any) -> None:
        super().__init__(*args, **fields)
        offered: Any = self.fields["manager"]
        offered.queryset = managers

    def offer_regions(self, names: tuple[str, ...]) -> None:
        """Offer these regions, once they are known."""
        shown: Any = self.fields["region"].widget
        shown.choices = [("", "Every region"), *((name, name) for name in names)]
