"""How every room's forms are drawn, and one of every kind of field for the style guide."""

from typing import Any, ClassVar

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SELECT = "django/forms/widgets/select.html"


class FormRenderer(TemplatesSetting):
    """Django's renderer with our templates for a form and for one field with what belongs to it."""

    form_template_name = "ui/form_fields.html"
    field_template_name = "ui/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """As Django does, but a select at once: one template for each of fifty options costs a fifth of a page."""
        if template_name == SELECT:
            return select(context["widget"])
        return super().render(template_name, context, request)


def select(widget: dict[str, Any]) -> SafeString:
    """A select as Django's template writes it, from what a widget tells its template."""
    groups = format_html_join("", "{}", ((_group(label, options),) for label, options, _ in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}</select>', widget["name"], _attributes(widget["attrs"]), groups)


def _group(label: str | None, options: list[dict[str, Any]]) -> SafeString:
    rows = ((str(option["value"]), _attributes(option["attrs"]), option["label"]) for option in options)
    drawn = format_html_join("", '<option value="{}"{}>{}</option>', rows)
    return format_html('<optgroup label="{}">{}</optgroup>', label, drawn) if label else drawn


def _attributes(attributes: dict[str, Any]) -> SafeString:
    given = ((name, value) for name, value in attributes.items() if value is not False)
    drawn = (format_html(" {}", name) if value is True else format_html(' {}="{}"', name, str(value)) for name, value in given)
    return format_html_join("", "{}", ((one,) for one in drawn))


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
