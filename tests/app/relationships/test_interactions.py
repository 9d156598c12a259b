"""Interactions: logged, amended, removed, each in the audit; seen by who sees the account, private ones by manager and team."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from tests.factories.contacts import contact
from tests.factories.interactions import AT, interaction, mail
from tests.factories.people import team, user

from openkam.app.audit.models import Entry
from openkam.app.audit.queries import entries
from openkam.app.people.terms import Role
from openkam.app.relationships.models import Interaction, Participant
from openkam.app.relationships.operations.interactions import (
    InteractionDetails,
    Party,
    amend_interaction,
    log_interaction,
    remove_interaction,
)
from openkam.app.relationships.queries.interactions import interaction as interaction_of
from openkam.app.relationships.queries.interactions import timeline_of, visible_interactions
from openkam.app.relationships.terms import InteractionKind, Part, Side

CALL = InteractionDetails(InteractionKind.CALL, AT, duration_minutes=30, subject=" About  delivery ", our_talk_minutes=20)


def log(world, details=CALL, parties=None, **fields):
    people = [Party(Part.PRESENT, user=world.manager), Party(Part.PRESENT, contact=world.anna)] if parties is None else parties
    return log_interaction(actor=world.manager, account=world.own, details=details, parties=people, **fields)


def test_a_call_is_kept_with_who_took_part(world):
    made = log(world)

    assert [(str(one), one.side) for one in made.participants.all()] == [("Kayla", Side.OURS), ("Anna Berg", Side.THEIRS)]
    assert (made.subject, made.their_talk_minutes, made.began_by) == ("About delivery", None, "")
    entry = Entry.objects.get(record_type="relationships.interaction")
    assert (entry.verb, entry.record_name) == ("logged", "Call: About delivery")
    assert entry.after["participants"] == "Kayla (present), Anna Berg (present)"


def test_what_is_to_come_has_not_happened(world):
    with pytest.raises(ValidationError) as refused:
        log(world, replace(CALL, at=timezone.now() + timedelta(hours=1)))
    assert "has not happened yet" in refused.value.message_dict["at"][0]


def test_a_contact_has_somebody_of_theirs_and_a_note_needs_nobody(world):
    with pytest.raises(ValidationError):
        log(world, parties=[Party(Part.PRESENT, user=world.manager)])
    assert log(world, InteractionDetails(InteractionKind.NOTE, AT, note="Quiet"), []).participants.count() == 0
    made = log(world, parties=[Party(Part.PRESENT, address=" New@Example.org")])
    assert made.participants.get().address == "new@example.org"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": InteractionKind.MAIL},
        {"duration_minutes": 10},
        {"subject": "x" * 301},
    ],
)
def test_what_cannot_be_is_refused(world, wrong):
    with pytest.raises(ValidationError):
        log(world, replace(CALL, **wrong))
    assert not Interaction.objects.exists()


def test_only_people_of_the_account_take_part_and_one_writes(world):
    with pytest.raises(ValidationError) as refused:
        log(world, parties=[Party(Part.PRESENT, contact=world.secret)])
    assert "never held a post" in refused.value.message_dict["contacts"][0]
    words = InteractionDetails(InteractionKind.MAIL, AT, began_by=Side.THEIRS)
    with pytest.raises(ValidationError):
        log(world, words, [Party(Part.FROM, user=world.manager), Party(Part.TO, contact=world.anna)])
    with pytest.raises(ValidationError):
        log(world, words, [Party(Part.FROM, contact=world.anna), Party(Part.FROM, contact=contact(world.own))])


def test_the_same_person_takes_part_once(world):
    made = log(world, parties=[Party(Part.PRESENT, contact=world.anna)] * 2)
    assert made.participants.count() == 1


def test_the_database_holds_one_person_a_row_and_one_mail_an_account(world):
    made = log(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.create(interaction=made, user=world.manager, contact=world.anna, side=Side.OURS, part=Part.PRESENT)
    Interaction.objects.filter(pk=made.pk).update(external_id="<a@b>")
    with pytest.raises(IntegrityError), transaction.atomic():
        Interaction.objects.create(account=world.own, kind="mail", at=AT, external_id="<a@b>")
    Interaction.objects.create(account=world.foreign, kind="mail", at=AT, external_id="<a@b>")


def test_an_amendment_replaces_who_took_part_and_says_what_changed(world):
    made = log(world)
    ben = contact(world.own, "Ben")
    amend_interaction(
        actor=world.manager, interaction=made, details=replace(CALL, subject="Prices"), parties=[Party(Part.PRESENT, contact=ben)]
    )

    assert [one.contact for one in made.participants.all()] == [ben]
    entry = Entry.objects.get(verb="amended")
    assert entry.before == {"subject": "About delivery", "participants": "Kayla (present), Anna Berg (present)"}
    assert entry.after == {"subject": "Prices", "participants": "Ben (present)"}


def test_a_removed_entry_counts_no_more_and_cannot_be_amended(world):
    made = log(world)
    remove_interaction(actor=world.manager, interaction=made, reason="Twice")

    assert not timeline_of(world.manager, world.own).exists()
    assert Interaction.objects.get().removed_at is not None
    assert Entry.objects.get(verb="removed").reason == "Twice"
    with pytest.raises(ValidationError):
        amend_interaction(actor=world.manager, interaction=made, details=CALL)


def test_a_colleagues_interactions_are_not_there(world):
    hidden = interaction(world.foreign, theirs=[world.secret], subject="Secret price")

    assert not visible_interactions(world.manager).exists()
    with pytest.raises(Http404):
        interaction_of(world.manager, hidden.pk)
    assert interaction_of(world.stranger, hidden.pk) == hidden
    assert not entries(world.manager).filter(record_type="relationships.interaction").exists()


def test_a_private_entry_is_read_by_manager_and_team_alone(world):
    head, member = user(Role.HEAD), user(Role.TEAM_MEMBER)
    world.own.team = team(member)
    world.own.save()
    made = log(world, replace(CALL, subject="He drinks"), is_private=True)

    assert list(timeline_of(head, world.own)) == []
    assert [list(timeline_of(one, world.own)) for one in (world.manager, member)] == [[made], [made]]
    remove = {"actor": head, "interaction": made}
    for refused in (
        lambda: log_interaction(actor=user(Role.ADMINISTRATOR), account=world.own, details=CALL, is_private=True),
        lambda: amend_interaction(details=CALL, **remove),
        lambda: remove_interaction(**remove),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    amend_interaction(
        actor=member, interaction=made, details=replace(CALL, subject="Still"), parties=[Party(Part.PRESENT, contact=world.anna)]
    )
    remove_interaction(actor=member, interaction=made, reason="He asked")
    told = [f"{one.verb} {one.record_name} {one.before} {one.after} {one.reason}" for one in Entry.objects.all()]
    assert [words for words in told if "drinks" in words or "Still" in words or "asked" in words] == []
    assert len([words for words in told if "a private entry" in words]) == 3


def test_who_may_not_edit_writes_nothing(world):
    reader, made = user(Role.READ_ONLY), log(world)
    count = Entry.objects.count()
    for write in (
        lambda: log_interaction(actor=reader, account=world.own, details=CALL),
        lambda: amend_interaction(actor=reader, interaction=made, details=CALL),
        lambda: remove_interaction(actor=reader, interaction=made),
    ):
        with pytest.raises(PermissionDenied):
            write()
    assert Entry.objects.count() == count


@pytest.mark.parametrize("count", [1, 3])
def test_a_timeline_takes_as_many_queries_for_three_entries_as_for_one(world, django_assert_num_queries, count):
    for day in range(count):
        mail(world.own, world.manager, world.anna, AT + timedelta(days=day))
    with django_assert_num_queries(2):
        found = [[str(one) for one in each.participants.all()] for each in timeline_of(world.manager, world.own)]
    assert found == [["Kayla", "Anna Berg"]] * count
