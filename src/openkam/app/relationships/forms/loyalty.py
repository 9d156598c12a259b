"""A note that speaks for a rung of the ladder."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from openkam.app.people.models import User
from openkam.app.relationships.models import Contact
from openkam.app.relationships.terms import LoyaltyKind
from openkam.app.ui.forms import DayInput


class LoyaltyForm(forms.Form):
    """What it is, of whom, on which day, and who stands for it."""

    kind = forms.TypedChoiceField(choices=LoyaltyKind.choices, coerce=LoyaltyKind, label="What")
    contact = forms.ModelChoiceField(Contact.objects.none(), required=False, label="Of whom", empty_label="The account itself")
    on = forms.DateField(label="On, or since", widget=DayInput)
    until_on = forms.DateField(label="Until", required=False, widget=DayInput, help_text="Of a contract or plan.")
    recommends = forms.IntegerField(
        min_value=0, max_value=10, required=False, label="Attitude", help_text="0 to 10: how likely they would recommend us."
    )
    source = forms.CharField(max_length=300, help_text="A letter, a talk, a document.")
    confirmed_by = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        label="Who of us verified it",
        empty_label="Nobody yet",
        help_text="Who checked a recommendation, or stands for a plan.",
    )
    confirmed_by_them = forms.CharField(
        max_length=200, required=False, label="Who of them stands for it", help_text="Of a plan of both sides."
    )

    def __init__(self, *args: Any, contacts: QuerySet[Contact], colleagues: QuerySet[User], **fields: Any) -> None:
        super().__init__(*args, initial={"on": timezone.localdate()}, **fields)
        cast("forms.ModelChoiceField[Contact]", self.fields["contact"]).queryset = contacts
        cast("forms.ModelChoiceField[User]", self.fields["confirmed_by"]).queryset = colleagues
