"""A month of mail, from the file to what it tells, and back: on a desk; its pages on a phone and in the dark too."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.factories.contacts import contact
from tests.factories.correspondence import Letter, brought_mail, mbox
from tests.factories.runs import work_off
from tests.factories.small_company import SmallCompany, small_company
from tests.journeys.conftest import OpenPage, look_problems

from openkam.app.relationships.models import Contact, Interaction, Mailbox, MailboxFolder
from openkam.app.relationships.operations.contacts import Reach
from openkam.app.relationships.terms import PointKind

pytestmark = [pytest.mark.browser, pytest.mark.any_database]


@pytest.fixture
def firm(transactional_db: None, tmp_path: Path, settings: Any) -> SmallCompany:
    """The small company, in a workspace of its own; Anna buys for the manager's account."""
    settings.OPENKAM_HOME = tmp_path
    made = small_company()
    contact(made.own, "Anna Berg", reach=[Reach(PointKind.MAIL, "anna@tailspin.example")])
    return made


def test_a_month_of_mail_tells_a_monologue_and_is_undone(open_page: OpenPage, firm: SmallCompany, tmp_path: Path) -> None:
    ours, now = firm.manager.email, timezone.now()
    letters = [
        Letter(n, ours, "anna@tailspin.example, Nora Neu <nora@tailspin.example>", now - timedelta(days=n)) for n in range(1, 28)
    ]
    answers = [Letter(30, "anna@tailspin.example", ours, now - timedelta(days=9)), Letter(31, "", ours)]
    (tmp_path / "may.mbox").write_bytes(mbox(*letters, *answers))

    page = open_page(f"/relationships/accounts/{firm.own.pk}/timeline/", person=firm.manager)
    page.get_by_role("link", name="Mails and calendars").click()
    page.get_by_label("Mailbox, mail or calendar").set_input_files(tmp_path / "may.mbox")
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_text("Nothing is on the timelines yet")).to_be_visible()
    work_off()
    page.reload()
    expect(page.get_by_role("row", name="Taken in 28")).to_be_visible()
    expect(page.get_by_role("row", name="Refused 1")).to_be_visible()
    page.get_by_role("link", name="Add nora@tailspin.example as a contact").click()
    expect(page.get_by_label("Name")).to_have_value("Nora Neu")
    page.get_by_role("button", name="Add the contact").click()
    expect(page.get_by_role("link", name="Nora Neu")).to_be_visible()
    page.get_by_role("link", name="Timeline").click()
    expect(page.get_by_text("A monologue: we wrote")).to_be_visible()

    page.get_by_role("link", name="Mails and calendars").click()
    page.get_by_role("link", name="may.mbox").click()
    page.get_by_role("link", name="Undo the import").click()
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("undone", exact=True)).to_be_visible()
    assert not Interaction.objects.exists()
    assert Contact.objects.filter(name="Nora Neu").exists()


def test_its_pages_fit_and_are_accessible(open_page: OpenPage, firm: SmallCompany) -> None:
    made, proposed = brought_mail(firm.manager, firm.own, "Bernardo Fernández de la Torre")
    box = Mailbox.objects.create(
        owner=firm.manager,
        host="imap.a-long-name-of-a-provider.example",
        user_name="kayla.woodcock@wideworldimporters.example",
        failure="The provider refused the user or the password: enter them again.",
        counts=made.counts,
    )
    names = ["INBOX", "Sent", "Customers/North America/Tailspin Toys and their subsidiaries"]
    MailboxFolder.objects.bulk_create(MailboxFolder(mailbox=box, name=name, label=name, is_chosen=True) for name in names)
    room = "/relationships"
    paths = [
        f"{room}/correspondence/",
        f"{room}/correspondence/{made.pk}/",
        f"{room}/proposals/{proposed.pk}/accept/",
        f"{room}/mailboxes/{box.pk}/",
        f"{room}/mailboxes/connect/",
    ]
    for size in ("desk", "phone"):
        page = open_page(paths[0], person=firm.manager, size=size)
        assert [problem for path in paths for problem in look_problems(page, path)] == []
