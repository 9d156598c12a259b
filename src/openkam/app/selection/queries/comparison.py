"""Two scenarios side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openkam.app.people.models import User
from openkam.app.selection.models import Candidate, Scenario
from openkam.app.selection.permissions import sees_all_records
from openkam.app.selection.queries.candidates import visible_candidates


@dataclass(frozen=True, slots=True)
class LimitPair:
    """One limit in both; None where only the other has it."""

    label: str
    one: dict[str, Any] | None
    other: dict[str, Any] | None

    @property
    def is_changed(self) -> bool:
        """Whether the limit itself differs, as it is shown; its use mostly does."""
        return (self.one or {}).get("bound_text") != (self.other or {}).get("bound_text")


@dataclass(frozen=True, slots=True)
class WeightPair:
    """One criterion's weight in both."""

    label: str
    one: float | None
    other: float | None

    @property
    def is_changed(self) -> bool:
        """Whether the weight differs."""
        return self.one != self.other


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from one scenario to another: who comes in and who goes, and how many are in, of the accounts the person sees.

    Utility and limits are of all accounts, and limits name groups of them: only who sees all records finds them here.
    """

    one: Scenario
    other: Scenario
    is_whole: bool
    one_count: int
    other_count: int
    comes_in: Sequence[Candidate]
    goes_out: Sequence[Candidate]
    stays: int
    limits: Sequence[LimitPair]
    weights: Sequence[WeightPair]

    @property
    def both(self) -> tuple[Scenario, Scenario]:
        """The two scenarios in their order."""
        return self.one, self.other

    @property
    def objective_change(self) -> float | None:
        """Relative change of the utility chosen; comparable only where the weights are the same."""
        is_same = self.is_whole and all(pair.one == pair.other for pair in self.weights)
        return self.other.objective / self.one.objective - 1 if is_same and self.one.objective else None


def compare_scenarios(user: User, one: Scenario, other: Scenario) -> Comparison:
    """Compare two scenarios of a round."""
    is_whole = sees_all_records(user)
    first = {c.ledger_account: c for c in _chosen(user, one)}
    second = {c.ledger_account: c for c in _chosen(user, other)}
    labels = {limit["name"]: f"{limit['label']}, {limit['sense']}" for scenario in (one, other) for limit in scenario.limits}
    limits_one, limits_other = ({limit["name"]: limit for limit in s.limits} for s in (one, other))
    criteria = {c["name"]: c["label"] for scenario in (one, other) for c in scenario.criteria}
    weights_one, weights_other = ({c["name"]: c["weight"] for c in s.criteria} for s in (one, other))
    return Comparison(
        one=one,
        other=other,
        is_whole=is_whole,
        one_count=len(first),
        other_count=len(second),
        comes_in=[c for key, c in second.items() if key not in first],
        goes_out=[c for key, c in first.items() if key not in second],
        stays=len(first.keys() & second.keys()),
        limits=[LimitPair(label, limits_one.get(name), limits_other.get(name)) for name, label in labels.items()]
        if is_whole
        else [],
        weights=[WeightPair(label, weights_one.get(name), weights_other.get(name)) for name, label in criteria.items()],
    )


def _chosen(user: User, scenario: Scenario) -> Sequence[Candidate]:
    return list(visible_candidates(user, scenario).filter(is_selected=True).defer("measures", "needs", "partners"))
