"""Reckon which rung accounts have reached, so that the list of all of them need not."""

from collections.abc import Callable, Sequence
from datetime import date

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import LadderPlace
from openkam.app.relationships.queries.loyalty import ladders_of
from openkam.app.relationships.terms import MEASURE_STAGES_KIND
from openkam.app.runs.models import Run
from openkam.app.runs.operations import request_run

ACCOUNTS_AT_ONCE = 1000


def reckon_places(*, keys: Sequence[int], today: date) -> None:
    """Reckon the rung of these accounts and keep it."""
    rows = [LadderPlace(account_id=key, place=view.place, reckoned_on=today) for key, view in ladders_of(keys, today).items()]
    LadderPlace.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["account"], update_fields=["place", "reckoned_on"]
    )


def reckon_all_places(*, today: date, tell: Callable[[str], None]) -> int:
    """Reckon every account outside the bin; returns how many."""
    keys = list(Account.objects.filter(deleted_at=None).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), ACCOUNTS_AT_ONCE):
        reckon_places(keys=keys[start : start + ACCOUNTS_AT_ONCE], today=today)
        tell(f"Reckoned the rungs of {min(start + ACCOUNTS_AT_ONCE, len(keys))} of {len(keys)} accounts")
    return len(keys)


def request_reckoning(*, actor: User) -> Run:
    """Have all rungs reckoned in the background, with the stages' evidence."""
    require(actor, Permission.CONDUCT_REVIEW)
    return request_run(actor=actor, kind=MEASURE_STAGES_KIND, title="Stages and rungs of all accounts", parameters={})
