"""What a survey found: scores with their interval and distribution, the reliability of the scales, where both sides see it apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openkam.analytics.relationship.rapport.perception_gap import TopicGap, View, Viewer, perception_gaps
from openkam.analytics.relationship.rapport.satisfaction import (
    Satisfaction,
    customer_effort_score,
    customer_satisfaction,
    net_promoter_score,
)
from openkam.analytics.relationship.rapport.scale_items import COMMITMENT_ITEMS, TRUST_ITEMS, ScaleItem
from openkam.analytics.relationship.rapport.scale_mean import ScaleMean, scale_mean
from openkam.analytics.relationship.rapport.scale_reliability import (
    ScaleReliability,
    informant_scores,
    scale_reliability,
    scores_of,
)
from openkam.app.people.models import User
from openkam.app.relationships.models import Invitation, Response, Survey
from openkam.app.relationships.queries.surveys import visible_surveys
from openkam.app.relationships.terms import ANONYMOUS_FROM, SurveyKind
from openkam.app.ui.templatetags.charts import Chart, framed

SCORES = {
    SurveyKind.NPS: net_promoter_score,
    SurveyKind.CSAT: customer_satisfaction,
    SurveyKind.CES: customer_effort_score,
}


@dataclass(frozen=True, slots=True)
class ScaleResult:
    """Trust or commitment of this account (1 to 7), and how reliably the scale measures over all answers that the reader may see."""

    label: str
    mean: ScaleMean
    reliability: ScaleReliability | None


@dataclass(frozen=True, slots=True)
class SurveyResults:
    """`is_hidden`: answers without names, too few to be shown. What a kind does not ask is empty or None."""

    survey: Survey
    invitations: Sequence[Invitation]
    answered: int
    is_hidden: bool
    scales: Sequence[ScaleResult]
    score: Satisfaction | None
    chart: Chart | None
    gaps: Sequence[TopicGap]
    comments: Sequence[tuple[str, str]]

    @property
    def asked(self) -> int:
        """People who were asked."""
        return len(self.invitations)


def survey_results(user: User, survey: Survey) -> SurveyResults:
    """The results of a survey that `survey` or `visible_surveys` returned."""
    invitations = list(survey.invitations.select_related("contact", "user"))
    responses = list(survey.responses.select_related("invitation__contact", "invitation__user").prefetch_related("answers"))
    is_hidden = survey.is_anonymous and len([one for one in responses if one.viewer == Viewer.CUSTOMER]) < ANONYMOUS_FROM
    told = [] if is_hidden else responses
    kind = SurveyKind(survey.kind)
    score = SCORES[kind](_values(told, kind.value)) if kind in SCORES and told else None
    return SurveyResults(
        survey=survey,
        invitations=invitations,
        answered=len(responses),
        is_hidden=is_hidden,
        scales=_scales(user, told) if kind == SurveyKind.TRUST and told else (),
        score=score,
        chart=_distribution(score) if score else None,
        gaps=_gaps(told) if kind == SurveyKind.PERCEPTION else (),
        comments=[(str(one.invitation) if one.invitation else "", one.comment) for one in told if one.comment],
    )


def _scales(user: User, told: Sequence[Response]) -> list[ScaleResult]:
    everybody = Response.objects.filter(
        survey__in=visible_surveys(user).filter(kind=SurveyKind.TRUST).order_by(), viewer=Viewer.CUSTOMER.value
    ).prefetch_related("answers")
    pool = list(everybody)
    return [_scale(label, items, told, pool) for label, items in (("Trust", TRUST_ITEMS), ("Commitment", COMMITMENT_ITEMS))]


def _scale(label: str, items: Sequence[ScaleItem], told: Sequence[Response], pool: Sequence[Response]) -> ScaleResult:
    own = informant_scores(scores_of(_matrix(told, items), items))
    return ScaleResult(label, scale_mean(own), scale_reliability(scores_of(_matrix(pool, items), items)))


def _matrix(told: Sequence[Response], items: Sequence[ScaleItem]) -> "np.ndarray":
    rows = [{answer.question: float(answer.value) for answer in one.answers.all()} for one in told]
    return np.array([[row.get(item.name, np.nan) for item in items] for row in rows]).reshape(len(rows), len(items))


def _values(told: Sequence[Response], question: str) -> "np.ndarray":
    return np.array(
        [float(answer.value) for one in told for answer in one.answers.all() if answer.question == question], dtype=np.float64
    )


def _gaps(told: Sequence[Response]) -> tuple[TopicGap, ...]:
    return perception_gaps(
        View(answer.question, Viewer(one.viewer), float(answer.value)) for one in told for answer in one.answers.all()
    )


def _distribution(score: Satisfaction) -> Chart:
    values = [{"answer": level, "count": count} for level, count in sorted(score.counts.items())]
    most = max(one["count"] for one in values)
    ticks = list(range(0, most + 1, max(1, most // 8)))
    return Chart(
        spec=framed(
            data={"values": values},
            mark={"type": "bar"},
            encoding={
                "x": {"field": "answer", "type": "ordinal", "title": "Answer", "axis": {"labelAngle": 0}},
                "y": {"field": "count", "type": "quantitative", "title": "People", "axis": {"values": ticks, "format": "d"}},
            },
        ),
        text="Answers: " + ", ".join(f"{one['answer']}: {one['count']}" for one in values) + ".",
        columns=("Answer", "People"),
        rows=[(str(one["answer"]), one["count"]) for one in values],
    )
