"""Mailboxes read from a real server: what comes, what is left untouched, how a reading goes on, and whose they are."""

import logging

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from tests.factories.contacts import contact
from tests.factories.correspondence import Letter
from tests.factories.mail_server import PASSWORD, USER, MailServer, mail_server
from tests.factories.people import user

from openkam.analytics.terms import OpenKamError
from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.relationships.models import CorrespondenceImport, Interaction, Mailbox
from openkam.app.relationships.operations import mailbox_reading
from openkam.app.relationships.operations.contacts import Reach
from openkam.app.relationships.operations.correspondence import undo_correspondence
from openkam.app.relationships.operations.imap_session import check_host, label_of
from openkam.app.relationships.operations.mailbox_reading import read_mailbox_folders
from openkam.app.relationships.operations.mailboxes import (
    MailboxDetails,
    choose_folders,
    connect_mailbox,
    forget_mailbox,
    request_all_readings,
    request_reading,
)
from openkam.app.relationships.operations.sealed import seal, unseal
from openkam.app.relationships.terms import MAILBOXES_KIND, Origin, PointKind
from openkam.app.runs.models import Run, Schedule
from openkam.app.runs.terms import TransientFaultError


@pytest.fixture(scope="module")
def server():
    with mail_server() as running:
        yield running


@pytest.fixture
def near(server, world, settings, tmp_path, monkeypatch):
    """The server trusted and allowed; the manager's address is that of the mailbox, and Ben works at their account."""
    settings.OPENKAM_HOME, settings.OPENKAM_MAILBOX_ANY_HOST = tmp_path, True
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    User.objects.filter(pk=world.manager.pk).update(email=USER)
    world.manager.refresh_from_db()
    contact(world.own, "Ben", reach=[Reach(PointKind.MAIL, "ben@toys.example")])
    return server


def details(server: MailServer, **changed: object) -> MailboxDetails:
    given = {"host": "localhost", "port": server.port, "user_name": USER, "password": PASSWORD} | changed
    return MailboxDetails(**given)


def read(mailbox, tell=lambda *_: None):
    return read_mailbox_folders(actor=mailbox.owner, mailbox_id=mailbox.pk, tell=tell)


def test_a_mailbox_from_its_connection_to_its_end(near, world, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    with near.session() as session:
        session.create('"Verkauf &- Eink&AOQ-ufe"')
    near.deliver(*[Letter(n, USER, "ben@toys.example").text() for n in range(1, 6)], "no header\n\nat all")
    mailbox = connect_mailbox(actor=world.manager, details=details(near))
    assert [(one.label, one.is_chosen) for one in mailbox.folders.all()] in (
        [("Verkauf & Einkäufe", False), ("INBOX", True)], [("INBOX", True), ("Verkauf & Einkäufe", False)]
    )  # fmt: skip
    assert Schedule.objects.filter(kind=MAILBOXES_KIND).count() == 1

    # Cut off after the second slice of two: what was written stays, and the next reading goes on behind it.
    monkeypatch.setattr(mailbox_reading, "SLICE", 2)
    slices = []

    def cut_off(words, share):
        slices.append(words)
        if len(slices) == 3:
            raise TransientFaultError("The line broke.")

    with pytest.raises(TransientFaultError):
        read(mailbox, cut_off)
    mailbox.refresh_from_db()
    assert (Interaction.objects.count(), mailbox.failure, mailbox.read_at) == (4, "The line broke.", None)
    counts = read(mailbox)
    mailbox.refresh_from_db()
    assert (counts["read"], counts["taken"], counts["refused"]) == (2, 1, 1)
    assert (Interaction.objects.count(), mailbox.failure, mailbox.counts["read"]) == (5, "", 2)
    assert {(one.origin, one.subject, one.account) for one in Interaction.objects.all()} == {(Origin.MAILBOX, "", world.own)}
    assert read(mailbox)["read"] == 0

    # The folder is numbered anew, with the same mails and one more: nothing comes twice.
    folder = '"Verkauf &- Eink&AOQ-ufe"'
    choose_folders(actor=world.manager, mailbox=mailbox, folders=mailbox.folders.values_list("pk", flat=True))
    near.deliver(Letter(1, USER, "ben@toys.example").text(), folder=folder)
    assert (read(mailbox)["known"], Interaction.objects.count()) == (1, 5)
    with near.session() as session:
        session.delete(folder)
        session.create(folder)
    near.deliver(*[Letter(n, USER, "ben@toys.example").text() for n in (1, 7)], folder=folder)
    counts = read(mailbox)
    assert (counts["read"], counts["known"], counts["taken"]) == (2, 1, 1)

    with near.session() as session:
        session.select("INBOX", readonly=True)
        _, flags = session.fetch("1:*", "(FLAGS)")
        assert all(b"\\Seen" not in line for line in flags)
        session.delete(folder)
    with pytest.raises(OpenKamError, match="Verkauf & Einkäufe is not there any more"):
        read(mailbox)
    for made in CorrespondenceImport.objects.filter(undone_at=None):
        undo_correspondence(actor=world.manager, brought_by=made)
    assert not Interaction.objects.exists()
    inbox = mailbox.folders.get(name="INBOX")
    choose_folders(actor=world.manager, mailbox=mailbox, folders=[inbox.pk], reads_again=True)
    assert read(mailbox)["taken"] == 5

    said = str(list(Entry.objects.values_list("before", "after"))) + caplog.text + str(list(Run.objects.values()))
    assert PASSWORD not in said
    assert PASSWORD not in Mailbox.objects.get().sealed_password
    forget_mailbox(actor=world.manager, mailbox=mailbox)
    assert Interaction.objects.count() == 5


def test_what_the_server_refuses_says_what_to_do(near, world, settings, monkeypatch):
    for changed, words in (
        ({"password": "wrong"}, "refused the user or the password"),
        ({"port": 1}, "does not answer at port 1"),
        ({"host": "127.0.0.1"}, "shows no valid certificate"),
    ):
        with pytest.raises(ValidationError, match=words):
            connect_mailbox(actor=world.manager, details=details(near, **changed))
    assert not Mailbox.objects.exists()
    mailbox = connect_mailbox(actor=world.manager, details=details(near))
    with pytest.raises(ValidationError, match="already exists"):
        connect_mailbox(actor=world.manager, details=details(near))
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(OpenKamError, match="enter it again"):
        read(mailbox)
    mailbox.refresh_from_db()
    assert mailbox.failure.endswith("enter it again.")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "169.254.169.254", "fe80::1", "0.0.0.0", "::ffff:127.0.0.1"])
