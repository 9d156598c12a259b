"""Who of us knows whom of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openkam.app.accounts.models import Account
from openkam.app.people.models import User


@dataclass(frozen=True, slots=True)
class Tie:
    """One of ours knows one of theirs; `strength` from 0 to 1."""

    user_id: int
    contact_id: int
    strength: float


def ties_on(user: User, account: Account, day: date) -> Sequence[Tie] | None:
    """The ties of an account that the user sees as they were on a day; None where no contact with it is on record."""
    return None
