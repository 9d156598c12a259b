"""What valuations assume: in force on a day, before and after, and as the engine reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied

from openkam.analytics.forecast.order_alerts import ALERTS_PER_MANAGER_WEEK
from openkam.app.people.models import User
from openkam.app.valuation.models import Assumptions
from openkam.app.valuation.permissions import may_read_assumptions

LOSSES = (("loss_not_due", 0), ("loss_1_30", 30), ("loss_31_60", 60), ("loss_61_90", 90), ("loss_over_90", None))
"""Each loss rate with the last of its days overdue; None has no end."""
TARGETS = ("freight_share", "terms_share", "price_rise")
EXAMPLE = Assumptions(is_illustrative=True)
"""What the engine assumes by itself."""


@dataclass(frozen=True, slots=True)
class AssumptionsPage:
    """Those in force today, None while nobody gave any, and all there are, the latest first."""

    now: Assumptions | None
    every: Sequence[Assumptions]

    @property
    def in_force(self) -> Assumptions:
        """What holds today: without any of the firm's own the examples of the engine, which are nobody's experience."""
        return self.now or EXAMPLE

    @property
    def alerts(self) -> int:
        """How many alerts a manager gets in a week at most."""
        given = self.in_force.alerts_per_manager_week
        return ALERTS_PER_MANAGER_WEEK if given is None else given


def assumptions_on(day: date) -> Assumptions | None:
    """What holds on a day; None before the first."""
    return Assumptions.objects.select_related("made_by").filter(valid_from__lte=day).first()


def assumptions_page(user: User, today: date) -> AssumptionsPage:
    """All of them, for who may read them; raises `PermissionDenied` for others."""
    if not may_read_assumptions(user):
        raise PermissionDenied("Your role does not let you read what valuations assume. Ask an administrator.")
    every = list(Assumptions.objects.select_related("made_by"))
    return AssumptionsPage(next((one for one in every if one.valid_from <= today), None), every)


def settings_of(assumptions: Assumptions | None) -> Mapping[str, object]:
    """The engine's settings that they give; empty without any, so that the engine's own examples hold."""
    if assumptions is None:
        return {}
    return {
        "provision_rates": tuple((until, float(getattr(assumptions, name))) for name, until in LOSSES),
        "order_value": None if assumptions.order_value is None else float(assumptions.order_value),
        "discount_cut": None if assumptions.discount_cut is None else float(assumptions.discount_cut),
        **{name: float(getattr(assumptions, name)) for name in TARGETS},
        **({"alerts_per_manager_week": budget} if (budget := assumptions.alerts_per_manager_week) is not None else {}),
    }
