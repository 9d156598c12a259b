"""Criteria as people write them: a weight, a value function a point a line, five anchors for a rating."""

from typing import Any

from django import forms

from openkam.app.selection.terms import RATING_LEVELS


def read_points(text: str) -> tuple[tuple[float, float], ...]:
    """Points from lines of `level, value`; raises `ValidationError` naming the line that is none."""
    found: list[tuple[float, float]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            level, value = (float(part) for part in line.replace(";", ",").split(","))
        except ValueError:
            raise forms.ValidationError(
                f"Line {number} is no point: write a level, a comma and a value, such as 50000, 0.4."
            ) from None
        found.append((level, value))
    return tuple(found)


class CriterionForm(forms.Form):
    """One criterion of the programme."""

    weight = forms.FloatField(min_value=0, max_value=10**9)
    points = forms.CharField(
        label="Value function",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6, "class": "num"}),
        help_text="A point a line: level, value. Values from 0 to 1, straight lines between them, flat beyond the ends.",
    )
    reason = forms.CharField(label="Reason of the change", max_length=2000, required=False)

    def __init__(self, *args: Any, is_rating: bool, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.anchor_names = [f"anchor_{level}" for level in range(RATING_LEVELS)] if is_rating else []
        for level, name in enumerate(self.anchor_names):
            self.fields[name] = forms.CharField(label=f"{level} means", max_length=500)
        self.order_fields(["weight", "points", *self.anchor_names, "reason"])

    def clean_points(self) -> tuple[tuple[float, float], ...]:
        """The points as numbers; whether they make a value function the engine says."""
        return read_points(self.cleaned_data["points"])

    @property
    def anchors(self) -> tuple[str, ...]:
        """The anchors in their order; none for a measure."""
        return tuple(self.cleaned_data[name] for name in self.anchor_names)


class ProgrammeForm(forms.Form):
    """The programme's whole text."""

    text = forms.CharField(
        label="Programme (TOML)",
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false"}),
    )
    reason = forms.CharField(label="Reason of the change", max_length=2000, required=False)
