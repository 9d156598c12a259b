"""People of one account for the benchmark of the people map: contacts in six levels, their lines, claims and interactions.

Imported once Django is set up, as models can only be then.
"""

from datetime import timedelta
from random import Random

from django.conf import settings
from django.test import Client
from django.utils import timezone

from openkam.app.accounts.operations.accounts import create_account
from openkam.app.accounts.terms.account import Kind
from openkam.app.accounts.terms.names import folded
from openkam.app.people.operations.users import create_user
from openkam.app.people.terms import Role
from openkam.app.relationships import models as m
from openkam.app.relationships.terms import BuyingCenterRole, InteractionKind, Part, Side, Topic

FIRST = ("Anna", "Björn", "Chiara", "Dmitri", "Elif", "Farid", "Margarethe", "Hugo", "Inés", "Wolfgang", "桜", "Maximiliana")
LAST = (
    "Berg",
    "Costa",
    "Dietrich",
    "Eriksen",
    "Fontaine",
    "Gruber",
    "Huang",
    "Ivanova",
    "Mühlenkamp-Wassermann",
    "Kowalski",
    "山本",
)
TITLES = ("Chief buyer", "Head of strategic procurement, packaging", "Plant engineer", "WMO WAREHOUSE MANAGEMENT", "Clerk", "")
SITES = ("", "Main plant", "Westmoreland-Hammersmith works")
OURS = 12
REPORTS_EACH = 6
INTERACTIONS_EACH = 8
DAYS = 200


def fill(count: int) -> dict[str, object]:
    """The account's page and its manager's cookie, once the people, their lines, claims and interactions are there."""
    draw, now, today = Random(3), timezone.now(), timezone.localdate()
    boss = create_user(actor=None, email="admin@example.org", name="Ada Admin", role=Role.ADMINISTRATOR)
    ours = [
        create_user(actor=None, email=f"m{n}@example.org", name=f"{FIRST[n % 12]} Manager {n:02d}", role=Role.MANAGER)
        for n in range(OURS)
    ]
    account = create_account(actor=boss, name="Made-up Works", kind=Kind.CUSTOMER, manager=ours[0])
    names = [f"{draw.choice(FIRST)} {draw.choice(LAST)} {n}" for n in range(count)]
    people = m.Contact.objects.bulk_create(m.Contact(name=name, sort_name=folded(name)) for name in names)
    m.Employment.objects.bulk_create(
        m.Employment(
            contact=one, account=account, job_title=draw.choice(TITLES), site=draw.choice(SITES), level=draw.randint(1, 4)
        )
        for one in people
    )
    m.BuyingRole.objects.bulk_create(
        m.BuyingRole(contact=one, account=account, role=role, from_on=today)
        for one in people
        for role in draw.sample(BuyingCenterRole.values, draw.randint(0, 3))
    )
    m.ReportingLine.objects.bulk_create(
        m.ReportingLine(account=account, contact=one, superior=people[(n - 1) // REPORTS_EACH])
        for n, one in enumerate(people)
        if n and n % 11  # one in eleven reports to nobody on record
    )
    pairs = {(draw.randrange(count), draw.randrange(count)) for _ in range(count // 3)}
    m.InfluenceLine.objects.bulk_create(
        m.InfluenceLine(account=account, contact=people[one], target=people[other], strength=draw.randint(1, 3))
        for one, other in sorted(pairs)
        if one != other
    )
    m.Claim.objects.bulk_create(
        m.Claim(
            account=account, contact=one, topic=topic, value=value, text="Made up", source="a visit",
            as_of_on=today - timedelta(days=draw.choice((10, 400))), author=boss,
        )
        for one in people
        for topic, value in ((Topic.STANCE, draw.randint(-2, 2)), (Topic.POWER, draw.randint(0, 4)), (Topic.ACCESS, draw.randint(0, 3)))
    )  # fmt: skip
    passed = m.Interaction.objects.bulk_create(
        m.Interaction(
            account=account, kind=InteractionKind.MEETING, at=now - timedelta(days=draw.uniform(0, DAYS)), recorded_by=boss
        )
        for _ in range(INTERACTIONS_EACH * count)
    )
    parts = [
        m.Participant(interaction=entry, side=side, part=Part.PRESENT, **{name: who})
        for entry in passed
        for side, name, who in ((Side.OURS, "user", draw.choice(ours)), (Side.THEIRS, "contact", draw.choice(people)))
    ]
    m.Participant.objects.bulk_create(parts)
    client = Client()
    client.force_login(ours[0])
    return {
        "path": f"/relationships/accounts/{account.pk}/map/?view=map",
        "cookie_name": settings.SESSION_COOKIE_NAME,
        "cookie_value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
