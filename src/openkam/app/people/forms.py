"""What people type into this room's pages. A form names its fields one by one: whatever else is sent is not looked at."""

from typing import Any, cast
from zoneinfo import available_timezones

from django import forms

from openkam.app.people import queries
from openkam.app.people.models import Team, User
from openkam.app.people.terms import MONTHS, Function, Level, Role, Scope

REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
ZONES = (
    ("", "As the site"),
    ("UTC", "UTC"),
    *((name, name.replace("_", " ")) for name in sorted(available_timezones()) if name.split("/")[0] in REGIONS),
)


def name_field() -> forms.CharField:
    return forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))


def zone_field() -> forms.ChoiceField:
    return forms.ChoiceField(choices=ZONES, required=False)


def reason_field() -> forms.CharField:
    return forms.CharField(max_length=500, required=False, help_text="Kept in the audit.")


def currency_field() -> forms.ChoiceField:
    codes = [("", "Choose"), *((code, code) for code in queries.reporting_currencies())]
    return forms.ChoiceField(choices=codes, label="Reporting currency")


def fiscal_month_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(choices=MONTHS, coerce=int, initial=1, label="Fiscal year begins in")


def fiscal_day_field() -> forms.IntegerField:
    return forms.IntegerField(min_value=1, max_value=31, initial=1, label="on day")


class PersonForm(forms.Form):
    """A person's record, as an administrator writes it; `person` is None for a new one."""

    name = name_field()
    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(choices=Role.choices, initial=Role.MANAGER)
    scope = forms.ChoiceField(
        choices=[("", "As the role"), *Scope.choices],
        required=False,
        label="Sees",
        help_text="Which accounts the person sees, apart from those shared with them.",
    )
    reports_to = forms.ModelChoiceField(User.objects.none(), required=False, label="Reports to", empty_label="Nobody")
    level = forms.TypedChoiceField(
        choices=[("", "Not said"), *Level.choices],
        coerce=lambda value: Level(int(value)),
        empty_value=None,
        required=False,
        help_text="On people maps beside the level of whom they know at an account.",
    )
    function = forms.ChoiceField(choices=[("", "Not said"), *Function.choices], required=False)
    hours_per_year = forms.IntegerField(
        min_value=0, max_value=8784, initial=0, label="Hours a year for key accounts", help_text="The selection never plans more."
    )
    time_zone = zone_field()
    reason = reason_field()

    def __init__(self, *args: Any, person: User | None = None, **fields: Any) -> None:
        if person:
            names = ("name", "email", "role", "scope", "reports_to", "level", "function", "hours_per_year", "time_zone")
            fields["initial"] = {name: getattr(person, name) for name in names}
        super().__init__(*args, **fields)
        cast("forms.ModelChoiceField[User]", self.fields["reports_to"]).queryset = queries.possible_managers(person)


class ReasonForm(forms.Form):
    """Why something is done that others will ask about."""

    reason = reason_field()


class TeamForm(forms.Form):
    """A team's name, its members and who leads it."""

    name = forms.CharField(max_length=150)
    members = forms.ModelMultipleChoiceField(User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple)
    leads = forms.ModelMultipleChoiceField(
        User.objects.none(),
        required=False,
        label="Led by",
        widget=forms.CheckboxSelectMultiple,
        help_text="Who leads is a member too.",
    )

    def __init__(self, *args: Any, team: Team | None = None, **fields: Any) -> None:
        if team:
            memberships = list(team.memberships.all())
            fields["initial"] = {
                "name": team.name,
                "members": [membership.user_id for membership in memberships],
                "leads": [membership.user_id for membership in memberships if membership.is_lead],
            }
        super().__init__(*args, **fields)
        for field in ("members", "leads"):
            cast("forms.ModelMultipleChoiceField[User]", self.fields[field]).queryset = queries.possible_members(team)


class PreferencesForm(forms.Form):
    """What a person decides about themselves."""

    name = name_field()
    time_zone = zone_field()


class WelcomeForm(forms.Form):
    """The organisation of a new workspace and its first administrator."""

    organisation = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    currency = currency_field()
    fiscal_year_start_month = fiscal_month_field()
    fiscal_year_start_day = fiscal_day_field()
    name = name_field()
    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters. A few words are easier to remember than signs.",
        strip=False,
    )
    repeated = forms.CharField(
        label="Password once more", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def clean_repeated(self) -> str:
        if self.cleaned_data["repeated"] != self.cleaned_data.get("password"):
            raise forms.ValidationError("The two passwords differ: type them again.")
        return self.cleaned_data["repeated"]
