"""The workspace's criteria, for the page that changes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openkam.analytics.selection.programme import Programme
from openkam.app.people.models import User
from openkam.app.selection.queries.workspace import programme_path, workspace_programme


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion with its share of all weights and its value function as a chart."""

    number: int
    name: str
    label: str
    measure: str
    rating: str
    weight: float
    share: float
    points: tuple[tuple[float, float], ...]
    anchors: tuple[str, ...]

    @property
    def points_text(self) -> str:
        """The points as a person writes them, one a line."""
        return "\n".join(f"{level:.12g}, {value:.12g}" for level, value in self.points)

    @property
    def chart(self) -> dict[str, Any]:
        """The value function as Vega-Lite."""
        return value_chart(self.points, self.label)


@dataclass(frozen=True, slots=True)
class CriteriaPage:
    """The programme's text and criteria; `is_drafted` where no file exists yet."""

    text: str
    programme_name: str
    lines: Sequence[CriterionLine]
    is_drafted: bool


def criteria_page(user: User) -> CriteriaPage:
    """The workspace's criteria; raises `RefusedError` where the file has a fault and nothing can be drafted."""
    text, programme = workspace_programme(user)
    return CriteriaPage(text, programme.name, criteria_lines(programme), not programme_path().is_file())


def criteria_lines(programme: Programme) -> list[CriterionLine]:
    """The criteria in their order."""
    total = sum(criterion.weight for criterion in programme.criteria)
    return [
        CriterionLine(
            number=number,
            name=criterion.name,
            label=criterion.label,
            measure=criterion.measure or "",
            rating=criterion.rating or "",
            weight=criterion.weight,
            share=criterion.weight / total,
            points=criterion.points,
            anchors=criterion.anchors,
        )
        for number, criterion in enumerate(programme.criteria, 1)
    ]


def value_chart(points: Sequence[tuple[float, float]], label: str) -> dict[str, Any]:
    """A value function as a Vega-Lite line with its points."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "height": 180,
        "data": {"values": [{"level": level, "value": value} for level, value in points]},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "level", "type": "quantitative", "title": label, "scale": {"zero": False}},
            "y": {"field": "value", "type": "quantitative", "title": "Value", "scale": {"domain": [0, 1]}},
        },
    }
