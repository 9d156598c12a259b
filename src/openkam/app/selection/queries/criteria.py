"""The workspace's criteria, for the pages that change them."""

from collections.abc import Sequence
from dataclasses import dataclass

from openkam.analytics.selection.criteria import Criterion, Points, Shape
from openkam.analytics.selection.level_spread import suggested_points
from openkam.analytics.selection.programme import Programme
from openkam.analytics.terms import OpenKamError
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.selection.permissions import sees_all_records
from openkam.app.selection.queries.levels import KnownMeasure, RoundLevels, latest_levels, measures_of
from openkam.app.selection.queries.value_chart import ValueChart, value_chart
from openkam.app.selection.queries.workspace import programme_path, workspace_programme
from openkam.app.selection.terms import RefusedError


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion with its share of all weights and the picture of its value function."""

    number: int
    criterion: Criterion
    share: float
    measure: KnownMeasure | None
    chart: ValueChart

    @property
    def unit(self) -> str:
        """What a level counts, in words."""
        return "level of 0 to 4" if self.criterion.rating else self.measure.unit if self.measure else ""


@dataclass(frozen=True, slots=True)
class CriteriaPage:
    """The programme's criteria; `is_drafted` where no file exists yet. `round` is what the pictures are drawn over."""

    programme: Programme
    lines: Sequence[CriterionLine]
    is_drafted: bool
    round: RoundLevels | None


def criteria_page(user: User, *, drawn: int = 0, points: Points = ()) -> CriteriaPage:
    """The workspace's criteria over the latest round; raises `RefusedError` where the file has a fault and none can be drafted.

    `points` stand in for those of the criterion numbered `drawn`, as somebody writes them. Who does not see all accounts sees the
    functions without the accounts behind them.
    """
    _, programme = workspace_programme(user)
    found = latest_levels(measures_of(programme.criteria))
    shown = found if sees_all_records(user) else None
    total = sum(criterion.weight for criterion in programme.criteria)
    lines = [
        CriterionLine(
            number=number,
            criterion=criterion,
            share=criterion.weight / total,
            measure=found.measures.get(criterion.measure or "") if found else None,
            chart=value_chart(
                points if number == drawn and points else criterion.points,
                shown.of(criterion, programme.ratings) if shown else None,
            ),
        )
        for number, criterion in enumerate(programme.criteria, 1)
    ]
    return CriteriaPage(programme, lines, not programme_path().is_file(), shown)


def measures_to_add(user: User) -> dict[str, list[KnownMeasure]]:
    """The measures that the latest round knows and no criterion reads yet, by what they tell of."""
    _, programme = workspace_programme(user)
    found = latest_levels(())
    read = measures_of(programme.criteria)
    groups: dict[str, list[KnownMeasure]] = {}
    for measure in found.measures.values() if found else ():
        if measure.name not in read:
            groups.setdefault(measure.family, []).append(measure)
    return groups


def drafted_points(user: User, measure: str, shape: Shape) -> Points:
    """Points over the levels that the latest round measured, to be edited; raises `RefusedError` where there are none."""
    require(user, Permission.MANAGE_SETTINGS)
    found = latest_levels((measure,))
    if found is None or measure not in found.levels:
        raise RefusedError(f"No round has measured {measure} yet: start a round first, so that its points can be drafted.")
    try:
        return suggested_points(found.levels[measure], shape)
    except OpenKamError as error:
        raise RefusedError(str(error)) from error
