from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from tests.factories.people import user
from tests.factories.rounds import baseline, candidate

from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.selection.models import Candidate, Decision, KeyStatus, Round
from openkam.app.selection.operations.decisions import Verdict, decide
from openkam.app.selection.operations.rounds import close_round
from openkam.app.selection.operations.scenarios import explain_scenario, try_constraints
from openkam.app.selection.queries.status import key_accounts
from openkam.app.selection.terms import Choice, RefusedError

DAY = date(2024, 1, 1)


def chosen(scenario_id: int) -> set[str]:
    return set(Candidate.objects.filter(scenario_id=scenario_id, is_selected=True).values_list("ledger_account", flat=True))


def test_a_round_proposes_and_makes_nobody_key(made: Round, head: User):
    assert chosen(baseline(made).pk) == {"steady", "second"}
    assert not KeyStatus.objects.exists()
    assert all(c.account_id for c in Candidate.objects.filter(scenario=baseline(made)))


def test_a_what_if_leaves_the_baseline_and_is_changed_in_place(made: Round, head: User):
    tried = try_constraints(actor=head, scenario=baseline(made), values={"limits-accounts_at_most": 1.0})
    assert (chosen(tried.pk), chosen(baseline(made).pk)) == ({"steady"}, {"steady", "second"})
    again = try_constraints(actor=head, scenario=tried, pins={"small": True}, reason="A pilot")
    assert (again.pk, chosen(again.pk)) == (tried.pk, {"small"})
    explained = explain_scenario(actor=head, scenario_id=again.pk, tell=lambda *_: None)
    assert explained.is_explained


def test_decisions_make_and_end_a_status(made: Round, head: User):
    account = candidate(made, "Steady").account
    decide(actor=head, selection_round=made, account_ids=[account.pk], verdict=Verdict(Choice.APPROVE, DAY))
    assert [s.account for s in key_accounts(head, DAY)] == [account]
    decide(actor=head, selection_round=made, account_ids=[account.pk], verdict=Verdict(Choice.OVERRIDE, DAY, reason="It leaves"))
    assert not key_accounts(head, DAY).exists()
    with pytest.raises(RefusedError, match="needs a reason"):
        decide(actor=head, selection_round=made, account_ids=[account.pk], verdict=Verdict(Choice.OVERRIDE, DAY))


def test_only_who_may_decides(made: Round):
    for role in (Role.MANAGER, Role.ANALYST, Role.READ_ONLY):
        with pytest.raises(PermissionDenied):
            decide(actor=user(role), selection_round=made, account_ids=[1], verdict=Verdict(Choice.APPROVE, DAY))
        with pytest.raises(PermissionDenied):
            close_round(actor=user(role), selection_round=made)
    with pytest.raises(PermissionDenied):
        try_constraints(actor=user(Role.MANAGER), scenario=baseline(made))


def test_a_closed_round_refuses_every_change(made: Round, head: User):
    account = candidate(made, "Steady").account
    decide(actor=head, selection_round=made, account_ids=[account.pk], verdict=Verdict(Choice.APPROVE, DAY))
    close_round(actor=head, selection_round=made)
    made.refresh_from_db()
    with pytest.raises(RefusedError, match="closed"):
        try_constraints(actor=head, scenario=baseline(made))
    with pytest.raises(RefusedError, match="closed"):
        decide(actor=head, selection_round=made, account_ids=[account.pk], verdict=Verdict(Choice.APPROVE, DAY))
    for table, column in (
        ("round", "name"),
        ("scenario", "name"),
        ("candidate", "name"),
        ("decision", "reason"),
        ("keystatus", "tier"),
    ):
        for statement in (f"UPDATE selection_{table} SET {column} = 'x'", f"DELETE FROM selection_{table}"):
            with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
                connection.cursor().execute(statement)
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        Decision.objects.create(
            round=made, account=candidate(made, "Second").account, proposed=True, choice=Choice.DEFER, valid_from=DAY,
            decided_by=head, decided_at=made.closed_at,
        )  # fmt: skip


def test_nobody_becomes_key_without_a_decision_that_says_so(made: Round, head: User):
    account = candidate(made, "Steady").account
    (deferred,) = decide(actor=head, selection_round=made, account_ids=[account.pk], verdict=Verdict(Choice.DEFER, DAY))
    with pytest.raises(IntegrityError, match="without a decision"), transaction.atomic():
        KeyStatus.objects.create(account=account, tier="key", from_on=DAY, round=made, decision=deferred)
