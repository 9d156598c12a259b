"""Illustrative people, contacts and promises of two of the sample company's key accounts: a monologue, and a dialogue beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.people.terms import Function, Level
from openkam.app.relationships.models import Contact
from openkam.app.relationships.operations.buying_roles import assign_buying_role
from openkam.app.relationships.operations.claims import make_claim
from openkam.app.relationships.operations.commitments import close_commitment, make_commitment
from openkam.app.relationships.operations.contacts import ContactDetails, add_contact
from openkam.app.relationships.operations.employments import PostDetails
from openkam.app.relationships.operations.interactions import InteractionDetails, Party, log_interaction
from openkam.app.relationships.operations.lines import draw_influence, set_superior
from openkam.app.relationships.queries.contacts import contacts_at
from openkam.app.relationships.terms import (
    SCALES,
    BuyingCenterRole,
    InteractionKind,
    Part,
    PromiseState,
    Side,
    Topic,
)

SOURCE = "Illustrative: invented for the demo"
SINCE_DAYS = 900


@dataclass(frozen=True, slots=True)
class Invented:
    """A person of the demo: their post, what they do when the account buys, and what we believe of them, `told_days` ago."""

    name: str
    title: str
    function: Function
    level: Level
    role: BuyingCenterRole
    words: str
    stance: int
    power: int
    access: int
    superior: int | None = None
    told_days: int = 20


PEOPLE = (
    Invented(
        *("Marta Olsen", "Head of purchasing", Function.PURCHASING, Level.DEPARTMENT_HEAD, BuyingCenterRole.DECIDER),
        *("Likes our service.", 1, 4, 2),
    ),
    Invented(
        *("Ilir Hoxha", "Buyer", Function.PURCHASING, Level.WORKING, BuyingCenterRole.BUYER),
        *("Compares every price.", 0, 2, 3, 0),
    ),
    Invented(
        *("Ines Duarte", "Warehouse lead", Function.OPERATIONS, Level.TEAM_LEAD, BuyingCenterRole.USER),
        *("Wants fewer small drops.", 1, 1, 2, 0),
    ),
    Invented(
        *("Petra Lindqvist", "Finance controller", Function.FINANCE, Level.TEAM_LEAD, BuyingCenterRole.APPROVER),
        *("Would rather buy from two.", -1, 3, 0, 0, 260),
    ),
)
SWAYS = ((1, 0), (3, 0))
"""Who sways whom (places in the list of people)."""
MONOLOGUE = (
    *((day, True, 0, day % 3) for day in range(1, 77, 2)),
    *((day, True, 1, 0) for day in (5, 25, 45)),
    *((day, False, 0, 1) for day in (8, 30, 52, 70)),
)
DIALOGUE = tuple((day, day % 4 < 2, 0, day % 2) for day in range(2, 40, 3))
"""Mails: days ago, whether we wrote, whose of ours and whose of theirs (places in the list of people)."""


def relate_demo(head: User, mate: User, accounts: Sequence[Account]) -> None:
    """Fill the first account with a monologue held by its manager, the second with a dialogue; one with people already stays as it is."""
    now = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=1)
    for account, mails in zip(accounts, (MONOLOGUE, DIALOGUE), strict=False):
        if contacts_at(account).exists():
            continue
        ours = [account.manager or head, mate]
        theirs = [_person(head, account, invented) for invented in PEOPLE]
        _lines(head, account, theirs)
        for days, is_ours, our_place, their_place in mails:
            _mail(head, account, (ours[our_place], theirs[their_place]), now - timedelta(days=days), is_ours=is_ours)
        _meeting(head, account, ours[0], theirs[:2], now - timedelta(days=12))
        _promises(head, account, ours[0], theirs[0])


def _person(head: User, account: Account, invented: Invented) -> Contact:
    since = timezone.localdate() - timedelta(days=SINCE_DAYS)
    person = add_contact(
        actor=head,
        account=account,
        details=ContactDetails(f"{invented.name} (illustrative)"),
        post=PostDetails(invented.title, invented.function, invented.level, from_on=since),
    )
    assign_buying_role(actor=head, contact=person, account=account, role=invented.role, from_on=since)
    told_on = timezone.localdate() - timedelta(days=invented.told_days)
    believed = ((Topic.STANCE, invented.stance), (Topic.POWER, invented.power), (Topic.ACCESS, invented.access))
    for topic, value in believed:
        text = invented.words if topic == Topic.STANCE else SCALES[topic][value]
        make_claim(
            actor=head,
            account=account,
            contact=person,
            topic=topic,
            text=text,
            value=value,
            source=SOURCE,
            as_of_on=told_on,
        )
    return person


def _lines(head: User, account: Account, people: Sequence[Contact]) -> None:
    since = timezone.localdate() - timedelta(days=SINCE_DAYS)
    for person, invented in zip(people, PEOPLE, strict=True):
        if invented.superior is not None:
            set_superior(actor=head, account=account, contact=person, superior=people[invented.superior], from_on=since)
    for one, other in SWAYS:
        draw_influence(actor=head, account=account, contact=people[one], target=people[other], from_on=since)


def _mail(head: User, account: Account, pair: tuple[User, Contact], at: datetime, *, is_ours: bool) -> None:
    ours, theirs = pair
    log_interaction(
        actor=head,
        account=account,
        details=InteractionDetails(
            InteractionKind.MAIL, at, began_by=Side.OURS if is_ours else Side.THEIRS, subject="Illustrative mail"
        ),
        parties=[Party(Part.FROM if is_ours else Part.TO, user=ours), Party(Part.TO if is_ours else Part.FROM, contact=theirs)],
    )


def _meeting(head: User, account: Account, ours: User, theirs: list[Contact], at: datetime) -> None:
    log_interaction(
        actor=head,
        account=account,
        details=InteractionDetails(
            InteractionKind.MEETING,
            at,
            duration_minutes=60,
            subject="Illustrative quarterly meeting",
            note=SOURCE,
            our_talk_minutes=35,
            their_talk_minutes=20,
            our_agenda_points=4,
            their_agenda_points=2,
        ),
        parties=[Party(Part.PRESENT, user=ours), *(Party(Part.PRESENT, contact=one) for one in theirs)],
    )


def _promises(head: User, account: Account, ours: User, theirs: Contact) -> None:
    """Kept, overdue and open ones of both sides."""
    today = timezone.localdate()
    made = today - timedelta(days=30)
    for side in Side:
        for number, (text, due_days) in enumerate((("Send the figures", -20), ("Name the dates", -3), ("Review the range", 20))):
            promise = make_commitment(
                actor=head,
                account=account,
                side=side,
                text=f"{text} (illustrative)",
                promised_on=made,
                due_on=today + timedelta(days=due_days),
                by_user=ours if side == Side.OURS else None,
                by_contact=theirs if side == Side.THEIRS else None,
            )
            if number == 0:
                on = today - timedelta(days=22)
                close_commitment(actor=head, commitment=promise, state=PromiseState.KEPT, on=on)
