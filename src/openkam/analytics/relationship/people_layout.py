"""Where the cards of a people map lie: superiors above those who report to them, nobody on top of anybody.

Every superior takes a block of their own: their card above, below it the blocks of those who lead others, side by side, and the cards of
those who lead nobody in a grid. Blocks are rectangles that never meet, so no two cards do; they are set in rows of about the shape
of a page, at the top and, from `WIDEST_ROW` on, below a superior too: a row of hundreds could be read at no size. To a later row the
line goes round by the free room left of the rows. Reporting lines that go round in a circle cannot be drawn that way and are refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

from openkam.analytics.terms import OpenKamError

CARD_WIDTH, CARD_HEIGHT = 196, 68
GAP_X, GAP_Y = 28, 64
"""Points of the drawing; between rows there is room for a line and for the word that somebody has to be asked again."""
GRID_GAP_Y = 34
SINGLE_ROW = 4
"""Up to so many who lead nobody stand side by side; more make a grid, since a long row makes the whole map small."""
WIDEST_ROW = 12 * (CARD_WIDTH + GAP_X)
"""Blocks of one superior stand in one row up to this width."""
TRUNK = GAP_X / 2
LANE = GAP_Y / 3
"""How far left of the rows, and how far above a later row, its lines run."""
PAGE_SHAPE = 1.7
"""Width over height to which the blocks are set."""


@dataclass(frozen=True, slots=True)
class CardPlace:
    """The upper left corner of a card (points). `hangs`: its line comes from the side, since cards of the same superior lie above.

    `via`: where the line turns on its way round earlier rows, from down to across; None where it needs no way round.
    """

    x: float
    y: float
    hangs: bool = False
    via: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class _Block:
    width: float
    height: float
    places: Mapping[str, CardPlace]
    is_grid: bool = False


def people_layout(keys: Sequence[str], superior_of: Mapping[str, str]) -> dict[str, CardPlace]:
    """The place of every card. `keys` in the order in which equals stand; superiors who are not among them are left out.

    Raises `OpenKamError` for reporting lines that go round in a circle.
    """
    below: dict[str, list[str]] = {key: [] for key in keys}
    for key in keys:
        superior = superior_of.get(key)
        if superior in below:
            below[superior].append(key)
    tops = [key for key in keys if superior_of.get(key) not in below]
    blocks = [_block(key, below) for key in tops if below[key]]
    loose = [key for key in tops if not below[key]]
    if loose:
        blocks.append(_grid(loose, columns=max(1, min(len(loose), ceil(sqrt(len(loose) * PAGE_SHAPE / 2))))))
    places = _rows(blocks)
    if len(places) != len(keys):
        raise OpenKamError("The reporting lines go round in a circle: end one of them.")
    return places


def _block(key: str, below: Mapping[str, Sequence[str]]) -> _Block:
    """A superior above all who report to them, in one walk from the leaves up: a chain of any length is no deeper in the machine."""
    order, waiting = [], [key]
    while waiting:
        one = waiting.pop()
        order.append(one)
        waiting += below[one]
    made: dict[str, _Block] = {}
    for one in reversed(order):
        leaders = [made[other] for other in below[one] if below[other]]
        leaves = [other for other in below[one] if not below[other]]
        parts = [*leaders]
        if leaves:
            columns = len(leaves) if len(leaves) <= SINGLE_ROW else ceil(sqrt(len(leaves) * PAGE_SHAPE / 2))
            parts.append(_grid(leaves, columns))
        made[one] = _under(one, parts)
    return made[key]


def _under(key: str, parts: Sequence[_Block]) -> _Block:
    in_one_row = sum(part.width for part in parts) + GAP_X * max(len(parts) - 1, 0)
    if in_one_row > WIDEST_ROW:
        return _over_rows(key, parts)
    width = max(CARD_WIDTH, in_one_row)
    places = {key: CardPlace((width - CARD_WIDTH) / 2, 0.0)}
    across = (width - in_one_row) / 2
    down = CARD_HEIGHT + GAP_Y
    for part in parts:
        places |= _moved(part, across, down)
        across += part.width + GAP_X
    return _Block(width, down + max(part.height for part in parts) if parts else CARD_HEIGHT, places)


def _over_rows(key: str, parts: Sequence[_Block]) -> _Block:
    """The blocks below a superior in rows; those who report to the superior in a later row are reached round the earlier ones."""
    area = sum((part.width + GAP_X) * (part.height + GAP_Y) for part in parts)
    most = max([WIDEST_ROW / 2, sqrt(area * PAGE_SHAPE), *(part.width for part in parts)])
    places: dict[str, CardPlace] = {}
    across, down, tallest, widest = 2 * TRUNK, float(CARD_HEIGHT + GAP_Y), 0.0, 0.0
    is_first_row = True
    for part in parts:
        if across > 2 * TRUNK and across + part.width > most + 2 * TRUNK:
            across, down, tallest, is_first_row = 2 * TRUNK, down + tallest + GAP_Y, 0.0, False
        for other, place in _moved(part, across, down).items():
            # The top of a block, and every card of a grid, hangs on this superior; whatever lies deeper has its own.
            is_top = part.is_grid or place.y == down
            places[other] = replace(place, via=(TRUNK, down - LANE)) if is_top and not is_first_row else place
        across += part.width + GAP_X
        tallest, widest = max(tallest, part.height), max(widest, across - GAP_X)
    places[key] = CardPlace((widest - CARD_WIDTH) / 2, 0.0)
    return _Block(widest, down + tallest, places)


def _grid(keys: Sequence[str], columns: int) -> _Block:
    rows = ceil(len(keys) / columns)
    places = {
        key: CardPlace(place % columns * (CARD_WIDTH + GAP_X), place // columns * (CARD_HEIGHT + GRID_GAP_Y), hangs=rows > 1)
        for place, key in enumerate(keys)
    }
    width = columns * (CARD_WIDTH + GAP_X) - GAP_X
    return _Block(width, rows * (CARD_HEIGHT + GRID_GAP_Y) - GRID_GAP_Y, places, is_grid=True)


def _rows(blocks: Sequence[_Block]) -> dict[str, CardPlace]:
    area = sum((block.width + GAP_X) * (block.height + GAP_Y) for block in blocks)
    page = max([sqrt(area * PAGE_SHAPE), *(block.width for block in blocks)], default=0.0)
    places: dict[str, CardPlace] = {}
    across = down = tallest = 0.0
    for block in blocks:
        if across and across + block.width > page:
            across, down, tallest = 0.0, down + tallest + GAP_Y, 0.0
        places |= _moved(block, across, down)
        across += block.width + GAP_X
        tallest = max(tallest, block.height)
    return places


def _moved(block: _Block, across: float, down: float) -> dict[str, CardPlace]:
    return {
        key: CardPlace(
            place.x + across,
            place.y + down,
            place.hangs,
            None if place.via is None else (place.via[0] + across, place.via[1] + down),
        )
        for key, place in block.places.items()
    }
