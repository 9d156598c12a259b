"""Who a text mentions: names, in parts, in other letters, and what is none."""

import pytest

from openkam.analytics.relationship.mentions import read_mentions
from openkam.analytics.relationship.quick_entry import KnownPerson

ANNA, OTHER, ZOE, SMITH = (
    KnownPerson(key, name)
    for key, name in (("c1", "Anna Berg"), ("u2", "Anna Costa"), ("c3", "Zoë Lindström"), ("u4", "J. O'Brien-Smith"))
)
KNOWN = (ANNA, OTHER, ZOE, SMITH)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@Anna Berg wants samples", [("c1", "@Anna Berg")]),
        ("Ask @zoe lindstrom, and @Berg.", [("c3", "@zoe lindstrom"), ("c1", "@Berg")]),
        ("(@Zoë) and @ZOË again", [("c3", "@Zoë"), ("c3", "@ZOË")]),
        ("@Zoë, Lindström is her name", [("c3", "@Zoë")]),
        ("@O'Brien-Smith", [("u4", "@O'Brien-Smith")]),
        ("@Costa\n@Berg", [("u2", "@Costa"), ("c1", "@Berg")]),
        ("anna@berg.example, 3 @ 5 EUR, @@Anna Berg, x.@Zoë", []),
    ],
)
def test_a_name_after_the_sign_is_read(text, told):
    found = read_mentions(text, KNOWN)
    assert [(one.person.key, text[one.start : one.end]) for one in found.mentions] == told
    assert found.questions == ()


def test_what_fits_two_or_nobody_is_told():
    found = read_mentions("@Anna, @Nobody else and @Berg and @Anna Berg", KNOWN)
    assert [(one.words, one.candidates) for one in found.questions] == [("Anna", (ANNA, OTHER))]
    assert (found.strangers, found.people) == (("Nobody",), (ANNA,))
