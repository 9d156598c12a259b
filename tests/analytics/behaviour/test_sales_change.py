from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from openkam.analytics.behaviour.sales_change import Cell, sales_change

D = Decimal
amounts = st.decimals(min_value=-5000, max_value=50_000, places=4)
quantities = st.decimals(min_value=-20, max_value=900, places=4)
cells = st.lists(
    st.builds(
        Cell, st.sampled_from(["a", "b", None]), st.sampled_from(["p", "q", "r", None]), amounts, amounts, quantities, quantities
    ),
    max_size=12,
    unique_by=lambda cell: (cell.site, cell.product),
)


def cell(product: str, before: tuple[float, float], now: tuple[float, float], site: str = "a") -> Cell:
    """Amount and quantity before and now."""
    return Cell(site, product, D(str(before[0])), D(str(now[0])), D(str(before[1])), D(str(now[1])))


def test_by_hand():
    # p: 10 at 10, now 20 at 11. q: 10 at 30, now 10 at 30. Units 20, now 30, so growth is 1.5.
    found = sales_change([cell("p", (100, 10), (220, 20)), cell("q", (300, 10), (300, 10))])
    assert (found.before, found.now) == (400, 520)
    assert found.volume == 200  # half of 400
    assert found.mix == -100  # 20 · 10 + 10 · 30 = 500 against 600
    assert found.price == 20  # 20 units at 1 more
    assert sum(found.parts.values()) == found.change == 120


def test_sites_come_before_products_and_products_before_the_rest():
    found = sales_change(
        [
            cell("p", (100, 10), (150, 10)),
            cell("q", (0, 0), (70, 7)),
            cell("r", (40, 4), (0, 0)),
            cell("p", (0, 0), (500, 50), site="new"),
            cell("p", (300, 30), (0, 0), site="closed"),
            cell("s", (-5, 0), (-9, 0)),
        ]
    )
    assert (found.new_sites, found.lost_sites) == (500, -300)
    assert (found.new_products, found.lost_products) == (70, -40)
    assert (found.volume, found.mix, found.price, found.other) == (0, 0, 50, -4)


@settings(max_examples=100)
@given(cells)
def test_the_parts_add_up_to_the_change_to_the_last_digit(rows):
    found = sales_change(rows)
    assert sum(found.parts.values()) == found.change == sum(c.amount_now for c in rows) - sum(c.amount_before for c in rows)


@settings(max_examples=50)
@given(cells)
def test_looking_back_turns_new_into_lost(rows):
    there = sales_change(rows)
    back = sales_change([Cell(c.site, c.product, c.amount_now, c.amount_before, c.quantity_now, c.quantity_before) for c in rows])
    assert back.change == -there.change
    assert back.new_sites + back.lost_sites == -(there.new_sites + there.lost_sites)


@given(st.integers(1, 40), st.integers(1, 40))
def test_all_prices_alike_is_volume_alone_and_all_quantities_alike_is_price_alone(one, other):
    grown = sales_change([cell("p", (10 * one, one), (10 * other, other)), cell("q", (10, 1), (10, 1))])
    assert (grown.mix, grown.price) == (0, 0)
    dearer = sales_change([cell("p", (one, 3), (other, 3)), cell("q", (7, 2), (7, 2))])
    assert (dearer.volume, dearer.mix, dearer.price) == (0, 0, other - one)


def test_thirds_are_rounded_once_and_price_takes_what_is_left():
    found = sales_change([cell("p", (1, 3), (1, 1)), cell("q", (1, 1), (2, 2))])
    assert found.volume == D("-0.5")
    assert found.mix == D("0.8333")  # 1/3 + 2 − 3/4 · 2
    assert sum(found.parts.values()) == 1


def test_nothing_changes_nothing():
    assert set(sales_change([]).parts.values()) == {D(0)}