def test_no_mailbox_is_read_from_this_machines_own_addresses(settings, host):
    with pytest.raises(OpenKamError, match="this machine's own"):
        check_host(host, 993)
    with pytest.raises(OpenKamError, match="port 993"):
        check_host(host, 6379)
    check_host("192.0.2.1", 993)
    settings.OPENKAM_MAILBOX_ANY_HOST = True
    check_host(host, 6379)


def test_a_sealed_password_tells_nothing_and_opens_again():
    assert seal(PASSWORD) != seal(PASSWORD)
    assert unseal(seal(PASSWORD)) == PASSWORD
    assert [label_of(name) for name in ("&-", "Entw&APw-rfe", "&broken", "&!-")] == ["&", "Entwürfe", "&broken", "&!-"]


def test_all_mailboxes_are_read_for_their_owners_who_may(world):
    for owner in (world.manager, world.stranger, user(Role.READ_ONLY), user(Role.MANAGER, is_active=False)):
        Mailbox.objects.create(owner=owner, host="imap.example.org", user_name="x")
    assert request_all_readings() == 2
    assert request_all_readings() == 0
    assert set(Run.objects.values_list("requested_by", flat=True)) == {world.manager.pk, world.stranger.pk}
    with pytest.raises(ValidationError, match="is being read"):
        request_reading(actor=world.manager, mailbox=Mailbox.objects.get(owner=world.manager))


def test_the_pages_of_a_mailbox_are_its_owners_and_never_show_the_password(near, world, signed_in):
    client, other = signed_in(world.manager), signed_in(user(Role.ADMINISTRATOR))
    form = {"host": "localhost", "port": near.port, "user_name": USER, "password": "wrong"}
    refused = client.post(reverse("relationships:connect_mailbox"), form)
    assert refused.status_code == 422
    assert "refused the user or the password" in refused.text
    assert "wrong" not in refused.text
    assert client.post(reverse("relationships:connect_mailbox"), form | {"password": PASSWORD}).status_code == 302
    mailbox = Mailbox.objects.get()
    here = reverse("relationships:mailbox", args=[mailbox.pk])
    assert client.post(here, {"folders": [mailbox.folders.get(name="INBOX").pk], "reads_again": "on"}).url == here
    assert client.post(here, {"folders": ["999999"]}).status_code == 422
    for name in ("mailbox", "change_mailbox", "forget_mailbox"):
        page = client.get(reverse(f"relationships:{name}", args=[mailbox.pk]))
        assert USER in page.text
        assert mailbox.sealed_password not in page.text
        assert "pässword" not in page.text
    assert USER in client.get(reverse("relationships:correspondence")).text
    assert USER not in other.get(reverse("relationships:correspondence")).text
    for name in ("mailbox", "change_mailbox", "forget_mailbox", "read_mailbox"):
        path = reverse(f"relationships:{name}", args=[mailbox.pk])
        assert other.post(path, form).status_code == 404
    assert client.post(reverse("relationships:read_mailbox", args=[mailbox.pk])).status_code == 302
    assert client.post(reverse("relationships:read_mailbox", args=[mailbox.pk])).url == here
    client.post(reverse("relationships:forget_mailbox", args=[mailbox.pk]))
    assert not Mailbox.objects.exists()
