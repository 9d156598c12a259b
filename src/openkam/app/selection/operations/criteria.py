"""Single criteria of the workspace's programme: changed, added, removed; each time the whole text is checked and kept in the audit."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from openkam.analytics.selection.criteria import Points, Shape
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_edit import Edit, added_table, edited_programme, removed_table
from openkam.analytics.terms import OpenKamError
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.selection.operations.programme import keep_programme
from openkam.app.selection.queries.criteria import drafted_points
from openkam.app.selection.queries.workspace import PROGRAMME_FILE, workspace_programme
from openkam.app.selection.terms import RefusedError


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """What a person decided about one criterion. `anchors` are for a rating only, five of them."""

    label: str
    weight: float
    points: Points
    anchors: Sequence[str] = ()


def change_criterion(*, actor: User, number: int, name: str, change: CriterionChange, reason: str = "") -> Programme:
    """Change the `number`-th criterion (from 1), which must still be the one of that name. Raises `RefusedError` in words."""
    require(actor, Permission.MANAGE_SETTINGS)
    text, programme = _programme_with(actor, number, name)
    criterion = programme.criteria[number - 1]
    edits = [Edit("criterion", "weight", change.weight, number)]
    if change.label != criterion.label:
        edits.append(Edit("criterion", "label", change.label, number))
    if change.points != criterion.points:
        edits.append(Edit("criterion", "points", change.points, number))
    if criterion.rating and tuple(change.anchors) != criterion.anchors:
        edits.append(Edit("criterion", "anchors", tuple(change.anchors), number))
    with _in_our_words():
        text = edited_programme(text, edits, name=PROGRAMME_FILE)
    return keep_programme(actor, text, reason)


def add_criterion(
    *, actor: User, name: str, label: str, measure: str, weight: float, shape: Shape, reason: str = ""
) -> Programme:
    """Add a criterion over a measure; its points are drafted once from the latest round's levels. Raises `RefusedError`."""
    require(actor, Permission.MANAGE_SETTINGS)
    text, programme = workspace_programme(actor)
    if name in {criterion.name for criterion in programme.criteria}:
        raise RefusedError(f"There is a criterion {name} already: give another name, or change that one.")
    points = drafted_points(actor, measure, shape)
    values = {"name": name, "label": label, "measure": measure, "weight": weight, "points": points}
    with _in_our_words():
        text = added_table(text, "criterion", values, name=PROGRAMME_FILE)
    return keep_programme(actor, text, reason)


def add_rated_criterion(
    *, actor: User, scale: str, label: str, anchors: Sequence[str], weight: float, reason: str = ""
) -> Programme:
    """Add a criterion that people rate on a scale, from 0 at level 0 to 1 at level 4. Raises `RefusedError`."""
    require(actor, Permission.MANAGE_SETTINGS)
    text, programme = workspace_programme(actor)
    if scale in {criterion.rating for criterion in programme.criteria} | {criterion.name for criterion in programme.criteria}:
        raise RefusedError(f"The programme has a criterion {scale} already: change that one.")
    values = {"name": scale, "label": label, "rating": scale, "weight": weight, "anchors": tuple(anchors)}
    with _in_our_words():
        text = added_table(text, "criterion", values, name=PROGRAMME_FILE)
    return keep_programme(actor, text, reason)


def remove_criterion(*, actor: User, number: int, name: str, reason: str = "") -> Programme:
    """Remove a criterion with the ratings on its scale that stand in the text. The last one stays. Raises `RefusedError`."""
    require(actor, Permission.MANAGE_SETTINGS)
    text, programme = _programme_with(actor, number, name)
    if len(programme.criteria) == 1:
        raise RefusedError("It is the only criterion, and a programme needs one: add another first.")
    scale = programme.criteria[number - 1].rating
    rated = [place for place, rating in enumerate(programme.ratings, 1) if scale and rating.criterion == scale]
    with _in_our_words():
        for place in reversed(rated):
            text = removed_table(text, "rating", place, name=PROGRAMME_FILE)
        text = removed_table(text, "criterion", number, name=PROGRAMME_FILE)
    return keep_programme(actor, text, reason)


def _programme_with(actor: User, number: int, name: str) -> tuple[str, Programme]:
    text, programme = workspace_programme(actor)
    if not 1 <= number <= len(programme.criteria) or programme.criteria[number - 1].name != name:
        raise RefusedError("The programme was changed meanwhile: load the page again.")
    return text, programme


@contextmanager
def _in_our_words() -> Generator[None]:
    """Tell the engine's refusal as this room's, in the engine's own words."""
    try:
        yield
    except OpenKamError as error:
        raise RefusedError(str(error)) from error
