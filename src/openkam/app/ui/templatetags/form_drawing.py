"""Controls and fields of forms, each drawn at once: a list's filters are ten fields, and a template for each part of each cost a quarter
of the page.

What is drawn is what the templates wrote (Django's for the controls); the tests hold them against each other.
"""

from typing import Any

from django.forms import BoundField
from django.forms.utils import ErrorList
from django.utils.safestring import SafeString

from openkam.app.ui.templatetags.markup import attributes, escaped, joined

OPTIONAL = ' <span class="opt-word">optional</span>'


def select(widget: dict[str, Any]) -> SafeString:
    """A select, from what a widget tells its template."""
    groups = (_group(label, options) for label, options, _ in widget["optgroups"])
    return joined((f'<select name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>', *groups, "</select>"))


def _group(label: str | None, options: list[dict[str, Any]]) -> str:
    drawn = "".join(
        f'<option value="{escaped(str(option["value"]))}"{attributes(option["attrs"])}>{escaped(option["label"])}</option>'
        for option in options
    )
    return f'<optgroup label="{escaped(label)}">{drawn}</optgroup>' if label else drawn


def entry(widget: dict[str, Any]) -> SafeString:
    """An `<input>` of any type, from what a widget tells its template."""
    value = widget["value"]
    given = "" if value is None else f' value="{escaped(str(value))}"'
    return SafeString(f'<input type="{widget["type"]}" name="{escaped(widget["name"])}"{given}{attributes(widget["attrs"])}>')


def errors(found: ErrorList) -> SafeString:
    """The errors of a field; nothing where there are none."""
    if not found:
        return SafeString("")
    of = getattr(found, "field_id", None)
    key = f' id="{escaped(of)}_error"' if of else ""
    lines = (f"<li>{escaped(line)}</li>" for line in found)
    return joined((f'<ul class="{escaped(found.error_class)}"{key}>', *lines, "</ul>"))


def group(field: BoundField) -> SafeString:
    """A field with its label, its help and its errors, in the order that a screen reader needs."""
    found = field.errors
    kind = field.widget_type
    state = (" has-error" if found else "") + f" f-{kind}"
    invalid = " data-invalid" if field.use_fieldset and found else ""
    said = f"{escaped(field.label)}{'' if field.field.required else OPTIONAL}"
    if kind == "checkbox":
        body = f'<label class="ck-row" for="{escaped(field.id_for_label)}">{field}<span>{escaped(field.label)}</span></label>'
    elif field.use_fieldset:
        described = f' aria-describedby="{escaped(field.aria_describedby)}"' if field.aria_describedby else ""
        body = f'<fieldset{described}><legend class="lab">{said}</legend>{field}</fieldset>'
    else:
        label = f'<label class="lab" for="{escaped(field.id_for_label)}">{said}</label>' if field.label else ""
        body = f"{label}{field}"
    helped = f'<div class="help" id="{escaped(field.auto_id)}_helptext">{field.help_text}</div>' if field.help_text else ""
    return SafeString(f'<div class="f{state}"{invalid}>{body}{helped}{errors(found)}</div>')
