"""Why sales changed against a year ago: sites, products, volume, mix and price, adding up to the change to the last digit.

Each sale of the two periods falls into one cell of site and product. First whole sites that came or went are set apart, then on
the sites that stayed the products that came or went, then cells without a quantity in one of the periods. What is left was bought
in both at a price p = amount / quantity. With Q the quantity of all these cells:

    volume = (Q₁/Q₀ − 1) · Σ p₀q₀      as if all had grown alike
    mix    = Σ p₀q₁ − Q₁/Q₀ · Σ p₀q₀   towards dearer or cheaper cells
    price  = Σ p₁q₁ − Σ p₀q₁
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

PLACES = Decimal("0.0001")
"""Effects are rounded to the places of the ledger's amounts; the price effect takes what rounding leaves."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one site bought of one product in the period and in the same period a year before: amounts (currency) and quantities
    (units). None stands for sales without a site or a product."""

    site: str | None
    product: str | None
    amount_before: Decimal
    amount_now: Decimal
    quantity_before: Decimal
    quantity_now: Decimal


@dataclass(frozen=True, slots=True)
class SalesChange:
    """The change of sales and its parts (currency): `before` + the parts = `now`, exactly.

    `other` holds what has no price to compare: cells without a positive quantity in one of the periods, as returns alone leave.
    """

    before: Decimal
    now: Decimal
    new_sites: Decimal
    lost_sites: Decimal
    new_products: Decimal
    lost_products: Decimal
    volume: Decimal
    mix: Decimal
    price: Decimal
    other: Decimal

    @property
    def parts(self) -> dict[str, Decimal]:
        """Each part of the change by its words, in the order of the ladder."""
        return {
            "new sites": self.new_sites,
            "lost sites": self.lost_sites,
            "new products": self.new_products,
            "lost products": self.lost_products,
            "volume": self.volume,
            "mix": self.mix,
            "price": self.price,
            "other": self.other,
        }

    @property
    def change(self) -> Decimal:
        """Sales now less sales before (currency)."""
        return self.now - self.before


def sales_change(cells: Sequence[Cell]) -> SalesChange:
    """Take the change of sales between the two periods apart."""
    sites_before = {cell.site for cell in cells if _bought_before(cell)}
    sites_now = {cell.site for cell in cells if _bought_now(cell)}
    new_sites, rest = _split(cells, lambda cell: cell.site not in sites_before)
    lost_sites, stayed = _split(rest, lambda cell: cell.site not in sites_now)
    products_before = {cell.product for cell in stayed if _bought_before(cell)}
    products_now = {cell.product for cell in stayed if _bought_now(cell)}
    new_products, rest = _split(stayed, lambda cell: cell.product not in products_before)
    lost_products, kept = _split(rest, lambda cell: cell.product not in products_now)
    compared, other = _split(kept, _is_comparable)
    volume, mix = _volume_and_mix(compared)
    return SalesChange(
        before=sum((cell.amount_before for cell in cells), Decimal(0)),
        now=sum((cell.amount_now for cell in cells), Decimal(0)),
        new_sites=_difference(new_sites),
        lost_sites=_difference(lost_sites),
        new_products=_difference(new_products),
        lost_products=_difference(lost_products),
        volume=volume,
        mix=mix,
        price=_difference(compared) - volume - mix,
        other=_difference(other),
    )


def _volume_and_mix(cells: Sequence[Cell]) -> tuple[Decimal, Decimal]:
    """Volume and mix of the cells bought in both periods, reckoned in fractions and rounded once."""
    units_before = _exact_sum(cell.quantity_before for cell in cells)
    if not units_before:
        return Decimal(0), Decimal(0)
    growth = _exact_sum(cell.quantity_now for cell in cells) / units_before
    before = _exact_sum(cell.amount_before for cell in cells)
    at_old_prices = sum((_at_old_price(cell) for cell in cells), Fraction(0))
    return _rounded((growth - 1) * before), _rounded(at_old_prices - growth * before)


def _exact_sum(values: Iterable[Decimal]) -> Fraction:
    """Added up as whole numbers where the denominator is the same, which is several times as fast as fractions one by one."""
    sums: dict[int, int] = {}
    for value in values:
        top, bottom = value.as_integer_ratio()
        sums[bottom] = sums.get(bottom, 0) + top
    return sum((Fraction(top, bottom) for bottom, top in sums.items()), Fraction(0))


def _at_old_price(cell: Cell) -> Fraction:
    """What the quantity of now would have cost a year ago."""
    (amount, amount_of), (was, was_of), (now, now_of) = (
        value.as_integer_ratio() for value in (cell.amount_before, cell.quantity_before, cell.quantity_now)
    )
    return Fraction(amount * now * was_of, amount_of * now_of * was)


def _rounded(value: Fraction) -> Decimal:
    # Ten thousandths as a whole number: a fraction becomes a decimal without a detour over doubles.
    return Decimal(round(value * 10_000)) * PLACES


def _split(cells: Sequence[Cell], belongs: Callable[[Cell], bool]) -> tuple[list[Cell], list[Cell]]:
    return [cell for cell in cells if belongs(cell)], [cell for cell in cells if not belongs(cell)]


def _difference(cells: Sequence[Cell]) -> Decimal:
    return sum((cell.amount_now - cell.amount_before for cell in cells), Decimal(0))


def _bought_before(cell: Cell) -> bool:
    return bool(cell.amount_before or cell.quantity_before)


def _bought_now(cell: Cell) -> bool:
    return bool(cell.amount_now or cell.quantity_now)


def _is_comparable(cell: Cell) -> bool:
    return cell.quantity_before > 0 and cell.quantity_now > 0
