"""Making and changing an account."""

from typing import Any, cast

from django import forms
from django.utils import timezone

from openkam.app.accounts.forms.fields import (
    AccountReference,
    PlainSelect,
    WordList,
    country_choices,
    custom_form_field,
    industry_choices,
)
from openkam.app.accounts.models import Account, CustomField, CustomValue
from openkam.app.accounts.operations.card import NewFact
from openkam.app.accounts.operations.custom_values import CustomInput
from openkam.app.accounts.queries.columns import CUSTOM
from openkam.app.accounts.queries.custom_fields import custom_fields
from openkam.app.accounts.queries.pickers import account_tags, assignable_managers, assignable_teams
from openkam.app.accounts.terms.account import CustomType, Kind
from openkam.app.accounts.terms.card import FactField
from openkam.app.people.models import Team, User

OWN_SOURCE = "Entered by hand"


class AccountForm(forms.Form):
    """An account's own fields, and those that the firm added; `account` is None for a new one.

    A field of the firm's own that the chosen kind of account does not have is offered, and refused with the reason.
    """

    name = forms.CharField(max_length=300)
    kind = forms.ChoiceField(choices=Kind.choices, initial=Kind.CUSTOMER)
    manager = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Nobody")
    team = forms.ModelChoiceField(Team.objects.none(), required=False, empty_label="None")
    tags = WordList(required=False, max_length=1000, help_text="With commas between them.")
    reason = forms.CharField(max_length=500, required=False, help_text="Kept in the audit.")

    def __init__(self, *args: Any, user: User, account: Account | None = None, **fields: Any) -> None:
        self.own_fields = [
            field for field in custom_fields() if account is None or not field.kinds or account.kind in field.kinds
        ]
        if account is not None:
            fields["initial"] = _initial(account)
        super().__init__(*args, **fields)
        _choices(self, "manager").queryset = assignable_managers()
        _choices(self, "team").queryset = assignable_teams()
        self.fields["parent"] = AccountReference(
            user,
            options="parents",
            label="Part of",
            required=False,
            max_length=340,
            help_text="The account right above this one.",
        )
        self.fields["tags"].widget.attrs["list"] = "tags"
        self.tag_options = list(account_tags(user).values_list("name", flat=True)[:200])
        for field in self.own_fields:
            self.fields[f"{CUSTOM}{field.pk}"] = custom_form_field(field)
        self.order_fields(["name", "kind", "legal_name", "country", "industry", "parent", "manager", "team", "tags"])
        self.fields["reason"] = self.fields.pop("reason")

    def clean(self) -> dict[str, Any]:
        """Refuse a value in a field that this kind of account does not have."""
        cleaned = super().clean() or self.cleaned_data
        for field in self.own_fields:
            if field.kinds and cleaned.get("kind") not in field.kinds and cleaned.get(f"{CUSTOM}{field.pk}") not in (None, ""):
                self.add_error(f"{CUSTOM}{field.pk}", "This kind of account does not have this field: leave it empty.")
        return cleaned

    @property
    def custom_values(self) -> dict[CustomField, CustomInput]:
        """What was typed into the firm's own fields."""
        return {field: self.cleaned_data[f"{CUSTOM}{field.pk}"] for field in self.own_fields}


class NewAccountForm(AccountForm):
    """A new account, with what one mostly knows of it; the rest goes on its record card."""

    legal_name = forms.CharField(max_length=300, required=False)
    country = forms.ChoiceField(
        choices=lambda: country_choices("Not known"),
        required=False,
        widget=PlainSelect(fixed=lambda: country_choices("Not known")),
    )
    industry = forms.ChoiceField(
        choices=lambda: industry_choices("Not known"),
        required=False,
        widget=PlainSelect(fixed=lambda: industry_choices("Not known")),
    )
    source = forms.CharField(
        max_length=300,
        required=False,
        label="Where this is from",
        help_text=f"Of legal name, country and industry. Empty: “{OWN_SOURCE}”.",
    )

    @property
    def facts(self) -> list[NewFact]:
        """What was typed about the record card."""
        source = self.cleaned_data["source"] or OWN_SOURCE
        known = (
            (FactField.LEGAL_NAME, self.cleaned_data["legal_name"]),
            (FactField.COUNTRY, self.cleaned_data["country"]),
            (FactField.INDUSTRY, self.cleaned_data["industry"]),
        )
        return [NewFact(field, value, source, timezone.localdate()) for field, value in known if value]


class DeletionForm(forms.Form):
    """Why an account goes."""

    reason = forms.CharField(max_length=500, required=False, help_text="Kept in the audit.")


class ShareForm(forms.Form):
    """With whom an account is shared."""

    user = forms.ModelChoiceField(User.objects.none(), label="Share with", empty_label="Choose a person")

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        _choices(self, "user").queryset = assignable_managers().only("name")


def _choices(form: forms.Form, name: str) -> "forms.ModelChoiceField[Any]":
    return cast("forms.ModelChoiceField[Any]", form.fields[name])


def _initial(account: Account) -> dict[str, object]:
    initial: dict[str, object] = {name: getattr(account, name) for name in ("name", "kind", "manager", "team", "parent")}
    initial["tags"] = [tag.name for tag in account.tags.all()]
    for value in account.custom_values.select_related("field"):
        initial[f"{CUSTOM}{value.field_id}"] = _typed(value)
    return initial


def _typed(value: CustomValue) -> object:
    match CustomType(value.field.type):
        case CustomType.TEXT | CustomType.CHOICE | CustomType.MONEY:
            return value.in_words
        case CustomType.NUMBER:
            return value.number.normalize() if value.number is not None else None
        case CustomType.DAY:
            return value.day
        case CustomType.FLAG:
            return "yes" if value.flag else "no"
