"""Evidence for the gate that asks for trust: the latest answer of each informant, their mean against the middle of the scale."""

from collections.abc import Iterable

import numpy as np

from openkam.analytics.relationship.lifecycle_stage.assessment import StageEvidence
from openkam.analytics.relationship.loyalty_ladder import Attitude
from openkam.analytics.relationship.rapport.account_scale import FEWEST_INFORMANTS
from openkam.analytics.relationship.rapport.scale_items import HIGHEST, LOWEST
from openkam.analytics.relationship.rapport.scale_mean import scale_mean

MIDDLE = (LOWEST + HIGHEST) / 2


def trust_evidence(attitudes: Iterable[Attitude], source: str) -> tuple[StageEvidence, ...]:
    """Evidence about `trust`, for or against, dated on the last of the answers that count.

    Nothing below `FEWEST_INFORMANTS` informants: what one person feels is no trust of an account. Answers about anything else than
    trust are left out.
    """
    latest: dict[str, tuple[Attitude, float]] = {}
    for one in sorted(attitudes, key=lambda told: told.answered_on):
        if one.trust is not None:
            latest[one.informant] = (one, one.trust)
    if len(latest) < FEWEST_INFORMANTS:
        return ()
    mean = scale_mean(np.array([trust for _, trust in latest.values()])).mean
    day = max(one.answered_on for one, _ in latest.values())
    return (StageEvidence("trust", day, source, holds=mean is not None and mean > MIDDLE),)
