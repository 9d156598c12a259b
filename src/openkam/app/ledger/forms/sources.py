"""Forms of sources and templates."""

from typing import ClassVar

from django import forms

from openkam.app.ledger.models import MappingTemplate, Source


class SourceForm(forms.ModelForm):  # pyright: ignore[reportMissingTypeArgument] - generic in the stubs alone
    """A source: its name stays once rows carry it."""

    class Meta:
        model = Source
        fields: ClassVar[list[str]] = ["name", "business_unit", "system", "default_currency", "note"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "name": forms.TextInput(attrs={"autofocus": True}),
            "note": forms.Textarea(attrs={"rows": 3}),
            "default_currency": forms.TextInput(attrs={"maxlength": 3, "size": 4, "autocapitalize": "characters"}),
        }
        help_texts: ClassVar[dict[str, str]] = {
            "name": "What every row from here carries in the ledger, such as “uk-shop”. It stays once rows carry it.",
            "business_unit": "The selling unit, as people call it.",
            "system": "The system the files come out of, such as “SAP SD” or “web shop”.",
            "default_currency": "Proposed where a file has no column for it. Three letters, such as EUR.",
        }

    def clean_default_currency(self) -> str:
        return self.cleaned_data["default_currency"].upper()


class TemplateForm(forms.ModelForm):  # pyright: ignore[reportMissingTypeArgument] - generic in the stubs alone
    """A template: the text is checked by the engine when it is saved."""

    class Meta:
        model = MappingTemplate
        fields: ClassVar[list[str]] = ["name", "source", "mapping"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "mapping": forms.Textarea(attrs={"rows": 22, "class": "mono", "spellcheck": "false"})
        }
        help_texts: ClassVar[dict[str, str]] = {
            "mapping": "The same text that the command line takes, in TOML. Its first line names the table."
        }


class TemplateNameForm(forms.Form):
    """The name under which a mapping is kept."""

    name = forms.CharField(label="Name of the template", max_length=120)


class ReasonForm(forms.Form):
    """Why something is done; it is kept in the audit."""

    reason = forms.CharField(
        label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text="Kept in the audit."
    )
