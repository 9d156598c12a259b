"""How every room's forms are drawn, and one of every kind of field for the style guide."""

from typing import Any, ClassVar

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

from openkam.app.ui.templatetags.form_drawing import entry, errors, group, select

CONTROLS = "django/forms/widgets"
FIELD = "ui/field"
"""The name by which a form asks for one field with all that belongs to it; there is no template behind it."""
ENTRIES = frozenset(
    f"{CONTROLS}/{kind}.html"
    for kind in ("checkbox", "date", "email", "file", "hidden", "number", "password", "search", "tel", "text", "time", "url")
)
"""Templates of Django that write an `<input>` and nothing else."""
DRAWN = {
    f"{CONTROLS}/select.html": lambda context: select(context["widget"]),
    **dict.fromkeys(ENTRIES, lambda context: entry(context["widget"])),
    "django/forms/errors/list/ul.html": lambda context: errors(context["errors"]),
    FIELD: lambda context: group(context["field"]),
}
"""By template, what draws the same without it."""


class FormRenderer(TemplatesSetting):
    """Django's renderer with our markup for a form and for one field with what belongs to it."""

    form_template_name = "ui/form_fields.html"
    field_template_name = FIELD

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """As Django does, but what every form has many of at once, without a template for each of its parts."""
        if draw := DRAWN.get(template_name):
            return draw(context)
        return super().render(template_name, context, request)


class DayInput(forms.DateInput):
    """The browser's own picker of a day, whatever the order of day and month that its reader is used to."""

    input_type = "date"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class EveryField(forms.Form):
    """The style guide's form."""

    STAGES: ClassVar[list[tuple[str, str]]] = [("pre", "Pre"), ("early", "Early"), ("mid", "Mid"), ("partnership", "Partnership")]

    name = forms.CharField(label="Name of the account", max_length=60, help_text="As the customer writes it.")
    mail = forms.EmailField(label="E-mail address", required=False)
    hours = forms.IntegerField(label="Hours a year", min_value=0, max_value=2000, initial=120)
    since = forms.DateField(label="Customer since", widget=DayInput, required=False)
    stage = forms.ChoiceField(label="Stage", choices=STAGES)
    regions = forms.MultipleChoiceField(
        label="Regions", choices=[("n", "North"), ("e", "East"), ("s", "South"), ("w", "West")], required=False
    )
    side = forms.ChoiceField(
        label="Who promised it", choices=[("we", "We"), ("they", "They")], widget=forms.RadioSelect, initial="we"
    )
    is_shared = forms.BooleanField(label="Both sides see it", required=False, help_text="Off: only people of this workspace.")
    reason = forms.CharField(label="Reason, kept with the decision", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    file = forms.FileField(label="Attachment", required=False)

    def clean_name(self) -> str:
        """Accounts have names; this one shows how an error looks."""
        name = str(self.cleaned_data["name"])
        if name.isdecimal():
            raise forms.ValidationError("A number is no name. Write it as the customer does.")
        return name
