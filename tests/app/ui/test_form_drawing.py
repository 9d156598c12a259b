"""Controls drawn at once are those of Django's templates."""

import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from openkam.app.ui.forms import DayInput, FormRenderer


def even(markup: str) -> str:
    return re.sub(r">\s+<", "><", markup).replace("&#x27;", "&#39;")


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.TextInput(), "<b>\"'&"),
        (forms.TextInput(attrs={"required": True, "disabled": False, "maxlength": 3}), None),
        (forms.TextInput(), ""),
        (forms.NumberInput(), 0),
        (forms.HiddenInput(), 12),
        (forms.CheckboxInput(), True),
        (forms.CheckboxInput(), False),
        (forms.EmailInput(), "a@b.example"),
        (forms.PasswordInput(), "never shown"),
        (forms.URLInput(), "https://a.example/?b=1&c=2"),
        (forms.FileInput(), None),
        (DayInput(), "2016-05-31"),
    ],
)
def test_an_entry_is_drawn_as_djangos_own_template_draws_it(widget: forms.Widget, value: object) -> None:
    ours = widget.render("which", value, {"id": 'id_"which'}, FormRenderer())

    assert even(ours) == even(widget.render("which", value, {"id": 'id_"which'}, TemplatesSetting()))


def test_errors_are_those_of_djangos_list_and_nothing_where_there_are_none() -> None:
    class Asked(forms.Form):
        name = forms.CharField()
        note = forms.CharField(required=False)

    ours, theirs = (Asked({"name": ""}, renderer=renderer) for renderer in (FormRenderer(), TemplatesSetting()))

    assert even(str(ours["name"].errors)) == even(str(theirs["name"].errors))
    assert "This field is required." in str(ours["name"].errors)
    assert str(ours["note"].errors) == ""


def test_a_field_has_label_control_help_and_errors_in_this_order_and_its_words_are_text() -> None:
    class Asked(forms.Form):
        name = forms.CharField(label="<b>Name", help_text="As <i>written</i>.", required=False, max_length=1)
        is_shared = forms.BooleanField(label="Shared")
        side = forms.ChoiceField(choices=[("we", "We")], widget=forms.RadioSelect)

    page = Asked({"name": "too long"}, renderer=FormRenderer())
    name, ticked, side = (page[field].as_field_group() for field in ("name", "is_shared", "side"))

    order = [name.index(part) for part in ("<label", "<input", 'class="help"', "<ul")]
    assert order == sorted(order)
    assert "&lt;b&gt;Name" in name
    assert "As <i>written</i>." in name  # a help text is ours
    assert 'class="opt-word"' in name
    assert "has-error" in name
    assert ticked.index("<input") < ticked.index("<span>Shared")
    assert "<fieldset" in side
    assert '<legend class="lab">Side' in side
