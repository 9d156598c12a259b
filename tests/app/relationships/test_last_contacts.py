"""The stored day of the last contact is that of the entries, whatever was written, and tells nobody of what is private to others."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Event
from time import sleep

import pytest
from django.db import connection, transaction
from django.db.models import Max, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from tests.factories.contacts import contact
from tests.factories.correspondence import Letter, mbox, taken_in
from tests.factories.interactions import interaction, mail
from tests.factories.people import user

from openkam.app.accounts.operations.assignment import share_account
from openkam.app.audit.models import Entry
from openkam.app.people.terms import Role, Scope
from openkam.app.relationships.models import ContactProposal, Employment, Interaction, Participant
from openkam.app.relationships.operations.correspondence import undo_correspondence
from openkam.app.relationships.operations.employments import PostDetails, begin_employment, change_employment, end_employment
from openkam.app.relationships.operations.erasure import erase_contact
from openkam.app.relationships.operations.interactions import InteractionDetails, Party, amend_interaction, remove_interaction
from openkam.app.relationships.operations.last_contacts import reckon_all_last_contacts
from openkam.app.relationships.operations.proposals import accept_proposal
from openkam.app.relationships.operations.retention import list_due, set_clocks
from openkam.app.relationships.queries.contact_list import by_last_contact, untouched_since
from openkam.app.relationships.queries.contacts import visible_employments
from openkam.app.relationships.terms import InteractionKind, Part, ProposalState, RetentionKind

NOW = timezone.now()


def latest(**only):
    """The latest contact of a post, asked of the entries one post at a time."""
    parts = Participant.objects.filter(contact=OuterRef("contact"), interaction__account=OuterRef("account"), **only)
    told = parts.filter(interaction__removed_at=None).exclude(interaction__kind=InteractionKind.NOTE).order_by()
    return Subquery(told.values("contact").annotate(last=Max("interaction__at")).values("last"))


def wrong():
    """Posts whose stored instants are not those of the entries."""
    told = Employment.objects.annotate(latest=latest(), latest_open=latest(interaction__is_private=False))
    return [post.pk for post in told if (post.last_contact_at, post.last_open_contact_at) != (post.latest, post.latest_open)]


def stored(person, account):
    post = Employment.objects.filter(contact=person, account=account).first()
    return post.last_contact_at, post.last_open_contact_at


class Life:
    """What may happen to the entries of two accounts, drawn at random."""

    def __init__(self, world, seed):
        self.draw, self.world, self.boss = Random(seed), world, user(Role.ADMINISTRATOR)
        self.people = [contact(world.own, f"Person {n}", actor=world.manager) for n in range(3)]
        begin_employment(actor=self.boss, contact=self.people[0], account=world.foreign, details=PostDetails())
        self.erased = set()

    def step(self):
        name = self.draw.choice(
            ["log", "log", "note", "private", "amend", "remove", "import", "undo", "accept", "post", "end", "forget", "erase"]
        )
        getattr(self, name)()
        return name

    def at(self):
        return NOW - timedelta(days=self.draw.uniform(1, 900))

    def some(self):
        return self.draw.sample(self.people, self.draw.randint(1, 3))

    def log(self):
        account = self.draw.choice([self.world.own, self.world.own, self.world.foreign])
        theirs = self.people[:1] if account == self.world.foreign else self.some()
        interaction(account, actor=self.boss, theirs=theirs, at=self.at())

    def note(self):
        interaction(self.world.own, actor=self.boss, theirs=self.some(), at=self.at(), kind=InteractionKind.NOTE)

    def private(self):
        interaction(self.world.own, actor=self.world.manager, theirs=self.some(), at=self.at(), is_private=True)

    def entry(self):
        return self.draw.choice(list(Interaction.objects.filter(removed_at=None, account=self.world.own)) or [None])

    def amend(self):
        if entry := self.entry():
            parties = [Party(Part.PRESENT, contact=one) for one in self.some()]
            details = InteractionDetails(kind=self.draw.choice([InteractionKind.CALL, InteractionKind.NOTE]), at=self.at())
            amend_interaction(actor=self.world.manager, interaction=entry, details=details, parties=parties)

    def remove(self):
        if entry := self.entry():
            remove_interaction(actor=self.world.manager, interaction=entry)

    def import_(self):
        known = [point.value for one in self.people for point in one.points.filter(kind="mail")]
        letters = [
            Letter(self.draw.randrange(10**9), address, self.world.manager.email, self.at())
            for address in [*known, f"new{self.draw.randrange(3)}@example.org"]
        ]
        self.brought = taken_in(self.world.manager, mbox(*letters))

    def undo(self):
        if getattr(self, "brought", None):
            undo_correspondence(actor=self.world.manager, brought_by=self.brought)
            self.brought = None

    def accept(self):
        if proposal := ContactProposal.objects.filter(state=ProposalState.OPEN).first():
            accept_proposal(actor=self.world.manager, proposal=proposal, name=f"Accepted {proposal.pk}")

    def post(self):
        account = self.draw.choice([self.world.own, self.world.foreign])
        begin_employment(actor=self.boss, contact=self.draw.choice(self.people), account=account, details=PostDetails())

    def end(self):
        if post := Employment.objects.filter(until_on=None).order_by("?").first():
            change_employment(actor=self.boss, employment=post, details=PostDetails(job_title="Buyer"))
            end_employment(actor=self.boss, employment=post, until_on=timezone.localdate())

    def forget(self):
        set_clocks(actor=self.boss, months=dict.fromkeys(RetentionKind) | {RetentionKind.INTERACTIONS: 24}, goes_by_itself=True)
        list_due(today=timezone.localdate(), tell=lambda _: None)

    def erase(self):
        person = self.draw.choice(self.people)
        if person.pk not in self.erased:
            self.erased.add(person.pk)
            person.refresh_from_db()
            erase_contact(actor=self.boss, contact=person, reason="Asked", typed=person.name)


setattr(Life, "import", Life.import_)  # a word of the language, and the word for it


@pytest.mark.parametrize("seed", range(4))
def test_after_any_writes_the_stored_instants_are_those_of_the_entries(world, tmp_path, settings, seed):
    settings.OPENKAM_HOME = tmp_path
    life, done = Life(world, seed), []
    for _ in range(25):
        done.append(life.step())
        assert wrong() == [], done
    assert reckon_all_last_contacts(tell=lambda _: None) == 0
    Employment.objects.update(last_contact_at=NOW, last_open_contact_at=None)
    count = Employment.objects.count()
    assert reckon_all_last_contacts(tell=lambda _: None) == count
    assert wrong() == []


def test_each_write_by_name_keeps_them_right(world):
    before, later = NOW - timedelta(days=9), NOW - timedelta(days=2)
    mail(world.own, world.manager, world.anna, before)
    entry = mail(world.own, world.manager, world.anna, later)
    assert stored(world.anna, world.own) == (later, later)
    remove_interaction(actor=world.manager, interaction=entry)
    assert stored(world.anna, world.own) == (before, before)
    begin_employment(actor=world.manager, contact=world.anna, account=world.own, details=PostDetails())
    assert set(Employment.objects.filter(contact=world.anna).values_list("last_contact_at", flat=True)) == {before}
    told = Entry.objects.filter(record_type="relationships.employment").values_list("before", "after")
    assert not any("contact_at" in name for pair in told for values in pair for name in values)


def test_a_private_entry_moves_nobody_in_the_list_of_a_colleague(world, signed_in):
    colleague = user(Role.MANAGER, name="Colleague")
    share_account(actor=world.manager, account=world.own, user=colleague)
    bo = contact(world.own, "Bo Lind", actor=world.manager)
    day = timezone.localdate() - timedelta(days=3)
    mail(world.own, world.manager, world.anna, NOW - timedelta(days=9))
    mail(world.own, world.manager, bo, NOW - timedelta(days=20))
    interaction(world.own, actor=world.manager, theirs=[bo], at=NOW - timedelta(days=1), is_private=True)
    never = contact(world.own, "Cy Never", actor=world.manager)

    def names(reader, *, is_descending=True):
        posts = by_last_contact(reader, visible_employments(reader), is_descending=is_descending)
        return [post.contact for post in posts.filter(account=world.own)]

    def silent(reader):
        return {post.contact for post in untouched_since(reader, visible_employments(reader).filter(account=world.own), day)}

    assert names(world.manager) == [bo, world.anna, never]
    assert names(colleague) == [world.anna, bo, never]
    assert names(colleague, is_descending=False) == [bo, world.anna, never]
    assert silent(world.manager) == {world.anna, never}
    assert silent(colleague) == {world.anna, bo, never}
    head = user(Role.HEAD, scope=Scope.ALL)
    assert names(head) == names(colleague)
    page = signed_in(colleague).get(reverse("relationships:contacts"), {"sort": "-last_contact"}).content.decode()
    assert page.index("Anna Berg") < page.index("Bo Lind") < page.index("Cy Never")


def test_the_order_of_the_list_is_read_from_an_index(world):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    for is_descending, index in ((True, "relationships_latest_contact"), (False, "relationships_oldest_contact")):
        posts = Employment.objects.filter(until_on=None)
        plan = by_last_contact(user(Role.HEAD, scope=Scope.ALL), posts, is_descending=is_descending)[:50].explain()
        assert index in plan


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first_is_later", [True, False])
def test_of_two_that_write_at_once_neither_loses_the_others_entry(world, first_is_later):
    person = contact(world.own, "Ines Hu", actor=world.manager)
    boss = user(Role.ADMINISTRATOR)
    days = [NOW - timedelta(days=1), NOW - timedelta(days=9)]
    early, late = days if first_is_later else reversed(days)
    has_written = Event()

    def write(at, *, is_first):
        try:
            assert is_first or has_written.wait(10)
            with transaction.atomic():
                interaction(world.own, actor=boss, theirs=[person], at=at)
                if is_first:
                    has_written.set()
                    sleep(0.3)  # the other comes while this one has written and not ended
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        written = [pool.submit(write, early, is_first=True), pool.submit(write, late, is_first=False)]
    assert [one.result() for one in written] == [None, None]
    assert Interaction.objects.count() == 2
    assert wrong() == []
    assert stored(person, world.own) == (days[0], days[0])
