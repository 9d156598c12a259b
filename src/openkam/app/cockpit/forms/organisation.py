"""What the firm says of itself. A form names its fields one by one: whatever else is sent is not looked at."""

from typing import Any

from django import forms

from openkam.app.accounts.terms.countries import countries
from openkam.app.people.forms import currency_field, fiscal_day_field, fiscal_month_field, reason_field, zone_field
from openkam.app.people.models import Organisation
from openkam.app.people.operations.organisation import OrganisationDetails
from openkam.app.people.terms import WeekStart


class OrganisationForm(forms.Form):
    """What the firm says of itself."""

    name = forms.CharField(max_length=150, help_text="As people call it; every page shows it.")
    legal_name = forms.CharField(max_length=300, required=False, label="Legal name", help_text="As it stands in a contract.")
    country = forms.ChoiceField(required=False)
    currency = currency_field()
    fiscal_year_start_month = fiscal_month_field()
    fiscal_year_start_day = fiscal_day_field()
    week_start = forms.TypedChoiceField(
        choices=WeekStart.choices,
        coerce=int,
        label="The week begins on",
        help_text="Where a page counts in weeks. The calendar that opens on a day's field is the browser's own.",
    )
    time_zone = zone_field()
    reason = reason_field()

    def __init__(self, *args: Any, organisation: Organisation, **fields: Any) -> None:
        details = {name: getattr(organisation, name) for name in OrganisationDetails.__dataclass_fields__}
        super().__init__(*args, initial=details, **fields)
        self.fields["country"].choices = [("", "Not said"), *countries().items()]  # pyright: ignore[reportAttributeAccessIssue]
        self.fields["currency"].help_text = "What money is reported in from now on. Closed rounds keep theirs."
        self.fields["time_zone"].help_text = "For everybody who chose none under Preferences."

    @property
    def details(self) -> OrganisationDetails:
        """What the valid form says."""
        names = OrganisationDetails.__dataclass_fields__
        return OrganisationDetails(**{name: value for name, value in self.cleaned_data.items() if name in names})
