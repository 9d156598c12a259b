"""Break-even sales changes as published with the method of Nagle."""

import pytest

from openkam.analytics.valuation.break_even import break_even_volume_change, reactive_volume_loss


@pytest.mark.parametrize(
    ("contribution_ratio", "price_change", "published"),
    [
        (0.45, -0.05, 0.125),  # a cut of 5 %
        (0.42, 0.10, -0.192),  # a rise of 10 %
        (0.40, 0.05, -0.111),  # a rise of 5 %
        (1.50 / 2.50, -0.50 / 2.50, 0.50),  # price 2.50 → 2.00 at a variable cost of 1.00
    ],
)
def test_break_even_table(contribution_ratio, price_change, published):
    assert break_even_volume_change(contribution_ratio, price_change) == pytest.approx(published, abs=5e-4)


def test_following_a_rivals_cut():
    assert reactive_volume_loss(0.45, -0.15) == pytest.approx(-1 / 3)
