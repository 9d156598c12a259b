"""Numbers that identify a firm, checked where the check is published.

LEI: ISO 17442, check digits by ISO/IEC 7064 MOD 97-10. EU VAT numbers: the formats of Council Regulation (EU) 904/2010's VIES
(European Commission, "VAT identification numbers"). DUNS: nine digits; its check digit was given up in 2006.
"""

import re

from django.core.exceptions import ValidationError
from django.db import models


class Scheme(models.TextChoices):
    """Whose number it is."""

    VAT = "vat", "VAT number"
    TAX = "tax", "Tax number"
    DUNS = "duns", "D-U-N-S"
    LEI = "lei", "LEI"
    REGISTER = "register", "Register number"
    OWN = "own", "Own number"


EU_VAT = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]", "CZ": r"\d{8,10}", "DE": r"\d{9}", "DK": r"\d{8}",
    "EE": r"\d{9}", "EL": r"\d{9}", "ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}", "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}", "HR": r"\d{11}",
    "HU": r"\d{8}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "IT": r"\d{11}", "LT": r"(\d{9}|\d{12})", "LU": r"\d{8}", "LV": r"\d{11}",
    "MT": r"\d{8}", "NL": r"[A-Z0-9+*]{10}\d{2}", "PL": r"\d{10}", "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{10}01", "SI": r"\d{8}",
    "SK": r"\d{10}", "XI": r"(\d{9}|\d{12}|GD\d{3}|HA\d{3})",
}  # fmt: skip
"""What follows the country's two letters in a VAT number of the European Union (EL is Greece, XI Northern Ireland)."""


def canonical_identifier(scheme: str, value: str) -> str:
    """The number as it is stored: capitals without blanks, dots and hyphens where the scheme has a form, else merely trimmed.

    Raises `ValidationError` when the number cannot be one of its scheme.
    """
    tight = re.sub(r"[\s.\-]", "", value).upper()
    match scheme:
        case Scheme.LEI:
            return _lei(tight)
        case Scheme.VAT:
            return _vat(tight)
        case Scheme.DUNS:
            if not re.fullmatch(r"[0-9]{9}", tight):
                raise ValidationError("A D-U-N-S number has nine digits.")
            return tight
        case _:
            return " ".join(value.split())


def _lei(value: str) -> str:
    if not re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", value):
        raise ValidationError("An LEI has 20 capitals and digits, the last two of them digits.")
    if int("".join(str(int(mark, 36)) for mark in value)) % 97 != 1:
        raise ValidationError("The check digits of this LEI are wrong: compare it with its source.")
    return value


def _vat(value: str) -> str:
    country, number = value[:2], value[2:]
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise ValidationError("A VAT number starts with its country's two letters, for example DE123456789.")
    form = EU_VAT.get(country)
    if form and not re.fullmatch(form, number, re.ASCII):
        raise ValidationError(f"This is not the form of a VAT number that starts with {country}.")
    if not re.fullmatch(r"[0-9A-Z+*]{2,13}", number):
        raise ValidationError("A VAT number has 2 to 13 letters and digits after its country.")
    return value
