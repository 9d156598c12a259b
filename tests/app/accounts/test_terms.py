"""Names made comparable, published lists and published checks."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from openkam.app.accounts.terms.card import FactField, canonical_value
from openkam.app.accounts.terms.countries import countries, country_code
from openkam.app.accounts.terms.identifiers import Scheme, canonical_identifier
from openkam.app.accounts.terms.industries import industries, industry_code, industry_title
from openkam.app.accounts.terms.names import folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Café-Zürich", "cafe zurich"),
        ("O'Brien & Sons, Ltd.", "obrien sons ltd"),
        ("ŁÓDŹ Straße", "lodz strasse"),
        ("Ærø Ørsted", "aero orsted"),
        ("株式会社", "株式会社"),
        ("  ", ""),
    ],
)
def test_a_name_is_folded(text, expected):
    assert folded(text) == expected


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text):
    assert folded(folded(text)) == folded(text)


@given(st.text(max_size=40))
def test_a_folded_name_has_no_mark_that_a_pattern_or_a_query_could_mean(text):
    assert not set(folded(text)) & set("%_\"'*^()\\")


def test_the_lists_are_whole():
    assert len(countries()) == 249
    assert sum(len(code) == 1 for code in industries()) == 21
    assert sum(len(code) == 3 for code in industries()) == 88


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "DE"),
        ("Germany", "DE"),
        (" GERMANY ", "DE"),
        ("Côte d'Ivoire", "CI"),
        ("cote divoire", "CI"),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_a_country_is_found_by_code_or_name(text, code):
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("46", "G46"),
        ("g46", "G46"),
        ("G46.31", "G46.31"),
        ("4631", "G46.31"),
        ("G", "G"),
        ("C46", ""),
        ("04", ""),
        ("Z", ""),
        ("G5", ""),
        ("", ""),
        ("toys", ""),
    ],
)
def test_an_industry_code_takes_its_canonical_form(text, code):
    assert industry_code(text) == code


def test_a_class_bears_the_title_of_its_division():
    assert industry_title("G46.31") == "Wholesale trade, except of motor vehicles and motorcycles"
    assert industry_title("?") == "?"


@pytest.mark.parametrize(
    ("scheme", "given", "stored"),
    [
        # The LEI of the worked example in ISO 17442's documentation and that of Apple Inc. in GLEIF's register.
        (Scheme.LEI, "HWUPKR0MPOU8FGXBT394", "HWUPKR0MPOU8FGXBT394"),
        (Scheme.VAT, "de 123.456-789", "DE123456789"),
        (Scheme.VAT, "ATU12345678", "ATU12345678"),
        (Scheme.VAT, "CHE123456789", "CHE123456789"),
        (Scheme.DUNS, "15-048-3782", "150483782"),
        (Scheme.REGISTER, " HRB  12345 ", "HRB 12345"),
    ],
)
def test_a_number_is_stored_in_the_form_of_its_scheme(scheme, given, stored):
    assert canonical_identifier(scheme, given) == stored


@pytest.mark.parametrize(
    ("scheme", "given"),
    [
        (Scheme.LEI, "HWUPKR0MPOU8FGXBT395"),
        (Scheme.LEI, "HWUPKR0MPOU8FGXBT3"),
        (Scheme.VAT, "DE12345678"),
        (Scheme.VAT, "123456789"),
        (Scheme.VAT, "ATX12345678"),
        (Scheme.DUNS, "12345678"),
        (Scheme.DUNS, "١٢٣٤٥٦٧٨٩"),
    ],
)
def test_a_number_that_cannot_be_one_is_refused(scheme, given):
    with pytest.raises(ValidationError):
        canonical_identifier(scheme, given)


@given(st.from_regex(r"[0-9A-Z]{18}", fullmatch=True))
def test_changing_one_digit_of_an_lei_is_noticed(start):
    digits = "".join(str(int(mark, 36)) for mark in start)
    lei = start + f"{98 - int(digits + '00') % 97:02d}"
    assert canonical_identifier(Scheme.LEI, lei) == lei
    other = ("1" if lei[0] != "1" else "2") + lei[1:]
    with pytest.raises(ValidationError):
        canonical_identifier(Scheme.LEI, other)


@pytest.mark.parametrize(
    ("field", "given", "unit", "stored"),
    [
        (FactField.EMPLOYEES, "1,250", "", ("1250", "persons")),
        (FactField.ANNUAL_TURNOVER, "1,250,000.5", "eur", ("1250000.50", "EUR")),
        (FactField.COUNTRIES, "Germany, fr,DE", "", ("DE,FR", "")),
        (FactField.COUNTRY, "France", "", ("FR", "")),
        (FactField.INDUSTRY, "4631", "", ("G46.31", "")),
        (FactField.PRODUCTS, " frozen\nfood ", "", ("frozen\nfood", "")),
    ],
)
def test_a_fact_takes_its_canonical_form(field, given, unit, stored):
    assert canonical_value(field, given, unit) == stored


@pytest.mark.parametrize(
    ("field", "given", "unit"),
    [
        (FactField.EMPLOYEES, "many", ""),
        (FactField.EMPLOYEES, "-5", ""),
        (FactField.EMPLOYEES, "99999999999", ""),
        (FactField.ANNUAL_TURNOVER, "100", ""),
        (FactField.ANNUAL_TURNOVER, "NaN", "EUR"),
        (FactField.ANNUAL_TURNOVER, "-1", "EUR"),
        (FactField.ANNUAL_TURNOVER, "1e30", "EUR"),
        (FactField.COUNTRIES, "Germany, Atlantis", ""),
        (FactField.INDUSTRY, "toys", ""),
        (FactField.PRODUCTS, "  ", ""),
    ],
)
def test_what_a_field_cannot_hold_is_refused(field, given, unit):
    with pytest.raises(ValidationError):
        canonical_value(field, given, unit)
