from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from tests.factories.people import user
from tests.factories.rounds import baseline, candidate

from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.selection.models import Candidate, Decision, KeyStatus, Round
from openkam.app.selection.operations.decisions import Verdict, decide
from openkam.app.selection.operations.rounds import close_round, conduct_round
from openkam.app.selection.operations.scenarios import explain_scenario, try_constraints
from openkam.app.selection.queries.status import current_statuses, decision_history, key_accounts, status_history
from openkam.app.selection.terms import Choice, RefusedError, Tier

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


def test_a_closed_round_takes_no_reasons_of_a_what_if_any_more(made: Round, head: User):
    tried = try_constraints(actor=head, scenario=baseline(made), values={"limits-accounts_at_most": 1.0})
    account = candidate(made, "Steady").account_id
    decide(actor=head, selection_round=made, account_ids=[account], verdict=Verdict(Choice.DEFER, DAY))
    close_round(actor=head, selection_round=made)
    with pytest.raises(RefusedError, match="closed"):
        explain_scenario(actor=head, scenario_id=tried.pk, tell=lambda *_: None)
    with pytest.raises(RefusedError, match="gone"):
        explain_scenario(actor=head, scenario_id=tried.pk + 1, tell=lambda *_: None)


def test_a_closed_round_lets_nothing_in_and_cannot_be_opened_again(made: Round, head: User):
    account = candidate(made, "Steady").account_id
    (made_key,) = decide(actor=head, selection_round=made, account_ids=[account], verdict=Verdict(Choice.APPROVE, DAY))
    base = baseline(made)
    close_round(actor=head, selection_round=made)
    statements = [
        f"UPDATE selection_round SET status = 'open', closed_at = NULL, closed_by_id = NULL WHERE id = {made.pk}",
        f"INSERT INTO selection_candidate SELECT * FROM selection_candidate WHERE scenario_id = {base.pk}",
        f"UPDATE selection_keystatus SET until_on = '2024-06-30' WHERE decision_id = {made_key.pk}",
    ]
    if connection.vendor == "postgresql":
        statements.append("TRUNCATE selection_keystatus")
    else:
        statements.append(f"INSERT OR REPLACE INTO selection_scenario SELECT * FROM selection_scenario WHERE id = {base.pk}")
    connection.check_constraints()  # PostgreSQL truncates nothing while a foreign key waits to be checked
    for statement in statements:
        with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
            connection.cursor().execute(statement)
    with pytest.raises(RefusedError, match="closed"):
        close_round(actor=head, selection_round=made)


def test_a_later_round_ends_what_a_closed_one_began(made: Round, home: Path, head: User):
    account = candidate(made, "Steady").account
    decide(actor=head, selection_round=made, account_ids=[account.pk], verdict=Verdict(Choice.APPROVE, DAY, Tier.STRATEGIC))
    close_round(actor=head, selection_round=made)
    later = conduct_round(actor=head, run_id=None, name="Later", as_of_on=None, tell=lambda _: None)
    again = Verdict(Choice.APPROVE, date(2025, 1, 1), valid_until=date(2025, 12, 31))
    decide(actor=head, selection_round=later, account_ids=[account.pk], verdict=again)
    spans = [(s.tier, s.from_on, s.until_on, s.ended_on) for s in status_history(head, account)]
    assert spans == [("strategic", date(2025, 1, 1), date(2025, 12, 31), None), ("strategic", DAY, None, date(2025, 1, 1))]
    leave = Verdict(Choice.OVERRIDE, date(2025, 6, 1), reason="Merged into another")
    decide(actor=head, selection_round=later, account_ids=[account.pk], verdict=leave)
    assert [s.account for s in key_accounts(head, date(2025, 5, 31))] == [account]
    assert not key_accounts(head, date(2025, 6, 1)).exists()
    assert [d.round.name for d in decision_history(head, account)] == ["Later", made.name]


