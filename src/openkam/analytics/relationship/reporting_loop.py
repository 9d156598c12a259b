"""Would a reporting line close a circle? Lines have days, so only lines that hold at one and the same time can."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DatedLine:
    """`person` reports to `superior` from a day until a day, both included; None is open."""

    person: int
    superior: int
    from_on: date | None
    until_on: date | None


def reporting_loop(lines: Iterable[DatedLine], new: DatedLine) -> tuple[int, ...]:
    """The way round from the new line's person back to it, the person at both ends; empty where none closes.

    Walks up from the superior with the days that all lines of the way have in common, and gives the way up as soon as none is left.
    """
    above: dict[int, list[DatedLine]] = {}
    for line in lines:
        above.setdefault(line.person, []).append(line)
    first, last = new.from_on or date.min, new.until_on or date.max
    ways: list[tuple[tuple[int, ...], date, date]] = [((new.person, new.superior), first, last)]
    seen: set[tuple[int, date, date]] = set()
    while ways:
        way, first, last = ways.pop()
        if way[-1] == new.person:
            return way
        for line in above.get(way[-1], []):
            begins, ends = max(first, line.from_on or date.min), min(last, line.until_on or date.max)
            state = line.superior, begins, ends
            if begins <= ends and state not in seen:
                seen.add(state)
                ways.append(((*way, line.superior), begins, ends))
    return ()
