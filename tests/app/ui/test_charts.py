"""Axes that write their own labels."""

import pytest

from openkam.app.ui.templatetags.charts import amount_axis, percent_axis
from openkam.app.ui.templatetags.figures import NO_BREAK


@pytest.mark.parametrize(
    ("ends", "size", "unit"),
    [
        ((0, 950), 1, ""),
        ((0, 1000), 1000, "k"),
        ((-2_500_000, 900), 10**6, "M"),
        ((3e9,), 10**9, "bn"),
        ((), 1, ""),
        ((0.0,), 1, ""),
    ],
)
def test_all_labels_of_an_axis_are_in_the_unit_that_fits_its_longest_end(ends, size, unit):
    label = amount_axis(*ends)["labelExpr"]
    assert label.startswith(f"datum.value === 0 ? '0' : format(datum.value / {size}, ")
    assert label.endswith(f" + '{NO_BREAK}{unit}'" if unit else ")")


def test_shares_are_written_in_per_cent_with_a_sign_where_it_matters():
    assert "'.0f'" in percent_axis()["labelExpr"]
    assert "'+.0f'" in percent_axis(signed=True)["labelExpr"]
