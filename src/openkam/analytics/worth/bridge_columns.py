"""Why every account's sales and contribution differ from those of a year before, in parts that sum exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.valuation.price_volume_mix import EFFECTS, Bridge, BridgeOf, price_volume_mix

PLACES = 10_000
"""Parts of a bridge are whole ten-thousandths of the currency, so that their sums are exact in any order."""
COLUMNS = ("before", *EFFECTS, "after")
LABELS = {
    "before": "A year before",
    "lost_accounts": "Lost accounts",
    "new_accounts": "New accounts",
    "lost_sites": "Lost sites",
    "new_sites": "New sites",
    "lost_products": "Products no longer bought",
    "new_products": "Products newly bought",
    "price": "Price",
    "unit_cost": "Cost of a unit",
    "volume": "Volume",
    "mix": "Mix",
    "other": "Without product or quantity",
    "after": "This period",
}


@dataclass(frozen=True, slots=True)
class BridgeStair:
    """One bar of a bridge (currency): `amount` from `start` to `end`; `is_level` marks the sums at both ends."""

    name: str
    label: str
    amount: Decimal
    start: Decimal
    end: Decimal
    is_level: bool


def year_bridges(facts: Facts) -> tuple[Bridge, ...]:
    """The bridges of all accounts from the period a year before: of net sales, and of contribution where a cost is known.

    One is left out where neither period has any line.
    """
    parameters = facts.parameters
    found = [price_volume_mix(facts, parameters.period_before, parameters.period, of) for of in BridgeOf]
    return tuple(one for one in found if one.before.any() or one.after.any())


def bridge_rows(bridge: Bridge) -> list[tuple[int, tuple[int, ...]]]:
    """The accounts (ids) with an amount in either period, each with its `COLUMNS` in ten-thousandths."""
    told = (bridge.before != 0) | (bridge.after != 0) | bridge.effects.any(axis=1)
    return [
        (int(place), (int(bridge.before[place]), *map(int, bridge.effects[place]), int(bridge.after[place])))
        for place in told.nonzero()[0]
    ]


def bridge_stairs(amounts: Mapping[str, int]) -> tuple[BridgeStair, ...]:
    """A bridge as a staircase, from `COLUMNS` in ten-thousandths; parts that are nothing are left out.

    Raises `ValueError` where the parts do not lead from before to after to the last ten-thousandth.
    """
    if amounts["before"] + sum(amounts[name] for name in EFFECTS) != amounts["after"]:
        raise ValueError("The parts of the bridge do not lead from before to after.")
    stairs: list[BridgeStair] = []
    height = Decimal(0)
    for name in COLUMNS:
        is_level = name in ("before", "after")
        amount = Decimal(amounts[name]) / PLACES
        if not amount and not is_level:
            continue
        start = Decimal(0) if is_level else height
        height = start + amount
        stairs.append(BridgeStair(name, LABELS[name], amount, start, height, is_level))
    return tuple(stairs)


@dataclass(frozen=True, slots=True)
class BridgeLine:
    """The largest parts of one bridge (currency); `rest` is what price, volume and mix do not explain, so that all of them sum exactly."""

    before: Decimal
    price: Decimal
    volume: Decimal
    mix: Decimal
    rest: Decimal
    after: Decimal


def bridge_line(amounts: Mapping[str, int]) -> BridgeLine:
    """A bridge in a line, from `COLUMNS` in ten-thousandths."""
    told = {name: Decimal(amounts[name]) / PLACES for name in ("before", "price", "volume", "mix", "after")}
    rest = told["after"] - told["before"] - told["price"] - told["volume"] - told["mix"]
    return BridgeLine(**told, rest=rest)
