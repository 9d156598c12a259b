"""The currency codes there are."""

from openkam.analytics.ledger.currencies import CURRENCIES


def test_currencies_are_codes_of_three_letters() -> None:
    assert {"EUR", "GBP", "USD", "JPY", "DEM"} <= CURRENCIES
    assert all(len(c) == 3 and c.isascii() and c.isupper() for c in CURRENCIES)
