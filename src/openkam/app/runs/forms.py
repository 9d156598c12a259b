"""What a person fills in to schedule a run."""

from typing import Any, ClassVar, cast
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone

from openkam.app.runs.models import Schedule
from openkam.app.runs.permissions import known_kinds


class ParametersField(forms.JSONField):
    """Parameters by name as JSON; an empty field for none."""

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value) if value else ""


class ScheduleForm(forms.ModelForm):  # pyright: ignore[reportMissingTypeArgument] - Django's own class takes none
    """A daily run: what, when, in which time zone."""

    kind = forms.ChoiceField(label="What to run")
    time_zone = forms.ChoiceField(label="Time zone")
    parameters = ParametersField(
        label="Parameters",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text='As JSON, for instance {"as_of": "2026-05-31"}. Leave empty for the usual ones.',
    )

    class Meta:
        model = Schedule
        fields: ClassVar[list[str]] = ["title", "kind", "daily_at", "time_zone", "is_enabled", "parameters"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"daily_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = cast("forms.ChoiceField", self.fields["kind"])
        zone = cast("forms.ChoiceField", self.fields["time_zone"])
        kind.choices = [(known.name, known.label) for known in known_kinds() if known.is_schedulable]
        zone.choices = [(name, name) for name in sorted(available_timezones())]
        zone.initial = timezone.get_current_timezone_name()

    def clean_parameters(self) -> dict[str, Any]:
        """Parameters have names; none at all is fine."""
        parameters = self.cleaned_data["parameters"]
        if parameters in (None, ""):
            return {}
        if not isinstance(parameters, dict):
            raise forms.ValidationError('Write them with their names: {"name": value}.')
        return parameters