def test_a_decision_that_makes_no_sense_is_refused(made: Round, head: User):
    account = candidate(made, "Steady").account_id
    for accounts, verdict, words in (
        ([account], Verdict(Choice.APPROVE, DAY, valid_until=date(2023, 1, 1)), "ends before it begins"),
        ([account], Verdict(Choice.OVERRIDE, DAY, reason="  "), "needs a reason"),
        ([account + 10_000], Verdict(Choice.APPROVE, DAY), "no candidates"),
        ([], Verdict(Choice.APPROVE, DAY), "no candidates"),
    ):
        with pytest.raises(RefusedError, match=words):
            decide(actor=head, selection_round=made, account_ids=accounts, verdict=verdict)
    with pytest.raises(RefusedError, match="Nothing is decided yet"):
        close_round(actor=head, selection_round=made)
    assert not Decision.objects.exists()


def test_every_write_stands_in_the_audit(made: Round, head: User):
    account = candidate(made, "Giant").account_id
    try_constraints(actor=head, scenario=baseline(made), values={"limits-accounts_at_most": 1.0}, reason="Fewer people")
    verdict = Verdict(Choice.OVERRIDE, DAY, reason="Turn it round")
    (decision,) = decide(actor=head, selection_round=made, account_ids=[account], verdict=verdict)
    close_round(actor=head, selection_round=made, reason="Board of May")
    said = {(e.record_type, e.verb, e.reason) for e in Entry.objects.filter(actor=head, record_type__startswith="selection.")}
    assert {
        ("selection.round", "opened", ""),
        ("selection.scenario", "solved", ""),
        ("selection.scenario", "tried", "Fewer people"),
        ("selection.decision", "decided", "Turn it round"),
        ("selection.keystatus", "began", ""),
        ("selection.round", "closed", "Board of May"),
    } <= said
    assert decision.price_percent is not None


def test_a_name_is_kept_and_only_ones_own_what_if_is_changed_in_place(made: Round, head: User):
    tried = try_constraints(actor=head, scenario=baseline(made), values={"limits-accounts_at_most": 1.0}, name="One")
    with pytest.raises(RefusedError, match="give another name"):
        try_constraints(actor=head, scenario=baseline(made), name="One")
    other = try_constraints(actor=user(Role.ANALYST), scenario=tried, values={"limits-accounts_at_most": 3.0})
    assert (other.pk != tried.pk, other.name) == (True, "What if 1")
    for values, words in (({"limits-none": 1.0}, "no limits-none"), ({"criterion-1": None}, "needs a value")):
        with pytest.raises(RefusedError, match=words):
            try_constraints(actor=head, scenario=tried, values=values)
    with pytest.raises(RefusedError, match="cannot hold together"):
        try_constraints(actor=head, scenario=tried, pins={"steady": True, "second": True})


def test_nobody_becomes_key_without_a_decision_that_says_so(made: Round, head: User):
    account = candidate(made, "Steady").account
    (deferred,) = decide(actor=head, selection_round=made, account_ids=[account.pk], verdict=Verdict(Choice.DEFER, DAY))
    with pytest.raises(IntegrityError, match="without a decision"), transaction.atomic():
        KeyStatus.objects.create(account=account, tier="key", from_on=DAY, round=made, decision=deferred)


@pytest.mark.parametrize("until_on", [None, DAY, DAY + timedelta(days=2)])
@pytest.mark.parametrize("ended_on", [None, DAY, DAY + timedelta(days=1)])
def test_a_status_and_the_database_agree_on_the_days_it_is_in_force(made: Round, head: User, until_on, ended_on):
    account = candidate(made, "Steady").account
    (decision,) = decide(actor=head, selection_round=made, account_ids=[account.pk], verdict=Verdict(Choice.APPROVE, DAY))
    status = KeyStatus.objects.get(decision=decision)
    KeyStatus.objects.filter(pk=status.pk).update(until_on=until_on, ended_on=ended_on, ended_by=decision if ended_on else None)
    status.refresh_from_db()

    days = [DAY + timedelta(days=days) for days in range(-1, 4)]
    assert [status.is_in_force(day) for day in days] == [current_statuses(day).filter(pk=status.pk).exists() for day in days]
