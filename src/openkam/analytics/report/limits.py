"""How much of each limit the selection uses, and what one more unit would be worth in the relaxation."""

from dataclasses import dataclass

import numpy as np

from openkam.analytics.report.number_format import decimal, percent, words_behind
from openkam.analytics.report.table import Column, Kind, Table
from openkam.analytics.review.review import Review
from openkam.analytics.selection.problem import Limit, SelectionProblem, Sense, Solution, Vector

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class LimitUse:
    """One limit: `used` against `bound` in `unit`; `shadow_price` is the utility that the linear
    relaxation gains per unit by which the bound is loosened.
    """

    label: str
    unit: str
    unit_words: str
    sense: Sense
    used: float | None
    bound: float
    step: float
    shadow_price: float | None
    is_share: bool

    @property
    def slack(self) -> float | None:
        """What is left before the limit is reached, in `unit`; None where nothing stands under it."""
        if self.used is None:
            return None
        return self.bound - self.used if self.sense is Sense.AT_MOST else self.used - self.bound

    @property
    def is_binding(self) -> bool:
        """True where less than the smallest change worth naming is left."""
        return self.slack is not None and self.slack < self.step * (1 - _ROUNDING)

    @property
    def is_broken(self) -> bool:
        """True where the selection goes past the limit, which a solved one never does by more than rounding."""
        return self.slack is not None and self.slack < -1e-6 * max(1.0, abs(self.bound))

    @property
    def is_used_up(self) -> bool:
        """True where nothing at all is left."""
        return self.slack is not None and self.slack <= _ROUNDING * max(1.0, abs(self.bound))

    @property
    def fill(self) -> float:
        """Length of the bar, 0 to 1: use of the bound, or for a floor the floor's part of what is reached."""
        used = self.used or 0.0
        largest = max(used, self.bound)
        return min(1.0, max(0.0, used / largest)) if largest > 0 else 0.0

    @property
    def floor_mark(self) -> float | None:
        """Where a floor stands on the bar, 0 to 1; None for a ceiling, which stands at the bar's end."""
        largest = max(self.used or 0.0, self.bound)
        return self.bound / largest if self.sense is Sense.AT_LEAST and largest > 0 else None

    def amount(self, value: float | None) -> str:
        """A value of this limit as text, without its unit."""
        if self.is_share:
            return percent(value, 2 if self.bound < 0.1 else 1)
        return decimal(value, 0 if value is None or float(value).is_integer() or abs(value) >= 100 else 1)

    @property
    def loosening(self) -> str:
        """What loosening the bound by one is called: `one more hour`, `one point less`."""
        way = "more" if self.sense is Sense.AT_MOST else "fewer"
        if self.is_share:
            return f"one point {'more' if self.sense is Sense.AT_MOST else 'less'}"
        return f"one {way} {self.unit.split('/')[0].split(' ')[0].removesuffix('s') or 'unit'}"

    @property
    def loosening_worth(self) -> float | None:
        """Utility that the relaxation gains by it; a point of a share is a hundredth of its unit."""
        return None if self.shadow_price is None else self.shadow_price / (100.0 if self.is_share else 1.0)


def limit_uses(review: Review) -> tuple[LimitUse, ...]:
    """Every limit of the problem in its order, then the hours of each manager."""
    return uses_of(review.problem, review.solution, review.currency)


def uses_of(problem: SelectionProblem, solution: Solution, currency: str) -> tuple[LimitUse, ...]:
    """The same of any solved problem."""
    chosen = solution.chosen.astype(np.float64)
    uses = [
        LimitUse(
            label=limit.label.removesuffix(" at most").removesuffix(" at least"),
            unit=limit.unit,
            unit_words=words_behind(limit.unit, currency),
            sense=limit.sense,
            used=_used(limit, chosen),
            bound=limit.bound,
            step=limit.step,
            shadow_price=solution.shadow_price.get(limit.name),
            is_share=limit.unit.startswith("share"),
        )
        for limit in problem.limits
    ]
    for index, name in enumerate(problem.managers):
        given = float(problem.hours[solution.manager == index].sum())
        bound = float(problem.manager_hours[index])
        price = solution.shadow_price.get(f"manager:{name}")
        uses.append(
            LimitUse(f"Hours of {name}", "hours/year", "h a year", Sense.AT_MOST, given, bound, 1.0, price, is_share=False)
        )
    return tuple(uses)


def _used(limit: Limit, chosen: Vector) -> float | None:
    total = float(limit.numerator @ chosen)
    if limit.denominator is None:
        return total
    whole = float(limit.denominator @ chosen)
    return total / whole if whole > 0 else None


def limits_table(review: Review) -> Table:
    """Use of every limit, with the relaxation's shadow price."""
    columns = (
        Column("Limit"),
        Column("Sense"),
        Column("Used", Kind.NUMBER, digits=2),
        Column("Bound", Kind.NUMBER, digits=2),
        Column("Left", Kind.NUMBER, digits=2),
        Column("Unit"),
        Column("Binding", Kind.FLAG),
        Column("Shadow price", Kind.NUMBER, "utility per unit loosened, of the linear relaxation", 6),
    )
    rows = tuple(
        (u.label, str(u.sense), u.used, u.bound, u.slack, u.unit, u.is_binding, u.shadow_price) for u in limit_uses(review)
    )
    return Table("Limits", "Use of every limit", columns, rows)
