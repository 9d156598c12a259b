"""Clocks of retention: what is due and what is not, decided by somebody, and nothing in silence."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from tests.factories.contacts import contact
from tests.factories.correspondence import Letter, mbox, taken_in
from tests.factories.interactions import interaction, promise
from tests.factories.people import user
from tests.factories.runs import queued, work_off
from tests.factories.small_company import SmallCompany, small_company
from tests.factories.surveys import answered, survey

from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.relationships.models import Commitment, Contact, Interaction, Response, RetentionCase, RetentionClock
from openkam.app.relationships.operations.contacts import Reach
from openkam.app.relationships.operations.erasure import erase_contact
from openkam.app.relationships.operations.erasure_list import erasures_file
from openkam.app.relationships.operations.retention import erase_due, keep_longer, list_due, set_clocks
from openkam.app.relationships.terms import RETENTION_KIND, CaseState, PointKind, RetentionKind
from openkam.app.runs.models import Schedule
from openkam.app.runs.terms import RunStatus

KINDS = RetentionKind


@pytest.fixture
def firm(db: None, tmp_path: Path, settings: Any) -> SmallCompany:
    settings.OPENKAM_HOME = tmp_path
    return small_company()


def run(day: date) -> dict[str, int]:
    return list_due(today=day, tell=lambda _: None)


def test_contacts_are_due_after_the_last_post_and_the_last_contact(firm: SmallCompany) -> None:
    gone, talked, holds, fresh = (contact(firm.own, actor=firm.manager) for _ in range(4))
    Contact.objects.exclude(pk=fresh.pk).update(created_at=datetime(2015, 1, 1, tzinfo=UTC))
    for one in (gone, talked, fresh):
        one.employments.update(until_on=date(2016, 1, 31))
    interaction(firm.own, actor=firm.manager, theirs=[talked], at=datetime(2017, 2, 1, 9, tzinfo=UTC))
    assert run(date(2019, 3, 1)) == {"open": 0, "gone": 0}
    set_clocks(actor=firm.head, months=dict.fromkeys(KINDS) | {KINDS.CONTACTS: 24}, goes_by_itself=False)
    assert run(date(2018, 1, 31))["open"] == 0
    assert run(date(2018, 2, 1))["open"] == 1
    case = RetentionCase.objects.get()
    assert (case.contact, case.due_since_on, case.count) == (gone, date(2018, 1, 31), 1)
    assert run(date(2019, 3, 1))["open"] == 2
    until = timezone.localdate() + timedelta(days=30)
    with pytest.raises(ValidationError):
        keep_longer(actor=firm.head, case=case, until_on=until, reason=" ")
    with pytest.raises(ValidationError):
        keep_longer(actor=firm.head, case=case, until_on=timezone.localdate(), reason="A claim")
    with pytest.raises(PermissionDenied):
        keep_longer(actor=firm.manager, case=case, until_on=until, reason="A claim")
    keep_longer(actor=firm.head, case=case, until_on=until, reason="A claim is open")
    assert Entry.objects.latest("pk").verb == "kept longer"
    run(until)
    case.refresh_from_db()
    assert case.state == CaseState.KEPT
    run(until + timedelta(days=1))
    case.refresh_from_db()
    assert (case.state, case.kept_until_on, case.reason) == (CaseState.OPEN, None, "")
    with pytest.raises(ValidationError, match="page of their own"):
        erase_due(actor=firm.head, case=case)
    set_clocks(actor=firm.head, months=dict.fromkeys(KINDS), goes_by_itself=False)
    assert run(date(2030, 1, 1))["open"] == 0
    assert not RetentionCase.objects.exists()
    assert Contact.objects.filter(erased_at=None).count() == 4
    assert holds.employments.get().until_on is None


def test_entries_and_answers_go_when_somebody_says_so_with_their_words_in_the_audit(firm: SmallCompany) -> None:
    anna = contact(firm.own, actor=firm.manager)
    old = interaction(firm.own, actor=firm.manager, theirs=[anna], subject="Old plum", note="plum")
    secret = interaction(firm.own, actor=firm.manager, theirs=[anna], subject="Secret plum", is_private=True)
    kept = interaction(firm.own, actor=firm.manager, theirs=[anna], subject="New pear", at=timezone.now())
    promise(firm.own, "Stays", actor=firm.manager, interaction=old)
    promise(firm.own, "Goes", actor=firm.manager, interaction=secret)
    answered(survey(firm.own, [anna]), 9)
    Response.objects.update(answered_on=date(2016, 5, 31))
    months = dict.fromkeys(KINDS, 12)
    set_clocks(actor=firm.head, months=months, goes_by_itself=False)
    assert run(timezone.localdate())["open"] == 2
    with pytest.raises(PermissionDenied):
        erase_due(actor=firm.manager, case=RetentionCase.objects.first())
    counts = {case.kind: erase_due(actor=firm.head, case=case) for case in RetentionCase.objects.all()}
    assert counts == {KINDS.INTERACTIONS: 2, KINDS.ANSWERS: 1}
    assert list(Interaction.objects.values_list("pk", flat=True)) == [kept.pk]
    assert list(Commitment.objects.values_list("text", "interaction")) == [("Stays", None)]
    assert not Response.objects.exists()
    told = str(list(Entry.objects.values_list("record_name", "before", "after", "reason")))
    assert "plum" not in told
    assert "New pear" in told
    assert run(timezone.localdate())["open"] == 0


def test_correspondence_goes_by_itself_only_where_the_setting_says_so(firm: SmallCompany) -> None:
    mail = "anna@tailspin.example"
    contact(firm.own, actor=firm.manager, reach=[Reach(PointKind.MAIL, mail)])
    letters = [Letter(1, mail, firm.manager.email, at=timezone.now() - timedelta(days=500)), Letter(2, mail, firm.manager.email)]
    taken_in(firm.manager, mbox(*letters))
    months = dict.fromkeys(KINDS) | {KINDS.CORRESPONDENCE: 12}
    set_clocks(actor=firm.head, months=months, goes_by_itself=False)
    assert run(timezone.localdate()) == {"open": 1, "gone": 0}
    set_clocks(actor=firm.head, months=months, goes_by_itself=True)
    assert list(RetentionClock.objects.filter(goes_by_itself=True).values_list("kind", flat=True)) == [KINDS.CORRESPONDENCE]
    assert run(timezone.localdate()) == {"open": 0, "gone": 1}
    assert Interaction.objects.count() == 1
    last = Entry.objects.latest("pk")
    assert (last.actor, last.reason, last.after["records"]) == (None, "Its time was over", 1)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_lists_what_is_due_in_few_queries_and_only_of_ones_own(
    firm: SmallCompany, signed_in: Callable[[User], Client], django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        person = contact(firm.foreign, "Secret Buyer", actor=firm.colleague)
        RetentionCase.objects.create(kind=KINDS.CONTACTS, contact=person, due_since_on=date(2016, 5, 31), count=1)
    head = signed_in(firm.head)
    head.get("/relationships/retention/")
    with django_assert_num_queries(5):
        shown = head.get("/relationships/retention/").content.decode()
    assert shown.count("Secret Buyer</a>") == count
    narrow = signed_in(user(Role.HEAD, scope="own"))
    assert "Secret Buyer" not in narrow.get("/relationships/retention/").content.decode()
    case = RetentionCase.objects.first()
    for act in ("keep", "erase"):
        assert narrow.get(f"/relationships/retention/{case.pk}/{act}/").status_code == 404
    assert signed_in(firm.manager).get("/relationships/retention/").status_code == 403


def test_clocks_are_set_and_cases_decided_by_pages(firm: SmallCompany, signed_in: Callable[[User], Client]) -> None:
    head = signed_in(firm.head)
    sent = {"contacts": "36", "correspondence": "24", "interactions": "", "answers": "12", "goes_by_itself": "on"}
    assert "Contacts: 36 months" in head.post("/relationships/retention/clocks/", sent, follow=True).content.decode()
    assert head.post("/relationships/retention/clocks/", {"contacts": "0"}).status_code == 422
    person = contact(firm.own, "Anna Berg", actor=firm.manager)
    case = RetentionCase.objects.create(kind=KINDS.CONTACTS, contact=person, due_since_on=date(2016, 5, 31), count=1)
    path = f"/relationships/retention/{case.pk}"
    assert head.get(f"{path}/erase/")["Location"] == f"/relationships/contacts/{person.pk}/rights/erase/"
    assert head.post(f"{path}/keep/", {"until_on": "2000-01-01", "reason": "x"}).status_code == 422
    assert head.post(f"{path}/keep/", {"until_on": "2999-01-01", "reason": "A lawsuit"}).status_code == 302
    assert "A lawsuit" in head.get("/relationships/retention/?show=kept").content.decode()
    interaction(firm.own, actor=firm.manager, theirs=[person])
    set_clocks(actor=firm.head, months=dict.fromkeys(KINDS) | {KINDS.INTERACTIONS: 12}, goes_by_itself=False)
    run(timezone.localdate())
    due = RetentionCase.objects.get(kind=KINDS.INTERACTIONS)
    assert "Remove every record" in head.get(f"/relationships/retention/{due.pk}/erase/").content.decode()
    assert "1 record removed" in head.post(f"/relationships/retention/{due.pk}/erase/", follow=True).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_nightly_run_lists_and_wipes_once_more_what_was_erased(tmp_path: Path, settings: Any) -> None:
    settings.OPENKAM_HOME = tmp_path
    firm = small_company()
    person = contact(firm.own, "Anna Berg", actor=firm.manager)
    erase_contact(actor=firm.head, contact=person, reason="Asked", typed="Anna Berg")
    erasures_file().unlink()
    call_command("schedule_relations")
    assert Schedule.objects.filter(kind=RETENTION_KIND, is_enabled=True).count() == 1
    run_of = queued(RETENTION_KIND, firm.head)
    work_off()
    run_of.refresh_from_db()
    assert (run_of.status, run_of.outcome) == (RunStatus.DONE, {"open": 0, "gone": 0}), run_of.failure
    assert erasures_file().read_text().count("\n") == 1
