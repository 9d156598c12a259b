"""What an explanation asks: questions that do not hang on each other, so that they can be answered in any order and place."""

from dataclasses import dataclass
from typing import Protocol

from openkam.analytics.selection.bound_walk import bounds_of_problem, walk_bound
from openkam.analytics.selection.displacement import Case, why_in
from openkam.analytics.selection.nearest import Exclusion
from openkam.analytics.selection.problem import Change, WhyIn
from openkam.analytics.selection.smallest_change import criterion_changes, own_changes


class Question(Protocol):
    """Answered from a case alone; both question and answer can be sent to another process."""

    def answer(self, case: Case) -> object:
        """The answer; the same wherever it is found."""
        ...


@dataclass(frozen=True, slots=True)
class Displaced:
    """What would come in the place of a chosen account (canonical position)?"""

    account: int

    def answer(self, case: Case) -> WhyIn:
        """What comes, and what that costs."""
        return why_in(case, self.account)


@dataclass(frozen=True, slots=True)
class Loosened:
    """How far must one bound give way for each of these accounts (canonical positions) to come in?"""

    bound: str
    accounts: tuple[int, ...]

    def answer(self, case: Case) -> dict[int, Change]:
        """The smallest change by account, for those that it brings in."""
        return walk_bound(case, bounds_of_problem(case)[self.bound], list(self.accounts))


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """How far must an account's own figures change for it to come in; `names` are the limits that it would break."""

    exclusion: Exclusion
    names: tuple[str, ...]

    def answer(self, case: Case) -> tuple[Change, ...]:
        """Its own use of limits first, then its criteria."""
        return (*own_changes(case, self.exclusion, self.names), *criterion_changes(case, self.exclusion))
