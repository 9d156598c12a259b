"""The levels that the latest round measured: what a value function is looked at over, and which measures there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from openkam.analytics.report.number_format import words_behind
from openkam.analytics.review.measures_file import read_measures
from openkam.analytics.selection.account_columns import numbers
from openkam.analytics.selection.criteria import Criterion, Vector
from openkam.analytics.selection.level_spread import any_known, rated_levels
from openkam.analytics.selection.programme_terms import Rating
from openkam.analytics.terms import OpenKamError, Unit
from openkam.app.selection.models import Round
from openkam.app.selection.queries.workspace import measures_path

NO_NUMBERS = frozenset({Unit.DAY, Unit.TEXT, Unit.FLAG})
FAMILIES = {
    "purchase_history": "What it buys, and when",
    "regularity": "How regular its orders are",
    "growth": "How it grows",
    "loyalty": "How loyal it is",
    "credit_risk": "How it pays",
    "price_sensitivity": "What prices it pays",
    "contribution_margin": "What is left of its sales",
    "cost_to_serve": "What it takes to serve",
    "lifetime_value": "What it will still bring",
    "next_order": "When it orders next",
}
"""What the families of measures answer, in a page's words."""


@dataclass(frozen=True, slots=True)
class KnownMeasure:
    """A measure that a criterion can read; `unit` is in a page's words, empty for a plain number."""

    name: str
    unit: str
    meaning: str
    family: str


@dataclass(frozen=True, slots=True)
class RoundLevels:
    """The round conducted last: what it can tell of, and the levels of its accounts in the measures asked for (NaN = missing)."""

    name: str
    as_of_on: date
    account_count: int
    currency: str
    measures: dict[str, KnownMeasure]
    levels: dict[str, Vector]

    def of(self, criterion: Criterion, ratings: Sequence[Rating]) -> Vector | None:
        """What a criterion would read today; None where the round does not know its measure."""
        if criterion.rating:
            return rated_levels(ratings, criterion.rating)
        levels = self.levels.get(criterion.measure or "")
        if criterion.fallback_measure and (levels is None or not any_known(levels)):
            return self.levels.get(criterion.fallback_measure)
        return levels


def latest_levels(measures: Iterable[str]) -> RoundLevels | None:
    """The latest round with the levels of the measures; None where there is no round, or its file is gone."""
    wanted = tuple(measures)
    found = Round.objects.order_by("-id").only("name", "as_of_on", "account_count", "measures_file", "currency").first()
    if found is None:
        return None
    try:
        stored = read_measures(measures_path(found.measures_file), columns=wanted)
    except OpenKamError:
        return None
    known = {
        m.name: KnownMeasure(m.name, _unit(m.unit, found.currency), m.meaning, FAMILIES.get(m.family, m.family))
        for m in stored.catalogue
        if m.unit not in NO_NUMBERS
    }
    present = [name for name in wanted if name in known and name in stored.accounts.column_names]
    levels = {name: numbers(stored.accounts, name) for name in present}
    return RoundLevels(found.name, found.as_of_on, found.account_count, found.currency, known, levels)


def measures_of(criteria: Iterable[Criterion]) -> set[str]:
    """The measures that criteria read, and those that stand in for them."""
    return {name for c in criteria for name in (c.measure, c.fallback_measure) if name}


def _unit(unit: Unit, currency: str) -> str:
    return "share, 0 to 1" if unit is Unit.SHARE else words_behind(str(unit), currency)
