"""Scales and ratings as people write them."""

from typing import Any

from django import forms
from django.utils import timezone

from openkam.app.selection.models import AccountRating, RatingScale, ScaleVersion
from openkam.app.selection.operations.scales import ScaleDetails
from openkam.app.selection.terms import RATING_LEVELS
from openkam.app.ui.forms import DayInput

HINTS = (
    "No sign of it at all.",
    "A first sign.",
    "Clear in one respect.",
    "Clear in most respects, within the last 24 months.",
    "Could not be more: what would be gone without it?",
)


class ScaleForm(forms.Form):
    """A scale; `scale` and `version` are None for a new one. The anchors are what somebody can see, not how they feel about it."""

    label = forms.CharField(max_length=80, label="Name", help_text="What is judged, such as Reference value.")
    name = forms.CharField(
        max_length=60, label="Short name", help_text="As the programme calls it: small letters, digits and _. It stays as it is."
    )
    question = forms.CharField(max_length=500, required=False, help_text="What the rater asks themselves.")
    shelf_life_months = forms.IntegerField(
        min_value=1, max_value=120, initial=12, label="A rating lasts, months", help_text="Then it fades and counts no more."
    )
    reason = forms.CharField(max_length=500, required=False, help_text="Kept in the audit.")

    def __init__(self, *args: Any, scale: RatingScale | None = None, version: ScaleVersion | None = None, **fields: Any) -> None:
        if scale is not None:
            fields["initial"] = {name: getattr(scale, name) for name in ("label", "question", "shelf_life_months")}
        super().__init__(*args, **fields)
        if scale is not None:
            del self.fields["name"]
        self.anchor_names = [f"anchor_{level}" for level in range(RATING_LEVELS)]
        for level, name in enumerate(self.anchor_names):
            field = forms.CharField(label=f"{level} means", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
            field.widget.attrs["placeholder"] = HINTS[level]
            field.initial = version.anchors[level] if version else ""
            self.fields[name] = field

    @property
    def anchor_fields(self) -> list[forms.BoundField]:
        """The five sentences."""
        return [self[name] for name in self.anchor_names]

    @property
    def details(self) -> ScaleDetails:
        """What the valid form says."""
        data = self.cleaned_data
        anchors = [data[name] for name in self.anchor_names]
        return ScaleDetails(data["label"], data["question"], data["shelf_life_months"], anchors)


class RatingForm(forms.Form):
    """One person's rating on one scale, under the wording that the page shows."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    level = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect, label="Which sentence fits")
    evidence = forms.CharField(
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What it rests on: a document, a day, a number. This or a link is needed.",
    )
    evidence_link = forms.URLField(max_length=500, required=False, label="Link to it", assume_scheme="https")
    rated_on = forms.DateField(label="Judged on", widget=DayInput)

    def __init__(self, *args: Any, version: ScaleVersion, own: AccountRating | None, **fields: Any) -> None:
        initial: dict[str, object] = {"version": version.pk, "rated_on": timezone.localdate()}
        if own is not None:
            initial |= {"evidence": own.evidence, "evidence_link": own.evidence_link}
            initial |= {"level": own.level} if own.version_id == version.pk else {}
        super().__init__(*args, initial=initial, **fields)
        choices = [(level, f"{level}: {anchor}") for level, anchor in enumerate(version.anchors)]
        self.fields["level"].choices = choices  # pyright: ignore[reportAttributeAccessIssue]
        self.fields["evidence_link"].validators = [*self.fields["evidence_link"].validators, only_web]


def only_web(link: str) -> None:
    """Refuse what a browser would not open as a page."""
    if not link.lower().startswith(("https://", "http://")):
        raise forms.ValidationError("A link begins with https:// or http://.")
