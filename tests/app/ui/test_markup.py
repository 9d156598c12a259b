"""Markup put together at once says what Django's own ways say."""

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from openkam.app.ui.templatetags.markup import attributes, escaped, joined


@given(st.one_of(st.text(), st.integers(), st.none(), st.text().map(SafeString), st.text().map(gettext_lazy)))
def test_what_is_escaped_is_what_django_escapes(value: object) -> None:
    assert escaped(value) == conditional_escape(value)


def test_attributes_are_named_alone_left_out_or_written_with_their_value() -> None:
    given_ = {"required": True, "disabled": False, "title": 'a "b" <c>', "data-n": 3}

    assert attributes(given_) == ' required title="a &quot;b&quot; &lt;c&gt;" data-n="3"'


def test_joined_pieces_are_markup() -> None:
    assert escaped(joined(["<b>", escaped("<"), "</b>"])) == "<b>&lt;</b>"
