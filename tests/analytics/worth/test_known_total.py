"""What is not known adds nothing, and where nothing is known there is no sum."""

from decimal import Decimal

import pytest

from openkam.analytics.worth.known_total import known_total


@pytest.mark.parametrize(
    ("amounts", "total"),
    [
        ([], None),
        ([None, None], None),
        ([Decimal(0)], Decimal(0)),
        ([Decimal("0.10"), None, Decimal("0.20")], Decimal("0.30")),
        ([Decimal("1E+20"), Decimal("0.01"), Decimal("-1E+20")], Decimal("0.01")),
    ],
)
def test_a_total_is_exact_over_what_is_known(amounts: list[Decimal | None], total: Decimal | None) -> None:
    assert known_total(amounts) == total
