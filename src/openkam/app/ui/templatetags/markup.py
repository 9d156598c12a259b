"""Markup put together at once, for what a page has hundreds of: Django's own ways look into every piece anew."""

from collections.abc import Iterable, Mapping
from html import escape

from django.utils.functional import Promise
from django.utils.safestring import SafeString


def escaped(value: object) -> str:
    """A value as text of a page; what is markup already stays as it is. As Django's `conditional_escape`."""
    if not isinstance(value, Promise) and hasattr(value, "__html__"):
        return value.__html__()  # pyright: ignore[reportAttributeAccessIssue] - asked for right above
    return escape(str(value))


def attributes(given: Mapping[str, object]) -> str:
    """The attributes of an element, each behind a blank: the name alone for True, nothing for False."""
    return "".join(
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(str(value))}"'
        for name, value in given.items()
        if value is not False
    )


def joined(pieces: Iterable[str]) -> SafeString:
    """Pieces, each of them markup already, as one piece of markup."""
    return SafeString("".join(pieces))
