"""The fields of the record card: what each holds, in which unit, and how long a statement about it keeps."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import models

from openkam.app.accounts.terms.countries import country_code
from openkam.app.accounts.terms.industries import industry_code


class FactField(models.TextChoices):
    """What a fact is about."""

    LEGAL_NAME = "legal_name", "Legal name"
    INDUSTRY = "industry", "Industry (ISIC/NACE)"
    INDUSTRY_STRUCTURE = "industry_structure", "Industry structure"
    EMPLOYEES = "employees", "Employees"
    ANNUAL_TURNOVER = "annual_turnover", "Annual turnover"
    COUNTRY = "country", "Country of the head office"
    COUNTRIES = "countries", "Countries it works in"
    GEOGRAPHIC_SPREAD = "geographic_spread", "Geographic spread"
    LOCATIONS = "locations", "Locations"
    PRODUCTS = "product_characteristics", "Product characteristics"
    OUTLET_TYPE = "outlet_type", "Outlet type"
    SALES_REGION = "sales_region", "Sales region"
    BUYING_GROUP = "buying_group", "Buying group"


class Holds(StrEnum):
    """What kind of value a field takes."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    INDUSTRY = "industry"
    COUNTRY = "country"
    COUNTRIES = "countries"


@dataclass(frozen=True, slots=True)
class CardField:
    """How one field is kept. `unit` is fixed, except that of money, which is its currency."""

    holds: Holds
    unit: str = ""
    shelf_life_days: int | None = 730


CARD: dict[FactField, CardField] = {
    FactField.LEGAL_NAME: CardField(Holds.TEXT, shelf_life_days=None),
    FactField.INDUSTRY: CardField(Holds.INDUSTRY, shelf_life_days=1825),
    FactField.INDUSTRY_STRUCTURE: CardField(Holds.TEXT),
    FactField.EMPLOYEES: CardField(Holds.COUNT, "persons", 548),
    FactField.ANNUAL_TURNOVER: CardField(Holds.MONEY, shelf_life_days=548),
    FactField.COUNTRY: CardField(Holds.COUNTRY, shelf_life_days=None),
    FactField.COUNTRIES: CardField(Holds.COUNTRIES),
    FactField.GEOGRAPHIC_SPREAD: CardField(Holds.TEXT),
    FactField.LOCATIONS: CardField(Holds.COUNT, "sites"),
    FactField.PRODUCTS: CardField(Holds.TEXT),
    FactField.OUTLET_TYPE: CardField(Holds.TEXT, shelf_life_days=1825),
    FactField.SALES_REGION: CardField(Holds.TEXT, shelf_life_days=None),
    FactField.BUYING_GROUP: CardField(Holds.TEXT, shelf_life_days=1825),
}
"""The card in the order it is shown. A shelf life is the one proposed; whoever states a fact may set another."""


def canonical_value(field: FactField, value: str, unit: str = "") -> tuple[str, str]:
    """Value and unit as they are stored; raises `ValidationError` when the field cannot hold the value."""
    text = " ".join(value.split()) if CARD[field].holds is not Holds.TEXT else value.strip()
    if not text:
        raise ValidationError("A fact needs a value.")
    match CARD[field].holds:
        case Holds.TEXT:
            return text, ""
        case Holds.COUNT:
            return _whole_number(text), CARD[field].unit
        case Holds.MONEY:
            return _amount(text), _currency(unit)
        case Holds.INDUSTRY:
            return _found(industry_code(text), text, "an ISIC/NACE code, for example G46"), ""
        case Holds.COUNTRY:
            return _found(country_code(text), text, "a country or its two-letter code"), ""
        case Holds.COUNTRIES:
            codes = [
                _found(country_code(part), part, "a country or its two-letter code") for part in text.split(",") if part.strip()
            ]
            return ",".join(sorted(set(codes))), ""


def _found(code: str, text: str, expected: str) -> str:
    if not code:
        raise ValidationError(f"“{text.strip()}” is not {expected}.")
    return code


def _whole_number(text: str) -> str:
    digits = text.replace(",", "").replace(" ", "")
    if not (digits.isascii() and digits.isdecimal()) or int(digits) > 2_147_483_647:
        raise ValidationError(f"“{text}” is not a whole number.")
    return str(int(digits))


def _amount(text: str) -> str:
    try:
        amount = Decimal(text.replace(",", "").replace(" ", "")).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise ValidationError(f"“{text}” is not an amount: write it like 1,250,000.50.") from error
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 18:
        raise ValidationError("An amount is zero or more, and below a million million million.")
    return str(amount)


def _currency(unit: str) -> str:
    code = unit.strip().upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise ValidationError("An amount needs its currency, three letters as in EUR.")
    return code
