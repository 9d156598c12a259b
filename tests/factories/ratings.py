"""Scales and ratings."""

from datetime import date

from tests.factories.people import user

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.selection.models import AccountRating, RatingScale
from openkam.app.selection.operations.ratings import rate_account
from openkam.app.selection.operations.scales import ScaleDetails, create_scale

ANCHORS = ("Nobody cites it.", "One cites it.", "A few cite it.", "A region cites it.", "The trade cites it.")
DETAILS = ScaleDetails("Reference value", "Would others buy because it does?", 12, ANCHORS)


def scale(name: str = "reference_value", *, actor: User | None = None, details: ScaleDetails = DETAILS) -> RatingScale:
    """A saved scale with one wording."""
    return create_scale(actor=actor or user(Role.HEAD), name=name, details=details)


def rating(
    actor: User, account: Account, of: RatingScale, level: int, *, on: date = date(2026, 1, 15), evidence: str = "Fair talk"
) -> AccountRating:
    """A rating under the wording of now."""
    version = of.versions.order_by("-number")[0]
    return rate_account(
        actor=actor, account_id=account.pk, scale_id=of.pk, version_id=version.pk, level=level, rated_on=on, evidence=evidence
    )
