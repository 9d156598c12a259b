"""What surveys tell of accounts, for the ladder and the gates: as attitudes of informants, never more than their rule of names allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import QuerySet

from openkam.analytics.relationship.loyalty_ladder import Attitude
from openkam.analytics.relationship.rapport.perception_gap import Viewer
from openkam.analytics.relationship.rapport.scale_items import TRUST_ITEMS
from openkam.analytics.relationship.rapport.scale_reliability import informant_scores, scores_of
from openkam.app.people.queries.compiled import compiled_once
from openkam.app.relationships.models import Response
from openkam.app.relationships.terms import ANONYMOUS_FROM, SurveyKind


@dataclass(frozen=True, slots=True)
class SurveyAttitude:
    """An attitude at an account; `contact_id` is None where no name is kept."""

    account_id: int
    contact_id: int | None
    attitude: Attitude


def attitudes_at(account_ids: Iterable[int], today: date) -> list[SurveyAttitude]:
    """The customers' answers about recommending us and about trust until a day, in two queries.

    Those of a survey without names count from `ANONYMOUS_FROM` on: below, a rung would tell what somebody said.
    """
    found = _responses(tuple(account_ids), today)
    counts: dict[int, int] = {}
    for one in found:
        counts[one.survey_id] = counts.get(one.survey_id, 0) + 1
    told: list[SurveyAttitude] = []
    for one in found:
        if one.survey.is_anonymous and counts[one.survey_id] < ANONYMOUS_FROM:
            continue
        contact = one.invitation.contact if one.invitation else None
        # By name, as pages tell it: two of one name count as one informant, which is rather too few than too many.
        attitude = _attitude(one, contact.name if contact else f"somebody without a name ({one.pk})")
        if attitude is not None:
            told.append(SurveyAttitude(one.survey.account_id, contact.pk if contact else None, attitude))
    return told


@compiled_once
def _responses(accounts: tuple[int, ...], today: date) -> QuerySet[Response]:
    return (
        Response.objects.filter(
            survey__account__in=accounts,
            survey__kind__in=(SurveyKind.NPS, SurveyKind.TRUST),
            viewer=Viewer.CUSTOMER.value,
            answered_on__lte=today,
        )
        .select_related("survey", "invitation__contact")
        .prefetch_related("answers")
    )


def trust_of(answers: dict[str, int]) -> float | None:
    """Mean of the items of trust (1 to 7) of one informant, reversed ones turned round; None where too few were answered."""
    row = np.array([[float(answers.get(item.name, np.nan)) for item in TRUST_ITEMS]])
    mean = float(informant_scores(scores_of(row, TRUST_ITEMS))[0])
    return None if np.isnan(mean) else mean


def _attitude(one: Response, informant: str) -> Attitude | None:
    answers = {answer.question: answer.value for answer in one.answers.all()}
    source = f"survey of {one.survey.opened_at:%d %b %Y}"
    if one.survey.kind == SurveyKind.NPS:
        score = answers.get(SurveyKind.NPS.value)
        return None if score is None else Attitude(informant, one.answered_on, source, recommends=score)
    trust = trust_of(answers)
    return None if trust is None else Attitude(informant, one.answered_on, source, trust=trust)
