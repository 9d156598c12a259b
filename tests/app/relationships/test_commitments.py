"""Promises of both sides: kept, closed with a day, reopened; who reads them; how reliable each side is."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from tests.factories.interactions import interaction, promise
from tests.factories.people import user

from openkam.app.accounts.models import Account
from openkam.app.audit.models import Entry
from openkam.app.people.models import Membership, Team
from openkam.app.people.terms import Role
from openkam.app.relationships.models import Commitment
from openkam.app.relationships.operations.commitments import close_commitment, make_commitment, reopen_commitment
from openkam.app.relationships.operations.interactions import remove_interaction
from openkam.app.relationships.queries.claims import has_own_accounts, own_accounts
from openkam.app.relationships.queries.commitments import commitment, promises_at_risk, promises_of, visible_commitments
from openkam.app.relationships.terms import PromiseState, Side

MADE, DUE = date(2016, 5, 2), date(2016, 5, 31)


@pytest.mark.parametrize(
    ("on", "said", "state"),
    [
        (DUE, PromiseState.KEPT, PromiseState.KEPT),
        (DUE, PromiseState.KEPT_LATE, PromiseState.KEPT),
        (DUE + timedelta(days=1), PromiseState.KEPT, PromiseState.KEPT_LATE),
    ],
)
def test_the_day_tells_whether_it_was_kept_in_time(world, on, said, state):
    made = promise(world.own)
    close_commitment(actor=world.manager, commitment=made, state=said, on=on)
    assert (Commitment.objects.get().state, Commitment.objects.get().closed_on) == (state, on)
    assert Entry.objects.get(verb="closed a promise").after["state"] == state


def test_a_promise_without_a_day_is_never_late(world):
    made = promise(world.own, due_on=None)
    close_commitment(actor=world.manager, commitment=made, state=PromiseState.KEPT, on=date(2026, 1, 1))
    assert Commitment.objects.get().state == PromiseState.KEPT


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": PromiseState.BROKEN, "on": DUE},
        {"state": PromiseState.WITHDRAWN, "on": DUE, "reason": " "},
        {"state": PromiseState.OPEN, "on": DUE},
        {"state": PromiseState.KEPT, "on": MADE - timedelta(days=1)},
        {"state": PromiseState.KEPT, "on": date(2999, 1, 1)},
    ],
)
def test_what_cannot_have_become_of_it_is_refused(world, wrong):
    with pytest.raises(ValidationError):
        close_commitment(actor=world.manager, commitment=promise(world.own), **wrong)
    assert Commitment.objects.get().state == PromiseState.OPEN


def test_a_closed_promise_is_closed_once_and_opened_again(world):
    made = promise(world.own)
    with pytest.raises(ValidationError):
        reopen_commitment(actor=world.manager, commitment=made)
    close = {"actor": world.manager, "commitment": made, "state": PromiseState.BROKEN, "on": DUE, "reason": "No stock"}
    close_commitment(**close)
    with pytest.raises(ValidationError):
        close_commitment(**close)
    reopen_commitment(actor=world.manager, commitment=made)
    found = Commitment.objects.get()
    assert (found.state, found.closed_on, found.reason) == (PromiseState.OPEN, None, "")


def test_who_promises_stands_on_the_side_that_promises(world):
    for wrong in (
        {"by_contact": world.anna},
        {"side": Side.THEIRS, "by_user": world.manager},
        {"side": Side.THEIRS, "by_contact": world.secret},
        {"promised_on": date(2999, 1, 1)},
        {"due_on": MADE - timedelta(days=1)},
        {"interaction": interaction(world.foreign, theirs=[world.secret])},
    ):
        with pytest.raises(ValidationError):
            promise(world.own, **wrong)
    assert promise(world.own, side=Side.THEIRS, by_contact=world.anna).promiser == world.anna
    assert promise(world.own, by_user=world.manager).promiser == world.manager
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.create(account=world.own, side=Side.OURS, text="x", by_contact=world.anna, promised_on=MADE)


def test_each_side_has_its_reliability(world):
    today = date(2016, 6, 30)
    for state in (PromiseState.KEPT, PromiseState.KEPT, PromiseState.BROKEN):
        made = promise(world.own)
        close_commitment(actor=world.manager, commitment=made, state=state, on=DUE, reason="So it was")
    promise(world.own, "Late")
    promise(world.own, side=Side.THEIRS, due_on=today)
    ours, theirs = promises_of(world.manager, world.own, today)

    assert (ours.reliability.share, ours.reliability.due, ours.reliability.overdue) == (0.5, 4, 1)
    assert (theirs.reliability.share, theirs.reliability.due, len(theirs.open)) == (None, 0, 1)
    assert [one.text for one in ours.open] == ["Late"]
    assert (len(ours.closed), ours.closed_count) == (3, 3)


def test_a_colleagues_promises_are_not_there(world):
    hidden = promise(world.foreign)
    assert not visible_commitments(world.manager).exists()
    with pytest.raises(Http404):
        commitment(world.manager, hidden.pk)
    assert promises_at_risk(world.manager, timezone.localdate(), 5) == []
    assert promises_at_risk(world.stranger, timezone.localdate(), 5) == [hidden]
    assert promises_at_risk(world.stranger, DUE - timedelta(days=1), 5) == []


def test_what_is_promised_in_a_private_entry_is_as_private(world):
    entry = interaction(world.own, actor=world.manager, theirs=[world.anna], is_private=True)
    made = promise(world.own, "Hidden word", actor=world.manager, interaction=entry)
    close_commitment(actor=world.manager, commitment=made, state=PromiseState.BROKEN, on=DUE, reason="Hidden word")

    head = user(Role.HEAD)
    assert not visible_commitments(head).exists()
    assert visible_commitments(world.manager).get() == made
    with pytest.raises(PermissionDenied):
        reopen_commitment(actor=head, commitment=made)
    told = [f"{one.record_name} {one.before} {one.after} {one.reason}" for one in Entry.objects.all()]
    assert [words for words in told if "Hidden" in words] == []


def test_with_a_removed_entry_its_promises_are_gone(world):
    entry = interaction(world.own, theirs=[world.anna])
    promise(world.own, interaction=entry)
    remove_interaction(actor=world.manager, interaction=entry)
    assert not visible_commitments(world.manager).exists()


def test_who_may_not_edit_writes_nothing(world):
    reader, made = user(Role.READ_ONLY), promise(world.own)
    for write in (
        lambda: make_commitment(actor=reader, account=world.own, side=Side.OURS, text="x", promised_on=MADE),
        lambda: close_commitment(actor=reader, commitment=made, state=PromiseState.KEPT, on=DUE),
        lambda: reopen_commitment(actor=reader, commitment=made),
    ):
        with pytest.raises(PermissionDenied):
            write()


def test_who_looks_after_accounts_is_told_by_manager_and_by_team(world):
    mate, nobody = user(Role.TEAM_MEMBER, name="Mia Mate"), user(Role.READ_ONLY, name="Nora Nobody")
    team = Team.objects.create(name="Desk")
    Membership.objects.create(team=team, user=mate)
    Account.objects.filter(manager=world.manager).update(team=team)

    for person, looks_after in ((world.manager, True), (mate, True), (nobody, False)):
        assert has_own_accounts(person) is looks_after is own_accounts(person).exists()
