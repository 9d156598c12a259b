"""Looking at a people map, and drawing on it."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from openkam.app.relationships.models import Contact, PeopleMap
from openkam.app.relationships.terms import Strength
from openkam.app.ui.forms import DayInput


class MapForm(forms.Form):
    """Which map, as of which day, and how often people change posts."""

    map = forms.ChoiceField(required=False, label="Map")
    on = forms.DateField(required=False, label="As of", widget=DayInput)
    turnover = forms.FloatField(required=False, min_value=0, max_value=100, label="Of 100 people, leave a year")

    def __init__(self, *args: Any, categories: Sequence[str], saved: Sequence[PeopleMap], **fields: Any) -> None:
        super().__init__(*args, **fields)
        choices = [("", "Everybody"), *((f"category:{name}", name) for name in categories)]
        named = [(f"saved:{one.pk}", one.name) for one in saved]
        cast("forms.ChoiceField", self.fields["map"]).choices = [*choices, ("Saved", named)] if named else choices


class PairForm(forms.Form):
    """Two people at the account and the first day of the line between them."""

    contact = forms.ModelChoiceField(Contact.objects.none(), label="Who")
    from_on = forms.DateField(required=False, label="Since", widget=DayInput, help_text="Empty: nobody told.")

    def __init__(self, *args: Any, people: QuerySet[Contact], **fields: Any) -> None:
        super().__init__(*args, **fields)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = people
        self.order_fields(["contact", "superior", "target", "strength", "from_on"])


class ReportingForm(PairForm):
    """Who reports to whom."""

    superior = forms.ModelChoiceField(Contact.objects.none(), label="Reports to")


class InfluenceForm(PairForm):
    """Who sways whom, and how strongly."""

    target = forms.ModelChoiceField(Contact.objects.none(), label="Sways")
    strength = forms.TypedChoiceField(
        choices=Strength.choices, coerce=lambda value: Strength(int(value)), initial=Strength.CLEAR, label="How strongly"
    )


class PlaceForm(forms.Form):
    """Where a card was put."""

    contact = forms.ModelChoiceField(Contact.objects.none())
    map = forms.CharField(required=False, max_length=200)
    x = forms.IntegerField()
    y = forms.IntegerField()

    def __init__(self, *args: Any, people: QuerySet[Contact], **fields: Any) -> None:
        super().__init__(*args, **fields)
        cast("forms.ModelChoiceField[Contact]", self.fields["contact"]).queryset = people


class SaveMapForm(forms.Form):
    """The name under which a map is kept."""

    name = forms.CharField(max_length=120, help_text="The cards stay where they lie on it now.")
