"""The items: enough of each, each named once, in our own words."""

import pytest

from openkam.analytics.relationship.rapport.scale_items import COMMITMENT_ITEMS, TRUST_ITEMS, ScaleItem
from openkam.analytics.relationship.rapport.scale_reliability import FEWEST_ITEMS


@pytest.mark.parametrize("items", [TRUST_ITEMS, COMMITMENT_ITEMS])
def test_a_scale_has_items_enough_and_names_each_once(items: tuple[ScaleItem, ...]):
    assert len(items) >= FEWEST_ITEMS
    assert len({item.name for item in items}) == len({item.text for item in items}) == len(items)
    assert all(item.text.endswith(".") for item in items)
