"""Mailboxes of many mails: what waits outside memory comes to the timelines like the rest, and what is looked up once stays right."""

import gc
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone
from tests.factories.contacts import contact
from tests.factories.correspondence import Letter, mbox, taken_in

from openkam.analytics.relationship.correspondence.items import Correspondence, Involved, LeftOut, LeftOutReason, Part
from openkam.analytics.relationship.correspondence.matching import Matched
from openkam.app.relationships.models import (
    ContactProposal,
    CorrespondenceImport,
    Employment,
    ErasedAddress,
    Interaction,
    Participant,
)
from openkam.app.relationships.operations import timeline_entries, waiting_entries
from openkam.app.relationships.operations.contacts import Reach
from openkam.app.relationships.operations.correspondence import undo_correspondence
from openkam.app.relationships.operations.timeline_entries import gather, store
from openkam.app.relationships.operations.waiting_entries import WaitingEntries, waiting_in
from openkam.app.relationships.queries import who_is_known
from openkam.app.relationships.queries.erased_addresses import address_digest
from openkam.app.relationships.queries.who_is_known import known_still, known_to
from openkam.app.relationships.terms import Origin, PointKind

AT = datetime(2016, 5, 2, 11, 30, tzinfo=UTC)


@pytest.fixture
def ours(world, tmp_path, settings):
    """The manager's address; Ben works at their account."""
    settings.OPENKAM_HOME = tmp_path
    contact(world.own, "Ben", reach=[Reach(PointKind.MAIL, "ben@toys.example")])
    return world.manager.email


def mail(number: int) -> Correspondence:
    people = (Involved("kayla@ours.example", "", Part.FROM), Involved(f"ö{number}@toys.example", 'Öz "B"', Part.CC))
    return Correspondence(
        f"{number}@x.example", AT, is_time_known=number % 2 == 0, involved=people, subject="Preise für", thread_key="t"
    )


def matched(number: int) -> dict[int, list[Matched]]:
    first, second = mail(number).involved
    return {7: [Matched(first, user=3, is_ours=True), Matched(second)], 8: [Matched(second, contact=number)]}


def test_what_waits_in_the_file_comes_back_whole_and_in_order_and_leaves_no_name(tmp_path, monkeypatch):
    monkeypatch.setattr(waiting_entries, "ENTRIES_AT_ONCE", 3)
    meeting = Correspondence("m", AT, is_time_known=True, involved=mail(1).involved, is_appointment=True, duration_minutes=45)
    with waiting_in(tmp_path) as entries:
        for number in range(7):
            entries.add(mail(number), matched(number))
        entries.add(meeting, matched(9))
        slices = list(entries.slices())
        assert [len(some) for some in slices] == [3, 3, 2]
        assert list(tmp_path.iterdir()) == []  # what has no name goes with the process that made it
    come = [one for some in slices for one in some]
    assert entries.count == len(come) == 8
    assert [people for _, people in come] == [matched(number) for number in (*range(7), 9)]
    told = ("key", "at", "is_time_known", "subject", "thread_key", "is_appointment", "duration_minutes")
    for (item, _), given in zip(come, [*map(mail, range(7)), meeting], strict=True):
        assert [getattr(item, name) for name in told] == [getattr(given, name) for name in told]


def test_four_times_the_mails_take_no_more_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(waiting_entries, "ENTRIES_AT_ONCE", 50)

    def peak(count: int) -> int:
        gc.collect()
        tracemalloc.start()
        with waiting_in(tmp_path) as entries:
            for number in range(count):
                entries.add(mail(number), matched(number))
            assert sum(len(some) for some in entries.slices()) == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(1600) < 1.3 * peak(400)


def test_an_import_in_many_slices_brings_what_one_slice_brings(world, ours, monkeypatch):
    letters = [
        Letter(1, ours, "Ben <ben@toys.example>"),
        Letter(2, "new@toys.example", ours),
        Letter(3, "ben@toys.example", f"{ours}, Neu <new@toys.example>"),
        Letter(1, ours, "ben@toys.example"),
        Letter(4, ours, "ben@toys.example", more=["In-Reply-To: <3@mail.example>"]),
        Letter(5, "ben@toys.example", ours, subject="Grüße"),
        Letter(6, ours, "third@toys.example"),
    ]

    def stored() -> list[list[tuple[object, ...]]]:
        post = Employment.objects.filter(contact__name="Ben")
        return [
            sorted(Interaction.objects.values_list("account", "at", "began_by", "subject", "thread_key", "external_id")),
            sorted(
                Participant.objects.values_list("interaction__external_id", "user_id", "contact_id", "address", "part"), key=str
            ),
            sorted(ContactProposal.objects.values_list("address", "name")),
            list(post.values_list("last_contact_at", "last_open_contact_at")),
        ]

    file = mbox(*letters)
    whole = taken_in(world.manager, file, keeps_subjects=True)
    expected = stored()
    undo_correspondence(actor=world.manager, brought_by=whole)
    monkeypatch.setattr(waiting_entries, "ENTRIES_AT_ONCE", 2)
    parts = taken_in(world.manager, file, keeps_subjects=True)
    assert stored() == expected
    assert parts.counts == whole.counts
    assert expected[2] == [("new@toys.example", "Neu"), ("third@toys.example", "")]
    assert expected[3][0][0] == max(at for _, at, *_ in expected[0] if at < timezone.now())
    assert taken_in(world.manager, file).counts["known"] == 6
    assert stored() == expected


def test_of_the_refused_only_so_many_wait(world, monkeypatch):
    monkeypatch.setattr(timeline_entries, "MOST_REFUSED_KEPT", 2)
    items = [(place, LeftOut(LeftOutReason.NO_DATE)) for place in range(1, 6)]
    found = gather(world.manager, items, known_to(world.manager), WaitingEntries())
    assert (found.counted.refused, [place for place, _ in found.refused]) == (5, [1, 2])


def test_who_is_known_is_looked_up_anew_after_a_minute_and_at_once_after_an_erasure(world, ours, monkeypatch):
    known = known_to(world.manager)
    contact(world.own, "Cleo", reach=[Reach(PointKind.MAIL, "cleo@toys.example")])
    assert known_still(world.manager, known) is known
    moment = known.looked_up_at + who_is_known.GOOD_FOR_SECONDS
    monkeypatch.setattr(who_is_known, "monotonic", lambda: moment)
    anew = known_still(world.manager, known)
    assert "cleo@toys.example" in anew.directory.posts
    assert "cleo@toys.example" not in known.directory.posts

    ErasedAddress.objects.create(digest=address_digest("ben@toys.example"))
    fresh = known_to(world.manager)
    assert known_still(world.manager, fresh).erased == fresh.erased
    ErasedAddress.objects.create(digest=address_digest("new@toys.example"))
    assert len(known_still(world.manager, fresh).erased) == 2
    # One who was erased between the look and the writing must not come back by it.
    made = CorrespondenceImport.objects.create(name="a", begun_by=world.manager)
    item = (1, Correspondence("k", timezone.now() - timedelta(days=1), is_time_known=True, involved=mail(1).involved))
    found = gather(world.manager, [item], fresh, WaitingEntries())
    with pytest.raises(IntegrityError, match="erased while"):
        store(world.manager, made, found, Origin.IMPORTED, timezone.now())
