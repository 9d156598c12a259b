"""Who is known by an address and who was erased, looked up once for many mails."""

from dataclasses import dataclass, field
from time import monotonic

from openkam.analytics.relationship.correspondence.matching import Directory
from openkam.app.people.models import User
from openkam.app.relationships.queries.correspondence import directory_for
from openkam.app.relationships.queries.erased_addresses import erased_digests

GOOD_FOR_SECONDS = 60.0
"""How long a reading of a mailbox goes by what it looked up: a contact that is entered meanwhile counts after that at the latest."""


@dataclass(frozen=True, slots=True)
class Known:
    """The directory as a user may write by it, and the digests of the erased, of one moment."""

    directory: Directory
    erased: frozenset[str]
    looked_up_at: float = field(default_factory=monotonic)


def known_to(user: User) -> Known:
    """Look everybody up."""
    return Known(directory_for(user), erased_digests())


def known_still(user: User, known: Known) -> Known:
    """The same where it is good yet, else looked up anew: after a minute, and at once where somebody was erased."""
    is_good = monotonic() - known.looked_up_at < GOOD_FOR_SECONDS and erased_digests() == known.erased
    return known if is_good else known_to(user)
