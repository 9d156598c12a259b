"""Forms of every room look right without more work: label, help, error, in the order that a screen reader needs."""

import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from openkam.app.ui.forms import DayInput, EveryField, FormRenderer


def test_each_field_has_its_label_and_its_help() -> None:
    page = str(EveryField())
    for field in EveryField():
        assert field.label in page
    assert 'aria-describedby="id_name_helptext"' in page
    assert 'id="id_name_helptext"' in page
    assert "style=" not in page


def test_an_error_is_tied_to_its_field() -> None:
    page = str(EveryField({"name": "12", "hours": "3", "stage": "mid", "side": "we"}))
    assert 'aria-invalid="true"' in page
    assert re.search(r'id="id_name_error"[^>]*><li>A number is no name', page)
    assert page.count("has-error") == 1


def test_what_belongs_to_no_field_stands_above_them_and_hidden_fields_are_kept() -> None:
    class Contradiction(forms.Form):
        token = forms.CharField(widget=forms.HiddenInput)
        name = forms.CharField()

        def clean(self) -> None:
            raise forms.ValidationError("These two <b>do not</b> fit.")

    page = str(Contradiction({"token": "t", "name": "n"}))
    assert "These two &lt;b&gt;do not&lt;/b&gt; fit." in page
    assert page.index("These two") < page.index('name="name"')
    assert page.count('type="hidden"') == 1


def test_a_day_is_picked_in_the_browsers_own_way() -> None:
    assert 'type="date"' in DayInput().render("since", None)
    assert 'value="2016-05-31"' in forms.DateField(widget=DayInput()).widget.render("since", "2016-05-31")


CHOICES = [("", "Any"), (1, "<b>One & only</b>"), ("Grouped", [("2", "Two"), ("3", 'Three "quoted"')]), (4.5, "Four and a half")]


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.Select(choices=CHOICES), 1),
        (forms.Select(choices=CHOICES, attrs={"required": True, "disabled": False, "class": "wide"}), None),
        (forms.SelectMultiple(choices=CHOICES), ["2", "3"]),
        (forms.NullBooleanSelect(), True),
        (forms.Select(choices=[]), ""),
    ],
)
def test_a_select_is_drawn_as_djangos_own_template_draws_it(widget: forms.Select, value: object) -> None:
    ours = widget.render("which", value, {"id": 'id_"which'}, FormRenderer())
    theirs = widget.render("which", value, {"id": 'id_"which'}, TemplatesSetting())
    assert re.sub(r">\s+<", "><", ours) == re.sub(r">\s+<", "><", theirs).replace("&#x27;", "&#39;")
