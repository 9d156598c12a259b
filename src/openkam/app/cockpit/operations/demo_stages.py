"""Illustrative stages, ladder and surveys of the sample company's two accounts with invented people."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from openkam.analytics.relationship.rapport.scale_items import COMMITMENT_ITEMS, TRUST_ITEMS
from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.relationships.models import Contact, StageChange
from openkam.app.relationships.operations.contacts import ContactDetails, Reach, change_contact
from openkam.app.relationships.operations.loyalty import note_loyalty
from openkam.app.relationships.operations.stages import measure_stage, promote_stage, state_evidence
from openkam.app.relationships.operations.surveys import open_survey, take_answer
from openkam.app.relationships.queries.contacts import contacts_at
from openkam.app.relationships.terms import LoyaltyKind, PointKind, SurveyKind

LETTER, RECORD = "Illustrative letter", "Illustrative record"
PRE = (("category_volume", RECORD), ("attractive", RECORD), ("offer_quoted", LETTER), ("gaps_listed", LETTER))
EARLY = (
    ("own_offering", LETTER),
    ("first_orders", RECORD),
    ("process_known", RECORD),
    ("delivery_kept", RECORD),
    ("competitors_known", LETTER),
)
"""Criteria of the first two gates and what shows them; the rest of them is measured."""
TOWARDS_MID = (("service_differs", LETTER), ("problems_solved", RECORD))
FADING = ("own_offering", "delivery_kept", "process_known")
"""What the second account's stage rested on, and no longer does."""
TRUST_SCORES = ((6, 6, 5, 6, 6), (5, 6, 4, 5, 5), (6, 5, 6, 6, 7))
COMMITMENT_SCORES = ((6, 6, 6, 2), (5, 5, 4, 4), (6, 7, 5, 2))
RECOMMENDS = (9, 7, 10)
TOPICS = {"Delivery": (4, 3, 5, 6), "Prices": (3, 4, 4, 4), "Advice": (6, 6, 5, 6)}
"""By topic what three of theirs and the manager say."""
SITE = "http://localhost"


def stage_demo(head: User, accounts: Sequence[Account]) -> None:
    """The first account is Early with something missing for Mid, the second Early and on watch; one with a decision stays as it is."""
    today = timezone.localdate()
    for account, is_fading in zip(accounts[:2], (False, True), strict=False):
        if StageChange.objects.filter(account=account).exists() or not contacts_at(account).exists():
            continue
        _reach(head, account)
        measure_stage(account=account, today=today)
        for criterion, source in (*PRE, *EARLY):
            _show(head, account, criterion, source, today - timedelta(days=40))
        promote_stage(actor=head, account=account, reason="Illustrative: both gates are open")
        if is_fading:
            for criterion in FADING:
                _show(head, account, criterion, RECORD, today, holds=False)
        else:
            for criterion, source in TOWARDS_MID:
                _show(head, account, criterion, source, today - timedelta(days=12))
            _ask(head, account)
            note_loyalty(
                actor=head,
                account=account,
                kind=LoyaltyKind.RECOMMENDATION,
                on=today - timedelta(days=30),
                source="Illustrative: told at a fair",
                contact=contacts_at(account)[0],
            )
        measure_stage(account=account, today=today)


def _show(head: User, account: Account, criterion: str, source: str, on: date, *, holds: bool = True) -> None:
    state_evidence(actor=head, account=account, criterion=criterion, on=on, source=source, holds=holds)


def _reach(head: User, account: Account) -> None:
    """Invented people have invented addresses, under a name that no mail reaches."""
    for number, person in enumerate(contacts_at(account)):
        reach = [Reach(PointKind.MAIL, f"person{number}.account{account.pk}@demo.example")]
        details = ContactDetails(person.name, person.honorific, person.language, person.time_zone, reach)
        change_contact(actor=head, contact=person, details=details)


def _ask(head: User, account: Account) -> None:
    people = list(contacts_at(account)[: len(RECOMMENDS)])
    trust = open_survey(actor=head, account=account, kind=SurveyKind.TRUST, contacts=people, site_address=SITE)
    for invitation, first, second in zip(trust.invitations.all(), TRUST_SCORES, COMMITMENT_SCORES, strict=True):
        answers = dict(zip((item.name for item in (*TRUST_ITEMS, *COMMITMENT_ITEMS)), (*first, *second), strict=True))
        take_answer(token=invitation.token, answers=answers, comment="Illustrative answer")
    nps = open_survey(actor=head, account=account, kind=SurveyKind.NPS, contacts=people, site_address=SITE)
    for invitation, score in zip(nps.invitations.all(), RECOMMENDS, strict=True):
        take_answer(token=invitation.token, answers={SurveyKind.NPS.value: score})
    _compare(head, account, people)


def _compare(head: User, account: Account, people: Sequence[Contact]) -> None:
    ours = [account.manager] if account.manager else []
    seen = open_survey(
        actor=head,
        account=account,
        kind=SurveyKind.PERCEPTION,
        contacts=people,
        colleagues=ours,
        topics=list(TOPICS),
        site_address=SITE,
    )
    for place, invitation in enumerate(seen.invitations.all()):
        take_answer(token=invitation.token, answers={topic: scores[place] for topic, scores in TOPICS.items()})
