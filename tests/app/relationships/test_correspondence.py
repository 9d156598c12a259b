"""Files of mails and appointments: what comes to the timelines, what never does, twice, undone, and whose they are."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.factories.contacts import contact
from tests.factories.correspondence import Letter, mbox, sent, taken_in
from tests.factories.interactions import promise
from tests.factories.people import user
from tests.factories.runs import work_off

from openkam.app.audit.models import Entry
from openkam.app.people.terms import Role
from openkam.app.relationships.models import Contact, ContactProposal, CorrespondenceImport, Interaction
from openkam.app.relationships.operations import timeline_entries
from openkam.app.relationships.operations.contacts import Reach
from openkam.app.relationships.operations.correspondence import (
    receive_correspondence,
    remove_expired_files,
    take_in_file,
    undo_correspondence,
)
from openkam.app.relationships.operations.interactions import remove_interaction
from openkam.app.relationships.operations.proposals import accept_proposal, ignore_proposal
from openkam.app.relationships.queries.dialogue import dialogue_of
from openkam.app.relationships.terms import InteractionKind, Origin, PointKind, ProposalState
from openkam.app.runs.models import Run
from openkam.app.runs.operations import cancel_run, start_again
from openkam.app.runs.terms import RunStatus


@pytest.fixture
def home(tmp_path, settings):
    settings.OPENKAM_HOME = tmp_path
    return tmp_path


@pytest.fixture
def ours(world, home):
    """The manager's address; Ben works at their account, Sven at the stranger's."""
    contact(world.own, "Ben", reach=[Reach(PointKind.MAIL, "Ben@Toys.Example")])
    contact(world.foreign, "Sven", reach=[Reach(PointKind.MAIL, "sven@unseen.example")])
    return world.manager.email


def month(ours):
    """One mail of every kind."""
    return [
        Letter(1, ours, "Ben <ben@toys.example>"),
        Letter(2, "Neu <new@toys.example>", f"{ours}, sven@unseen.example"),
        Letter(1, ours, "ben@toys.example"),
        Letter(3, ours, ours.replace("@", "@elsewhere.")),
        Letter(4, ours, "sven@unseen.example"),
        Letter(5, "ben@toys.example", ours, more=["Auto-Submitted: auto-replied"]),
        Letter(6, "ben@toys.example", ours, at=timezone.now() + timedelta(days=9)),
        Letter(7, "=cmd()", ours),
        Letter(8, "ben@toys.example", "lawyer@law.example"),
    ]


def files(home: Path):
    return [path for path in (home / "files" / "correspondence").rglob("*") if path.is_file()]


def test_a_month_of_mail_comes_to_the_timelines_once_and_without_its_texts(world, ours, home):
    made = taken_in(world.manager, mbox(*month(ours)), keeps_subjects=False)

    expected = {
        "read": 9, "taken": 2, "known": 0, "repeated": 1, "left_out": 1, "internal": 0, "no_account": 1, "none_of_ours": 1,
        "not_yours": 1, "refused": 2, "entries": 2,
    }  # fmt: skip
    assert {name: made.counts[name] for name in expected} == expected
    assert made.counts["read"] == sum(made.counts[name] for name in list(expected)[1:-1])
    assert sorted(made.counts["reasons"]) == ["a date in the future", "no sender that can be read", "written by a machine"]
    first, second = Interaction.objects.filter(account=world.own).order_by("-at")
    assert (first.kind, first.began_by, first.origin, first.external_id) == (
        InteractionKind.MAIL,
        "ours",
        Origin.IMPORTED,
        "1@mail.example",
    )
    assert [(str(one), one.part) for one in first.participants.all()] == [(world.manager.name, "from"), ("Ben", "to")]
    # Sven, who read along, belongs to somebody else's account: this one's readers are not told.
    assert [str(one) for one in second.participants.all()] == [world.manager.name, "new@toys.example"]
    assert not Interaction.objects.exclude(account=world.own).exists()
    assert first.subject == ""
    assert files(home) == []
    assert made.stored == ""
    entries = list(Entry.objects.values_list("verb", flat=True))
    assert entries.count("took in correspondence") == 1

    again = taken_in(world.manager, mbox(*month(ours)))
    assert (again.counts["taken"], again.counts["known"], again.counts["entries"]) == (0, 2, 0)
    assert Interaction.objects.count() == 2
    assert take_in_file(actor=world.manager, import_id=made.pk, run_id=1, tell=lambda *_: None) == made.counts


def test_an_appointment_is_a_meeting(world, ours, home):
    calendar = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-\nBEGIN:VEVENT\nUID:m1\nDTSTAMP:20160101T000000Z\nSUMMARY:Prices\n"
        f"DTSTART:{timezone.now() - timedelta(days=3):%Y%m%dT%H%M00Z}\nDURATION:PT45M\nATTENDEE:mailto:ben@toys.example\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    )
    made = taken_in(world.manager, calendar.encode(), "calendar.ics", keeps_subjects=True)
    (met,) = Interaction.objects.all()
    assert (made.counts["taken"], met.kind, met.subject, met.duration_minutes) == (1, InteractionKind.MEETING, "Prices", 45)
    assert [(str(one), one.part) for one in met.participants.all()] == [(world.manager.name, "present"), ("Ben", "present")]


def test_an_import_is_undone_as_a_whole_and_can_be_made_again(world, ours, home):
    made = taken_in(world.manager, mbox(*month(ours)))
    removed, kept = Interaction.objects.order_by("-at")
    remove_interaction(actor=world.manager, interaction=removed)
    given = promise(world.own, actor=world.manager, interaction=kept)

    assert undo_correspondence(actor=world.manager, brought_by=made, reason="Wrong file") == 1
    given.refresh_from_db()
    assert given.interaction is None
    assert list(Interaction.objects.all()) == [removed]
    assert not ContactProposal.objects.exists()
    with pytest.raises(ValidationError, match="nothing to undo"):
        undo_correspondence(actor=world.manager, brought_by=made)
    again = taken_in(world.manager, mbox(*month(ours)))
    # What somebody removed by hand does not come back.
    assert (again.counts["taken"], again.counts["known"]) == (1, 1)


def test_the_unknown_are_proposed_and_become_contacts_only_by_a_decision(world, ours, home):
    taken_in(world.manager, mbox(*month(ours)))
    assert not Contact.objects.filter(points__value="new@toys.example").exists()
    found = ContactProposal.objects.get()
    assert (found.account, found.address, found.name) == (world.own, "new@toys.example", "Neu")
    person = accept_proposal(actor=world.manager, proposal=found, name="Nora Neu")
    assert [
        one.contact.name for one in Interaction.objects.get(participants__contact=person).participants.exclude(contact=None)
    ] == ["Nora Neu"]
    assert {pair.theirs.name for pair in dialogue_of(world.manager, world.own, timezone.now()).pairs} == {"Ben", "Nora Neu"}
    with pytest.raises(ValidationError, match="meanwhile"):
        ignore_proposal(actor=world.manager, proposal=found)

    taken_in(world.manager, mbox(Letter(20, "other@toys.example", ours)))
    other = ContactProposal.objects.get(address="other@toys.example")
    ignore_proposal(actor=world.manager, proposal=other)
    taken_in(world.manager, mbox(Letter(21, "other@toys.example", ours)))
    other.refresh_from_db()
    assert other.state == ProposalState.IGNORED
    assert ContactProposal.objects.count() == 2


@pytest.mark.usefixtures("transactional_db")
def test_a_cancelled_a_broken_and_a_lost_run_leave_nothing_and_start_again(world, ours, home, monkeypatch):
    made = sent(world.manager, mbox(*month(ours)))
    cancel_run(actor=world.manager, run=made.run)
    work_off()
    assert not Interaction.objects.exists()

    def broken(*_):
        raise ZeroDivisionError

    with monkeypatch.context() as fault:
        fault.setattr(timeline_entries, "_participant", broken)
        start_again(actor=world.manager, run=made.run)
        work_off()
    made.refresh_from_db()
    assert made.run.status == RunStatus.FAILED
    assert not Interaction.objects.exists()
    # The worker of this run died right after the import was written.
    Run.objects.filter(pk=made.run_id).update(status=RunStatus.LOST)
    take_in_file(actor=world.manager, import_id=made.pk, run_id=made.run_id, tell=lambda *_: None)
    done = start_again(actor=world.manager, run=made.run)
    work_off()
    done.refresh_from_db()
    assert (done.status, done.outcome["entries"]) == (RunStatus.DONE, 2)
    assert Interaction.objects.count() == 2


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (("all.zip", b"PK\x03\x04", 4), "packed"),
        (("all.mbox", b"", 0), "is empty"),
        (("all.mbox", None, 2 * 1024**3), "larger than 1,024 MiB"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_before_anything_is_kept(world, home, file, words):
    name, content, size = file

    def chunks():
        assert content is not None, "a file that is too large is not read"
        yield content

    with pytest.raises(ValidationError, match=words):
        receive_correspondence(actor=world.manager, name=name, chunks=chunks(), size=size)
    assert files(home) == []
    assert not CorrespondenceImport.objects.exists()


@pytest.mark.usefixtures("transactional_db")
def test_a_file_that_nobody_took_up_again_is_removed(world, ours, home):
    made = sent(world.manager, mbox(*month(ours)))
    assert len(files(home)) == 1
    assert remove_expired_files(now=timezone.now() + timedelta(days=6)) == 0
    assert remove_expired_files(now=timezone.now() + timedelta(days=8)) == 1
    assert files(home) == []
    work_off()
    made.run.refresh_from_db()
    assert "send it again" in made.run.failure


def test_nobody_else_sees_an_import_nor_decides_for_another_account(world, ours, home, signed_in):
    made = taken_in(world.manager, mbox(*month(ours)))
    found = ContactProposal.objects.get()
    head = user(Role.HEAD, scope="all")
    for person in (world.stranger, head):
        client = signed_in(person)
        for name in ("correspondence_import", "undo_correspondence", "refused_correspondence"):
            path = reverse(f"relationships:{name}", args=[made.pk])
            assert client.get(path).status_code == 404
            assert client.post(path).status_code in (404, 405)
        assert b"mail.mbox" not in client.get(reverse("relationships:correspondence")).content
    client = signed_in(world.stranger)
    assert client.get(reverse("relationships:accept_proposal", args=[found.pk])).status_code == 404
    assert client.post(reverse("relationships:ignore_proposal", args=[found.pk])).status_code == 404
    assert found == ContactProposal.objects.get(state=ProposalState.OPEN)
    reader = user(Role.READ_ONLY, scope="all")
    assert signed_in(reader).get(reverse("relationships:correspondence")).status_code == 403
    with pytest.raises(PermissionDenied):
        receive_correspondence(actor=reader, name="a.mbox", chunks=[b"x"], size=1)


@pytest.mark.usefixtures("transactional_db")
def test_the_pages_from_the_file_to_the_undo(world, ours, home, signed_in):
    client = signed_in(world.manager)
    here = reverse("relationships:correspondence")
    assert "Nothing was taken in yet" in client.get(here).text
    assert client.post(here, {}).status_code == 422
    refused = client.post(here, {"file": SimpleUploadedFile("a.zip", b"PK\x03\x04")})
    assert refused.status_code == 422
    assert "is packed" in refused.text
    answer = client.post(here, {"file": SimpleUploadedFile("mail.mbox", mbox(*month(ours)))}, follow=True)
    assert "Nothing is on the timelines yet" in answer.text
    made = CorrespondenceImport.objects.get()
    work_off()
    page = client.get(reverse("relationships:correspondence_import", args=[made.pk])).text
    for words in (
        "Taken in",
        "Not yours",
        "Refused",
        "Neu",
        "new@toys.example",
        "No sender that can be read",
        "on the timelines",
    ):
        assert words in page
    assert "unseen" not in page.lower()
    lines = b"".join(client.get(reverse("relationships:refused_correspondence", args=[made.pk]))).decode().splitlines()
    assert lines[0] == "place,reason,message id,found"
    assert lines[2].endswith(",'=cmd()")
    with CaptureQueriesContext(connection) as one:
        client.get(here)
    for number in (50, 51):
        sent(world.manager, mbox(Letter(number, ours, "ben@toys.example")))
    with CaptureQueriesContext(connection) as three:
        assert client.get(here).text.count("mail.mbox") >= 3
    assert len(one) == len(three) == 5
    found = ContactProposal.objects.get()
    accept = reverse("relationships:accept_proposal", args=[found.pk])
    assert 'value="Neu"' in client.get(accept).text
    assert client.post(accept, {"name": ""}).status_code == 422
    assert client.post(accept, {"name": "Nora Neu"}).url == reverse("relationships:people", args=[world.own.pk])
    undo = reverse("relationships:undo_correspondence", args=[made.pk])
    assert client.post(undo, {"reason": ""}, follow=True).status_code == 200
    assert client.post(undo, {"reason": ""}).status_code == 422
    assert "undone" in client.get(here).text
