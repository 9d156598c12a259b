"""An account's ladder as a staircase from stored amounts."""

import pytest

from openkam.analytics.worth.account_worth import LADDER, RUNGS
from openkam.analytics.worth.ladder_stairs import LABELS, ladder_stairs

AMOUNTS = {
    "gross_sales": 1200.0,
    "invoice_reductions": 150.0,
    "unlisted_sales": -50.0,
    "net_invoice": 1000.0,
    "cost_of_goods": 600.0,
    "cm1": 400.0,
    "order_and_logistics": 500.0,
    "cm2": -100.0,
}
MIDDLE = {"cost_of_goods": 0.5, "cm1": 0.5}


def stairs(amounts=AMOUNTS, medians=MIDDLE):
    return {stair.name: stair for stair in ladder_stairs(amounts, medians)}


def test_every_step_of_the_ladder_has_its_stair_and_its_name():
    found = ladder_stairs(AMOUNTS, {})
    assert tuple(stair.name for stair in found) == LADDER
    assert {stair.name for stair in found if stair.is_rung} == set(RUNGS)
    assert set(LABELS) == set(LADDER)


def test_steps_hang_between_the_rungs_and_rungs_stand_on_the_ground():
    found = stairs()
    places = {name: (found[name].start, found[name].end) for name in AMOUNTS}
    assert places == {
        "gross_sales": (0, 1200),
        "invoice_reductions": (1200, 1050),
        "unlisted_sales": (1050, 1000),
        "net_invoice": (0, 1000),
        "cost_of_goods": (1000, 400),
        "cm1": (0, 400),
        "order_and_logistics": (400, -100),
        "cm2": (0, -100),
    }
    assert found["cost_of_goods"].amount == -600
    assert (found["cm2"].share, found["cost_of_goods"].share) == (-0.1, -0.6)


def test_what_is_not_known_stays_unknown():
    found = stairs()
    assert [found[name].amount for name in ("off_invoice", "pocket", "selling_and_service", "cm3", "cm4")] == [None] * 5
    assert found["pocket"].share is None


def test_the_middle_of_the_segment_is_set_to_the_size_of_the_account():
    found = stairs()
    assert (found["cm1"].median_share, found["cm1"].median_amount) == (0.5, 500)
    assert (found["cost_of_goods"].median_share, found["cost_of_goods"].median_amount) == (-0.5, -500)
    assert found["cm2"].median_share is None


@pytest.mark.parametrize("net", [0.0, -5.0, None])
def test_there_are_no_shares_of_a_net_invoice_that_is_not_above_zero(net):
    found = stairs(AMOUNTS | {"net_invoice": net})
    assert (found["cm1"].share, found["cm1"].median_amount) == (None, None)
