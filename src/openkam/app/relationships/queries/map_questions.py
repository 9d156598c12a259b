"""What to ask at the next meeting: whatever was believed of the people on a map and has passed its shelf life."""

from collections.abc import Sequence
from dataclasses import dataclass

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
    over = [belief for person in page.theirs for belief in person.beliefs.values() if belief.has_faded(day)]
    over.sort(key=lambda one: (one.as_of_on, one.pk))
    keys = [one.pk for one in over[:most]]
    claims = visible_claims(user).filter(pk__in=keys).select_related("contact").in_bulk()
    told = [claims[key] for key in keys if key in claims]
    return [Question(claim, _words(claim), whole_months(claim.as_of_on, day)) for claim in told]


def _words(claim: Claim) -> str:
    name = claim.contact.name if claim.contact else "the account"
    topic = claim.get_topic_display().lower()
    if claim.value is not None:
        return f"{name}, {topic}: still “{SCALES[claim.topic][claim.value]}”?"
    text = claim.text if len(claim.text) <= 60 else claim.text[:60].rstrip() + "…"
    return f"{name}, {topic}: still “{text}”?"
