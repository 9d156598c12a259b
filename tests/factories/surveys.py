"""Surveys, opened and answered by the operations that make real ones."""

from collections.abc import Sequence
from typing import Any

from tests.factories.people import user

from openkam.analytics.relationship.rapport.scale_items import COMMITMENT_ITEMS, TRUST_ITEMS
from openkam.app.accounts.models import Account
from openkam.app.people.terms import Role
from openkam.app.relationships.models import Contact, Survey
from openkam.app.relationships.operations.surveys import open_survey, take_answer
from openkam.app.relationships.terms import SurveyKind

SITE = "http://localhost"


def survey(account: Account, contacts: Sequence[Contact], kind: SurveyKind = SurveyKind.NPS, **fields: Any) -> Survey:
    """A saved survey; nothing was sent."""
    given: dict[str, Any] = {"actor": user(Role.ADMINISTRATOR), "site_address": SITE} | fields
    return open_survey(account=account, kind=kind, contacts=contacts, **given)


def answered(made: Survey, *scores: int) -> None:
    """Everybody who was asked answers, in their order: the one question, or every sentence of the trust survey alike."""
    names = [item.name for item in (*TRUST_ITEMS, *COMMITMENT_ITEMS)] if made.kind == SurveyKind.TRUST else [made.kind]
    for invitation, score in zip(made.invitations.all(), scores, strict=True):
        take_answer(token=invitation.token, answers=dict.fromkeys(names, score))
