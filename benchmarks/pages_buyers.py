"""People at the accounts of the benchmark of pages, and what passed between them and us; to be imported once Django is set up."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.accounts.terms.names import folded
from openkam.app.people.models import User
from openkam.app.relationships.models import Contact, Employment, Interaction, Participant
from openkam.app.relationships.operations.last_contacts import reckon_all_last_contacts
from openkam.app.relationships.terms import InteractionKind, Part, Side

CONTACTS_EACH = 2
INTERACTIONS_EACH = 4
BATCH = 5_000
FIRST = ("Anna", "Björn", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hugo", "Inés", "Jonas")
LAST = ("Berg", "Costa", "Dietrich", "Eriksen", "Fontaine", "Gruber", "Huang", "Ivanova", "Jansen", "Kowalski")
DAYS = 720


def fill_buyers(ours: User) -> None:
    """Two contacts and four interactions at every account."""
    draw = Random(2)
    now = timezone.now()
    keys = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    names = [f"{draw.choice(FIRST)} {draw.choice(LAST)} {number}" for number in range(CONTACTS_EACH * len(keys))]
    people = Contact.objects.bulk_create((Contact(name=name, sort_name=folded(name)) for name in names), batch_size=BATCH)
    posts = [Employment(contact=person, account_id=keys[n // CONTACTS_EACH], level=1) for n, person in enumerate(people)]
    Employment.objects.bulk_create(posts, batch_size=BATCH)
    passed = Interaction.objects.bulk_create(
        (
            Interaction(
                account_id=key,
                kind=draw.choice(InteractionKind.values),
                at=now - timedelta(days=draw.uniform(0, DAYS)),
                began_by=draw.choice(Side.values),
                subject="Made up",
            )
            for key in keys
            for _ in range(INTERACTIONS_EACH)
        ),
        batch_size=BATCH,
    )
    theirs = [
        Participant(
            interaction=one,
            contact=people[CONTACTS_EACH * (n // INTERACTIONS_EACH) + n % CONTACTS_EACH],
            side=Side.THEIRS,
            part=Part.PRESENT,
        )
        for n, one in enumerate(passed)
    ]
    mine = [Participant(interaction=one, user=ours, side=Side.OURS, part=Part.PRESENT) for one in passed]
    Participant.objects.bulk_create(theirs + mine, batch_size=BATCH)
    reckon_all_last_contacts(tell=lambda _: None)
