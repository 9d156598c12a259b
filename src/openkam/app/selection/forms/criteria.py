"""Criteria as people write them: a weight, the points of a value function, five anchors for a rating."""

import math
import re
from collections.abc import Sequence
from typing import Any

from django import forms

from openkam.app.selection.queries.levels import KnownMeasure
from openkam.app.selection.queries.value_chart import SHAPE_WORDS, points_fault, shape_named
from openkam.app.selection.terms import RATING_LEVELS

MOST_POINTS = 40
SPARE_ROWS = 2
PLAIN_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
Pairs = Sequence[tuple[str, str]]


class PointsInput(forms.Widget):
    """A level and a value a row, and empty rows for more; a row left empty is none."""

    template_name = "selection/points_input.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        written: Pairs = [(str(level), str(worth)) for level, worth in value or ()]
        context["rows"] = [*written, *[("", "")] * min(SPARE_ROWS, MOST_POINTS - len(written))]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Pairs:
        levels, values = data.getlist(f"{name}_level"), data.getlist(f"{name}_value")
        pairs = zip(levels[:MOST_POINTS], values[:MOST_POINTS], strict=False)
        return [(level.strip(), value.strip()) for level, value in pairs if level.strip() or value.strip()]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_level" not in data


class PointsField(forms.Field):
    """A faultless value function, in the order of its levels; raises in words that name the row."""

    widget = PointsInput

    def to_python(self, value: Pairs | None) -> tuple[tuple[float, float], ...]:
        return tuple(sorted(self._point(number, *pair) for number, pair in enumerate(value or (), 1)))

    def validate(self, value: tuple[tuple[float, float], ...]) -> None:
        if fault := points_fault(value):
            raise forms.ValidationError(fault)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True

    def _point(self, number: int, level: str, value: str) -> tuple[float, float]:
        for text, what in ((level, "level"), (value, "value")):
            if not text:
                other = "value" if what == "level" else "level"
                raise forms.ValidationError(f"Point {number} has a {other} but no {what}: fill it in, or empty the row.")
            if not PLAIN_NUMBER.fullmatch(text) or not math.isfinite(float(text)):
                hint = ": write 0.4 with a point, 50000 without a comma" if "," in text else ""
                raise forms.ValidationError(f"Point {number}: “{text}” is no {what} that can be read{hint}.")
        return float(level), float(value)


def points_as_written(points: Sequence[tuple[float, float]]) -> Pairs:
    """Points as the rows show them."""
    return [(f"{level:.12g}", f"{value:.12g}") for level, value in points]


def reason_field() -> forms.CharField:
    return forms.CharField(label="Reason of the change", max_length=2000, required=False, help_text="Kept in the audit.")


class CriterionForm(forms.Form):
    """One criterion of the programme. `name` says which one the page was about."""

    name = forms.CharField(max_length=100, widget=forms.HiddenInput)
    label = forms.CharField(max_length=80, label="Name", help_text="As rounds, reports and reasons call it.")
    weight = forms.FloatField(min_value=0, max_value=10**9)
    points = PointsField(label="Points")
    reason = reason_field()

    def __init__(self, *args: Any, is_rating: bool, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.anchor_names = [f"anchor_{level}" for level in range(RATING_LEVELS)] if is_rating else []
        for level, name in enumerate(self.anchor_names):
            self.fields[name] = forms.CharField(label=f"{level} means", max_length=500)
        self.order_fields(["name", "label", "weight", "points", *self.anchor_names, "reason"])

    @property
    def anchors(self) -> tuple[str, ...]:
        """The anchors in their order; none for a measure."""
        return tuple(self.cleaned_data[name] for name in self.anchor_names)


class NewCriterionForm(forms.Form):
    """A criterion over a measure that no criterion reads yet; its points are drafted from the accounts."""

    measure = forms.ChoiceField(help_text="Those that the latest round measured and no criterion reads yet.")
    label = forms.CharField(max_length=80, label="Name", help_text="As rounds, reports and reasons call it.")
    weight = forms.FloatField(
        min_value=0, max_value=10**9, help_text="What its whole swing, from worst to best, is worth against those of the others."
    )
    shape = forms.TypedChoiceField(
        choices=[(str(shape), words) for shape, words in SHAPE_WORDS.items()], coerce=shape_named, widget=forms.RadioSelect
    )
    reason = reason_field()

    def __init__(self, *args: Any, measures: dict[str, list[KnownMeasure]], **fields: Any) -> None:
        super().__init__(*args, **fields)
        groups = [(family, [(m.name, _described(m)) for m in known]) for family, known in measures.items()]
        self.fields["measure"].choices = [("", "Choose"), *groups]  # pyright: ignore[reportAttributeAccessIssue]


class RemovalForm(forms.Form):
    """Why a criterion goes. `name` says which one the question was about."""

    name = forms.CharField(max_length=100, widget=forms.HiddenInput)
    reason = reason_field()


class ProgrammeForm(forms.Form):
    """The programme's whole text."""

    text = forms.CharField(
        label="Programme (TOML)",
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false"}),
    )
    reason = forms.CharField(label="Reason of the change", max_length=2000, required=False)


def _described(measure: KnownMeasure) -> str:
    return f"{measure.name.replace('_', ' ')}{f' ({measure.unit})' if measure.unit else ''}: {measure.meaning}"
