"""Krippendorff's own example: four observers, twelve units, values missing.

Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section E, reliability data and results: nominal 0.743,
ordinal 0.815, interval 0.849, ratio 0.797.
"""

import pytest

from openkam.analytics.selection.agreement import ordinal_agreement

OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
PUBLISHED_ORDINAL_ALPHA = 0.815


def test_it_is_the_published_value() -> None:
    units = [[value for value in unit if value is not None] for unit in zip(*OBSERVERS, strict=True)]

    found = ordinal_agreement(units)

    assert found.alpha == pytest.approx(PUBLISHED_ORDINAL_ALPHA, abs=0.0005)
    assert (found.unit_count, found.rating_count) == (11, 40)
