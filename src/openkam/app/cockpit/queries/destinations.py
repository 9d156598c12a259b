"""The pages and commands that a person may open."""

from collections.abc import Iterable

from openkam.app.accounts.terms.names import folded
from openkam.app.cockpit.terms import Destination
from openkam.app.people.models import User
from openkam.app.people.permissions import may


def destinations(user: User, known: Iterable[Destination], text: str) -> tuple[Destination, ...]:
    """Those of the known that the user may open and whose label, or other words, have a word beginning with each word of the text."""
    typed = folded(text).split()
    allowed = (one for one in known if may(user, one.permission))
    return tuple(one for one in allowed if all(_begins(one, word) for word in typed))


def _begins(destination: Destination, word: str) -> bool:
    return f" {word}" in f" {folded(destination.label)} {destination.words}"
