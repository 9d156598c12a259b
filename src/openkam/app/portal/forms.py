"""A guest's answer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from openkam.app.relationships.queries.surveys import Question


class AnswerForm(forms.Form):
    """One scale for each question, and room for words."""

    comment = forms.CharField(
        max_length=2000,
        required=False,
        label=gettext_lazy("Anything to add?"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, questions: Sequence[Question], lowest: int, highest: int, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.questions = questions
        scores = [(score, str(score)) for score in range(lowest, highest + 1)]
        for number, question in enumerate(questions):
            self.fields[f"q{number}"] = forms.TypedChoiceField(
                choices=scores,
                coerce=int,
                empty_value=None,
                required=len(questions) == 1,
                label=question.text,
                widget=forms.RadioSelect,
            )
        self.order_fields([*(f"q{number}" for number in range(len(questions))), "comment"])

    def clean(self) -> dict[str, Any]:
        """Something must be answered."""
        given = super().clean() or self.cleaned_data
        if not self.errors and not self.scores(given):
            self.add_error(None, gettext_lazy("Answer one question at least."))
        return given

    def scores(self, given: dict[str, Any]) -> dict[str, int]:
        """The answers by the names of their questions; what was left out is missing."""
        found = {question.name: given.get(f"q{number}") for number, question in enumerate(self.questions)}
        return {name: score for name, score in found.items() if score is not None}

    @property
    def scales(self) -> list[forms.BoundField]:
        """The questions as fields."""
        return [self[f"q{number}"] for number in range(len(self.questions))]
