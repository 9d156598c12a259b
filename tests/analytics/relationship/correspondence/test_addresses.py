"""Names and addresses with the faults they have in practice."""

import pytest

from openkam.analytics.relationship.correspondence.addresses import decoded, involved_in, is_address, once_each
from openkam.analytics.relationship.correspondence.items import Involved, Part


@pytest.mark.parametrize(
    ("field", "people"),
    [
        ("=?utf-8?q?M=C3=BCller=2C_Anna?= <Anna@Berg.Example>", [("anna@berg.example", "Müller, Anna")]),
        ("=?iso-8859-1?B?RnJhbudvaXM=?= <f@x.example>", [("f@x.example", "François")]),
        ("=?no-such-code?q?A=C3?= <a@x.example>", [("a@x.example", "=?no-such-code?q?A=C3?=")]),
        ("'anna@x.example' <anna@x.example>", [("anna@x.example", "")]),
        ("Team: Anna <a@x.example>, b@x.example;", [("a@x.example", "Anna"), ("b@x.example", "")]),
        ("undisclosed-recipients:;", []),
        ("<>", []),
        ("nobody@nowhere, a@x.example", [("a@x.example", "")]),
        ("(" * 5000 + "a@x.example", [("a@x.example", "")]),
    ],
)
def test_a_field_gives_its_addresses_whatever_is_wrong_with_it(field, people):
    assert [(one.address, one.name) for one in involved_in([field], Part.TO)] == people


def test_a_bare_comma_in_a_name_costs_no_address():
    # How much of the name is left depends on the release of Python's reader.
    assert [one.address for one in involved_in(["Berg, Anna <a@x.example>"], Part.TO)] == ["a@x.example"]


def test_a_name_has_one_line_and_nothing_unprintable():
    assert decoded("=?utf-8?q?Anna=0D=0ABcc=3A_b=40x=00?=") == "Anna Bcc: b@x"
    assert decoded("=?utf-8?b?!!!?=") == "=?utf-8?b?!!!?="


def test_a_long_field_without_an_address_is_read_in_no_time():
    assert involved_in(["a" * 100_000, "(" * 100_000, "a@" * 50_000], Part.TO) == []
    assert not is_address("a" * 250 + "@x.example")


def test_an_address_stands_once_with_its_first_part_and_a_name():
    found = once_each([Involved("a@x.example", "", Part.FROM), Involved("a@x.example", "Anna", Part.CC)])
    assert found == (Involved("a@x.example", "Anna", Part.FROM),)
