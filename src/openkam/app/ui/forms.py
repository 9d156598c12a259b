"""How every room's forms are drawn: label, help, errors and field in one order and look."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Django's renderer with our templates for a form and for one field with what belongs to it."""

    form_template_name = "ui/form_fields.html"
    field_template_name = "ui/field.html"
