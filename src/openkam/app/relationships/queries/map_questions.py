"""What to ask at the next meeting: whatever was believed of the people on a map and has passed its shelf life."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from openkam.analytics.relationship.claim_freshness import whole_months
from openkam.app.people.models import User
from openkam.app.relationships.models import Claim
from openkam.app.relationships.queries.claims import visible_claims
from openkam.app.relationships.queries.map_people import PeopleMapPage
from openkam.app.relationships.terms import SCALES


@dataclass(frozen=True, slots=True)
class Question:
    """A claim turned into a question; `age_months` whole months since it was true."""

    claim: Claim
    words: str
    age_months: int


def questions_of(user: User, page: PeopleMapPage, most: int = 8) -> Sequence[Question]:
    """The oldest first, as far as the user may read the claims."""
    day = page.view.as_of_on
    counted = Q(withdrawn_at=None) | Q(withdrawn_at__date__gt=day)
    here = [person.contact.pk for person in page.theirs]
    claims = visible_claims(user).filter(counted, account=page.view.account, as_of_on__lte=day, contact__in=here)
    latest: dict[tuple[int | None, str], Claim] = {}
    for claim in claims.select_related("contact"):
        latest.setdefault((claim.contact_id, claim.topic), claim)
    over = [one for one in latest.values() if one.keeps_until and one.keeps_until < day]
    over.sort(key=lambda one: (one.as_of_on, one.pk))
    return [Question(one, _words(one), whole_months(one.as_of_on, day)) for one in over[:most]]


def _words(claim: Claim) -> str:
    name = claim.contact.name if claim.contact else "the account"
    topic = claim.get_topic_display().lower()
    if claim.value is not None:
        return f"{name}, {topic}: still “{SCALES[claim.topic][claim.value]}”?"
    text = claim.text if len(claim.text) <= 60 else claim.text[:60].rstrip() + "…"
    return f"{name}, {topic}: still “{text}”?"
