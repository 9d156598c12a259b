"""Who acts, and on which round and scenario."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, person_of, require
from openkam.app.selection.models import Round, Scenario
from openkam.app.selection.queries.rounds import round_of, scenario_of


@dataclass(frozen=True, slots=True)
class Access:
    """The signed-in person, the round of the address and the scenario asked for, the baseline unless named."""

    user: User
    round: Round
    scenario: Scenario


def access(request: HttpRequest, pk: int, permission: Permission = Permission.READ) -> Access:
    """The person, who must have the permission; 404 for a round or scenario that does not exist."""
    user = person_of(request)
    require(user, permission)
    found = round_of(user, pk)
    asked = request.POST.get("scenario") or request.GET.get("scenario") or ""
    return Access(user, found, scenario_of(user, found, number(asked) if asked else None))


def number(text: str) -> int:
    """A key from an address; 404 for what is none."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Http404("No such record.")
    return int(text)
