"""Stating something on the record card."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from openkam.app.accounts.forms.fields import PlainSelect, country_choices, industry_choices
from openkam.app.accounts.models import Address, Identifier, TradeName
from openkam.app.accounts.terms.account import AddressType, Certainty
from openkam.app.accounts.terms.card import CARD, FactField, Holds
from openkam.app.accounts.terms.identifiers import Scheme
from openkam.app.ui.forms import DayInput


class StatementForm(forms.Form):
    """Where a statement is from, of which day it is, how sure it is and how long it keeps."""

    source = forms.CharField(max_length=300, help_text="For example annual report 2025, page 12.")
    as_of_on = forms.DateField(label="As of", widget=DayInput)
    certainty = forms.ChoiceField(choices=Certainty.choices, initial=Certainty.CONFIRMED, label="How sure")
    shelf_life_days = forms.IntegerField(
        min_value=1,
        max_value=36500,
        required=False,
        label="Shelf life in days",
        help_text="Then it is shown as stale. Empty: it keeps.",
    )

    def __init__(self, *args: Any, **fields: Any) -> None:
        fields["initial"] = {"as_of_on": timezone.localdate(), **fields.get("initial", {})}
        super().__init__(*args, **fields)
        self.order_fields([*(name for name in self.fields if name not in StatementForm.base_fields), *StatementForm.base_fields])

    def clean_as_of_on(self) -> date:
        """A statement is of today or earlier."""
        day: date = self.cleaned_data["as_of_on"]
        if day > timezone.localdate():
            raise ValidationError("This day has not come yet.")
        return day


class FactForm(StatementForm):
    """A fact about one field of the card."""

    def __init__(self, *args: Any, field: FactField, **fields: Any) -> None:
        self.field = field
        fields["initial"] = {"shelf_life_days": CARD[field].shelf_life_days}
        super().__init__(*args, **fields)
        self.fields["value"] = _value_field(field)
        if CARD[field].holds is Holds.MONEY:
            self.fields["unit"] = forms.RegexField(r"^[A-Za-z]{3}$", label="Currency", help_text="Three letters, as in EUR.")
        self.order_fields(["value", "unit"])


class TradeNameForm(StatementForm):
    """A name the account trades under."""

    title = "Add a trade name"
    name = forms.CharField(max_length=300, label="Trade name")

    def record(self, **given: Any) -> TradeName:
        """What was typed, not saved yet."""
        return TradeName(**self.cleaned_data, **given)


class IdentifierForm(StatementForm):
    """A number by which somebody knows the account."""

    title = "Add an identifier"
    scheme = forms.ChoiceField(choices=Scheme.choices, label="Kind of number")
    value = forms.CharField(max_length=60, label="Number")

    def record(self, **given: Any) -> Identifier:
        """What was typed, not saved yet."""
        return Identifier(**self.cleaned_data, **given)


class AddressForm(StatementForm):
    """Where the account is."""

    title = "Add an address"
    type = forms.ChoiceField(choices=AddressType.choices, label="What it is for")
    street = forms.CharField(max_length=300, required=False)
    postal_code = forms.CharField(max_length=20, required=False)
    city = forms.CharField(max_length=100, required=False)
    region = forms.CharField(max_length=100, required=False, label="State or region")
    country = forms.ChoiceField(choices=lambda: country_choices("Choose a country"), widget=PlainSelect)

    def record(self, **given: Any) -> Address:
        """What was typed, not saved yet."""
        return Address(**self.cleaned_data, **given)


def _value_field(field: FactField) -> forms.Field:
    label = field.label
    match CARD[field].holds:
        case Holds.TEXT:
            return forms.CharField(label=label, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}))
        case Holds.COUNT:
            return forms.IntegerField(label=f"{label} ({CARD[field].unit})", min_value=0, max_value=2_147_483_647)
        case Holds.MONEY:
            return forms.DecimalField(label=label, min_value=0, max_digits=20, decimal_places=2)
        case Holds.INDUSTRY:
            return forms.CharField(
                label=label,
                max_length=8,
                help_text=f"An ISIC Rev. 4 or NACE code: {', '.join(code for code, _ in industry_choices('')[1:4])} …",
            )
        case Holds.COUNTRY:
            return forms.ChoiceField(label=label, choices=country_choices("Choose a country"), widget=PlainSelect)
        case Holds.COUNTRIES:
            return forms.CharField(label=label, max_length=2000, help_text="Names or two-letter codes, with commas between them.")
