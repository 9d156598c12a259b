"""Names and addresses with the faults they have in practice."""

from email.header import decode_header, make_header
from email.utils import getaddresses
from itertools import product
from random import Random

import pytest

from openkam.analytics.relationship.correspondence.addresses import decoded, involved_in, is_address, once_each, plain_pairs
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


def test_a_plain_field_is_read_as_pythons_own_reader_reads_it():
    names = (
        "",
        "Anna ",
        "Anna Berg",
        "J. R. Öz ",
        '"Berg, Anna (Sales)" ',
        '"" ',
        "=?utf-8?q?M=C3=BCller=2C_Anna?= ",
        "O'Neil-Berg 2nd ",
    )
    addresses = ("a@x.example", "Anna.Berg+sales=1@mail-1.x.example", "{a}/b@1.2")
    ones = [*addresses, *(f"{name}<{address}>" for name, address in product(names, addresses))]
    draw = Random(3)
    for between in (",", ", ", " ,\n\t"):
        for _ in range(60):
            field = between.join(draw.sample(ones, draw.randint(1, 4)))
            read = [(" ".join(name.split()), address) for name, address in getaddresses([field])]
            assert [(" ".join(name.split()), address) for name, address in plain_pairs(field)] == read, field


@pytest.mark.parametrize(
    "field",
    [
        "",
        "a@x.example,",
        "a@x.example b@x.example",
        "Anna (Sales) <a@x.example>",
        "Berg, Anna <a@x.example>",
        "Team: a@x.example;",
        '"Anna \\"B\\"" <a@x.example>',
        "<a@x.example",
        "a@nowhere",
        "a..b@x.example",
        "'a@x.example' <a@x.example>",
        f"{'a' * 250}@x.example",
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_pythons_own_reader(field):
    assert plain_pairs(field) == ()


def test_a_text_without_encoded_words_stays_what_pythons_own_reader_makes_of_it():
    for text in ("Prices", " a  b\n\tc ", "Grüße an Ödön", "= ?utf-8?q?x?=", "a\u00a0b", "\U0001f600 prices"):
        assert decoded(text) == " ".join(str(make_header(decode_header(text))).split())


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
