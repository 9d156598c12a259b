"""Fields and controls that the room's forms and filters share."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Any, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from openkam.app.accounts.models import Account, CustomField
from openkam.app.accounts.queries.pickers import account_by_reference, reference
from openkam.app.accounts.terms.account import CustomType
from openkam.app.accounts.terms.countries import countries
from openkam.app.accounts.terms.industries import industries
from openkam.app.people.models import User
from openkam.app.ui.forms import DayInput

Choices: TypeAlias = tuple[tuple[str, str], ...]
LONGEST_TITLE = 60
AMOUNT = re.compile(r"(?P<amount>-?[\d, ]+(?:\.\d+)?)\s*(?P<currency>[A-Za-z]{3})")


class PlainSelect(forms.Select):
    """A select of hundreds of options, drawn at once and kept: one template per option would cost more than the rest of the page.

    `fixed` gives the options where a form need not go through them to draw them: the same for everybody, or names that were read at once.
    """

    def __init__(self, *args: Any, fixed: Callable[[], Choices] | None = None, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.fixed = fixed

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        offered = self.fixed() if self.fixed else tuple((str(key), str(label)) for key, label in self.choices)
        chosen = frozenset(str(part) for part in self.format_value(value)).intersection(key for key, _ in offered)
        given = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        words = format_html_join(
            "", ' {}="{}"', ((key, word) for key, word in given.items() if word is not True and word is not False)
        )
        required = " required" if given.get("required") is True else ""
        return format_html("<select{}{}>{}</select>", words, required, options_of(offered, chosen))


@lru_cache(maxsize=64)
def options_of(offered: Choices, chosen: frozenset[str]) -> SafeString:
    """The options of a select, escaped. Countries and industries are the same on every page."""
    rows = ((key, " selected" if key in chosen else "", label) for key, label in offered)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


@cache
def country_choices(empty: str) -> Choices:
    """Every country, by name."""
    return (("", empty), *countries().items())


@cache
def industry_choices(empty: str) -> Choices:
    """Sections and, set in below them, their divisions."""
    rows = (
        (code, f"{code} {_short(title)}" if len(code) == 1 else f"\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{code} {_short(title)}")
        for code, title in industries().items()
    )
    return (("", empty), *rows)


class AccountReference(forms.CharField):
    """An account by what a picker writes, or by a name that only one visible account bears."""

    def __init__(self, user: User, *, options: str, **fields: Any) -> None:
        super().__init__(**fields)
        self.user = user
        self.widget.attrs |= {
            "list": options,
            "autocomplete": "off",
            "hx-get": str(reverse_lazy("accounts:options")),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{options}",
            "hx-params": self.widget.attrs.get("name", "*"),
        }

    def clean(self, value: Any) -> Account | None:
        text = super().clean(value)
        if not text:
            return None
        found = account_by_reference(self.user, text)
        if found is None:
            raise ValidationError(
                "No account of yours is meant by that. Choose one from the list, or write its number as in #12."
            )
        return found

    def prepare_value(self, value: Any) -> Any:
        return reference(value) if isinstance(value, Account) else value


class WordList(forms.CharField):
    """Words with commas between them."""

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        return list(dict.fromkeys(" ".join(word.split()) for word in text.split(",") if word.strip()))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class MoneyField(forms.CharField):
    """An amount with its currency, as in `1,250.50 EUR`."""

    def clean(self, value: Any) -> tuple[Decimal, str] | None:
        text = super().clean(value)
        if not text:
            return None
        found = AMOUNT.fullmatch(text)
        try:
            amount = Decimal(found["amount"].replace(",", "").replace(" ", "")) if found else None
        except InvalidOperation:
            amount = None
        if found is None or amount is None or abs(amount) >= Decimal(10) ** 16:
            raise ValidationError("Write an amount with its currency, as in 1,250.50 EUR.")
        return amount, found["currency"].upper()


def custom_form_field(field: CustomField) -> forms.Field:
    """The form field for one of the firm's own fields; none of them must be filled."""
    help_text = escape(field.help_text)  # a form's help is written into the page as markup
    words: dict[str, Any] = {"label": field.name, "help_text": help_text, "required": False}
    match CustomType(field.type):
        case CustomType.TEXT:
            return forms.CharField(max_length=2000, **words)
        case CustomType.NUMBER:
            return forms.DecimalField(max_digits=20, decimal_places=4, **words)
        case CustomType.DAY:
            return forms.DateField(widget=DayInput, **words)
        case CustomType.CHOICE:
            return forms.ChoiceField(choices=[("", "—"), *((choice, choice) for choice in field.choices)], **words)
        case CustomType.FLAG:
            choices = [("", "—"), ("yes", "Yes"), ("no", "No")]
            return forms.TypedChoiceField(choices=choices, coerce=lambda word: word == "yes", empty_value=None, **words)
        case CustomType.MONEY:
            words["help_text"] = help_text or "With its currency, as in 1,250.50 EUR."
            return MoneyField(max_length=40, **words)


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"
