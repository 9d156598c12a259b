"""What happens to the ways in: changes that people make to their own, and attempts that failed."""

from openkam.app.people import queries
from openkam.app.people.models import User
from openkam.app.people.operations.written import announce

NOBODY = 0
"""The key under which attempts with an address that nobody has are kept: the address may be a password typed into the wrong field."""


def announce_own_change(*, user: User, verb: str, factor: str = "", is_removed: bool = False) -> None:
    """A person changed how they sign in; `factor` names what was added, renewed or removed."""
    named: dict[str, object] = {"way_to_sign_in": factor} if factor else {}
    announce(actor=user, verb=verb, record=user, before=named if is_removed else {}, after={} if is_removed else named)


def announce_renamed_factor(*, user: User, before: str, after: str) -> None:
    """A person gave a passkey or security key another name."""
    if before != after:
        verb = "renamed a way to sign in of"
        announce(actor=user, verb=verb, record=user, before={"way_to_sign_in": before}, after={"way_to_sign_in": after})


def announce_failed_sign_in(*, address: str, step: str) -> None:
    """Somebody gave a wrong password or code. Limits on sign-in bound how many of these there can be.

    An unknown address is kept without it, and costs the same write: the time of the answer does not tell who is known.
    """
    person = queries.person_with_address(address) or User(pk=NOBODY, name="an unknown address")
    announce(actor=None, verb="saw a failed sign-in of", record=person, before={}, after={"failed_step": step})
