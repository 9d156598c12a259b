"""Names and addresses as mail programs write them (RFC 5322, RFC 2047), with the faults they have in practice."""

import contextlib
import re
from collections.abc import Iterable, Sequence
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import getaddresses

from openkam.analytics.relationship.correspondence.items import Involved, Part

_ADDRESS = re.compile(r"[^\s@<>(),;:\"\\]+@[^\s@<>(),;:\"\\]+\.[^\s@<>(),;:\"\\.]+")
_BETWEEN = re.compile(r"[\s<>(),;:\"\\]+")
_WORD = r"[^\s<>(),;:\"\\@\[\]]+"
_ATOM = r"[A-Za-z0-9!#$%&*+/=?^_`{|}~-]+"
_PLAIN_ADDRESS = rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_PLAIN_ONE = re.compile(
    rf"\s*(?:(?:\"(?P<quoted>[^\"\\\r\n]*)\"|(?P<words>{_WORD}(?: {_WORD})*))?\s*<(?P<bracketed>{_PLAIN_ADDRESS})>"
    rf"|(?P<bare>{_PLAIN_ADDRESS}))\s*(?P<end>,|$)"
)
_LONGEST_ADDRESS = 254
_LONGEST_NAME = 200
_LONGEST_TEXT = 2000


def decoded(value: str) -> str:
    """A header's text with its encoded words (RFC 2047) read; what cannot be decoded stays as it was written. One line, printable."""
    text = value = value[:_LONGEST_TEXT]
    if "=?" in value:
        with contextlib.suppress(HeaderParseError, LookupError, ValueError):
            text = str(make_header(decode_header(value))) or value
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(text.split())


def involved_in(values: Iterable[str], part: Part) -> list[Involved]:
    """The addresses of header fields. Groups give their members; an empty group, or what is no address, gives nobody."""
    found: list[Involved] = []
    for value in values:
        # The value is taken apart before its encoded words are: a comma may be part of an encoded name.
        pairs = plain_pairs(value) or _pairs(value)
        if not pairs:
            # A name with a bare comma or @ makes the strict reading give up on the whole field; the addresses in it are still plain.
            words = (word.strip("'") for word in _BETWEEN.split(value))
            pairs = [("", word) for word in words if is_address(word)]
        found += [involved(address, name, part) for name, address in pairs]
    return list(once_each(found))


def plain_pairs(value: str) -> Sequence[tuple[str, str]]:
    """Names and addresses of a field in which nothing is out of the ordinary, empty for any other: most fields are plain, and
    Python's reader, which knows every oddity, takes twenty times as long for them."""
    pairs: list[tuple[str, str]] = []
    start = 0
    while found := _PLAIN_ONE.match(value, start):
        address = found["bracketed"] or found["bare"]
        if len(address) > _LONGEST_ADDRESS:
            break
        pairs.append((found["quoted"] or found["words"] or "", address))
        start = found.end()
        if not found["end"]:
            return pairs
    return ()


def _pairs(value: str) -> list[tuple[str, str]]:
    try:
        pairs = [(name, address.strip("'")) for name, address in getaddresses([value])]
        return [(name, address) for name, address in pairs if is_address(address)]
    except (RecursionError, IndexError, ValueError):  # comments in comments without end
        return []


def involved(address: str, name: str, part: Part) -> Involved:
    """One address in lower case, with its name read; a name that only repeats the address is none."""
    plain = address.strip().lower()
    shown = decoded(name).strip("'\" ")[:_LONGEST_NAME]
    return Involved(plain, "" if "@" in shown else shown, part)


def once_each(people: Iterable[Involved]) -> tuple[Involved, ...]:
    """Each address once, with the part it had first and the first name that was given."""
    first: dict[str, Involved] = {}
    for one in people:
        known = first.setdefault(one.address, one)
        if not known.name and one.name:
            first[one.address] = Involved(known.address, one.name, known.part)
    return tuple(first.values())


def is_address(text: str) -> bool:
    """Whether it is one whole mail address."""
    return len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text.strip()) is not None


def domain_of(address: str) -> str:
    """What stands behind the @."""
    return address.rpartition("@")[2]
