"""What passed between us and an account, made by the operations that make real ones."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tests.factories.people import user

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.relationships.models import Contact, Interaction
from openkam.app.relationships.operations.interactions import InteractionDetails, Party, log_interaction
from openkam.app.relationships.terms import InteractionKind, Part, Side

AT = datetime(2016, 5, 2, 9, 30, tzinfo=UTC)


def interaction(
    account: Account,
    *,
    actor: User | None = None,
    ours: Sequence[User] = (),
    theirs: Sequence[Contact] = (),
    is_private: bool = False,
    **details: Any,
) -> Interaction:
    """A saved call of May 2016 unless told otherwise, with everybody on the line."""
    given: dict[str, Any] = {"kind": InteractionKind.CALL, "at": AT} | details
    parties = [*(Party(Part.PRESENT, user=one) for one in ours), *(Party(Part.PRESENT, contact=one) for one in theirs)]
    return log_interaction(
        actor=actor or user(Role.ADMINISTRATOR),
        account=account,
        details=InteractionDetails(**given),
        parties=parties or [Party(Part.PRESENT, address="nobody.knows@example.org")],
        is_private=is_private,
    )


def mail(account: Account, ours: User, theirs: Contact, at: datetime, *, from_us: bool = True, **details: Any) -> Interaction:
    """A saved mail between one of ours and one of theirs."""
    parties = [
        Party(Part.FROM if from_us else Part.TO, user=ours),
        Party(Part.TO if from_us else Part.FROM, contact=theirs),
    ]
    return log_interaction(
        actor=user(Role.ADMINISTRATOR),
        account=account,
        details=InteractionDetails(kind=InteractionKind.MAIL, at=at, began_by=Side.OURS if from_us else Side.THEIRS, **details),
        parties=parties,
    )
