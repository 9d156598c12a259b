"""Whoever does not see an account finds it nowhere: not in lists, counts, explanations, comparisons, statuses, exports."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse
from tests.factories.people import user
from tests.factories.rounds import baseline, candidate, give

from openkam.app.people.models import User
from openkam.app.people.terms import Role, Scope
from openkam.app.selection.models import Candidate, Round
from openkam.app.selection.operations.decisions import Verdict, decide
from openkam.app.selection.operations.export import export_candidates
from openkam.app.selection.operations.scenarios import try_constraints
from openkam.app.selection.queries.comparison import compare_scenarios
from openkam.app.selection.queries.constraints import pins_of
from openkam.app.selection.queries.explanation import HIDDEN, HIDDEN_GROUP, explanation
from openkam.app.selection.queries.rounds import round_page, rounds, visible_decisions
from openkam.app.selection.queries.status import decision_history, key_accounts, status_history
from openkam.app.selection.terms import Choice, RefusedError

DAY = date(2024, 1, 1)
NAMES = ("Giant", "Steady", "Second", "Small")


@pytest.fixture
def manager(made: Round) -> User:
    """Somebody who looks after Small alone."""
    person = user(Role.MANAGER)
    give(person, "Small")
    return person


@pytest.fixture
def analyst(made: Round) -> User:
    """An analyst who may try what-ifs, but sees Small alone."""
    person = user(Role.ANALYST, scope=Scope.OWN)
    give(person, "Small")
    return person


def decide_all(made: Round, head: User) -> None:
    """Approve the two proposed, override for Small."""
    chosen = [candidate(made, name).account_id for name in ("Steady", "Second")]
    decide(actor=head, selection_round=made, account_ids=chosen, verdict=Verdict(Choice.APPROVE, DAY))
    small = [candidate(made, "Small").account_id]
    decide(actor=head, selection_round=made, account_ids=small, verdict=Verdict(Choice.OVERRIDE, DAY, reason="A pilot"))


def test_counts_are_of_what_the_person_sees(made: Round, head: User, manager: User):
    decide_all(made, head)
    page = round_page(manager, baseline(made), 1)
    assert (page.visible_count, page.selected_count, page.decided_count) == (1, 0, 1)
    assert (round_page(head, baseline(made), 1).visible_count, rounds(head).get().key_count) == (4, 3)
    assert rounds(manager).get().key_count == 1


def test_the_explanation_names_nobody_unseen(made: Round, head: User, manager: User):
    small = candidate(made, "Small")
    assert small.displaces, "there must be something to leak"
    Candidate.objects.filter(pk=small.pk).update(binding="needs steady first (steady said so)", partners=["steady", "small"])
    whole, own = explanation(head, baseline(made), small.pk), explanation(manager, baseline(made), small.pk)
    assert whole.leave.names
    assert "Steady" in whole.words
    assert (own.leave.names, own.leave.has_hidden) == ((), True)
    assert own.come_in.names[0] == "Small"
    assert HIDDEN in own.words
    assert "teady" not in own.words
    with pytest.raises(Http404):
        explanation(manager, baseline(made), candidate(made, "Steady").pk)


def test_the_explanation_names_no_buying_group_to_who_sees_part(made: Round, head: User, manager: User):
    small, scenario = candidate(made, "Small"), baseline(made)
    Candidate.objects.filter(pk=small.pk).update(binding="group Metro North stands at 43 % of at most 40 % of sales")
    scenario.limits = [*scenario.limits, {"name": "cap:group_name:Metro"}, {"name": "cap:group_name:Metro North"}]
    assert "Metro North stands" in explanation(head, scenario, small.pk).words
    assert explanation(manager, scenario, small.pk).words == f"Group {HIDDEN_GROUP} stands at 43 % of at most 40 % of sales"


def test_the_comparison_counts_and_names_nobody_unseen(made: Round, head: User, manager: User):
    tried = try_constraints(actor=head, scenario=baseline(made), values={"limits-accounts_at_most": 1.0}, pins={"small": True})
    seen = compare_scenarios(manager, baseline(made), tried)
    assert ([c.name for c in seen.comes_in], [c.name for c in seen.goes_out]) == (["Small"], [])
    assert (seen.one_count, seen.other_count, seen.stays, seen.limits, seen.objective_change) == (0, 1, 0, [], None)
    whole = compare_scenarios(head, baseline(made), tried)
    assert {c.name for c in whole.goes_out} == {"Steady", "Second"}
    assert whole.limits


def test_decisions_and_statuses_are_of_seen_accounts(made: Round, head: User, manager: User):
    decide_all(made, head)
    steady = candidate(made, "Steady").account
    assert {d.account.name for d in visible_decisions(head, made)} == {"Steady", "Second", "Small"}
    assert [d.account.name for d in visible_decisions(manager, made)] == ["Small"]
    assert [s.account.name for s in key_accounts(manager, DAY)] == ["Small"]
    assert not status_history(manager, steady).exists()
    assert not decision_history(manager, steady).exists()
    assert status_history(head, steady).exists()


def test_an_export_holds_what_is_seen(made: Round, head: User, manager: User):
    decide_all(made, head)
    whole = export_candidates(actor=head, scenario=baseline(made)).content.decode("utf-8-sig")
    own = export_candidates(actor=manager, scenario=baseline(made)).content.decode("utf-8-sig")
    assert all(name in whole for name in NAMES)
    assert [name for name in NAMES if name in own] == ["Small"]
    assert "A pilot" in own
    with pytest.raises(PermissionDenied):
        export_candidates(actor=user(Role.READ_ONLY), scenario=baseline(made))


def test_an_export_runs_no_formula(made: Round, head: User):
    Candidate.objects.filter(name="Giant").update(name="=1+1")
    assert ",'=1+1," in export_candidates(actor=head, scenario=baseline(made)).content.decode("utf-8-sig")


def test_pages_name_nobody_unseen(made: Round, head: User, manager: User, signed_in):
    decide_all(made, head)
    try_constraints(actor=head, scenario=baseline(made), values={"limits-accounts_at_most": 1.0})
    client: Client = signed_in(manager)
    addresses = [reverse(f"selection:{name}") for name in ("rounds", "key")]
    addresses += [reverse(f"selection:{name}", args=[made.pk]) for name in ("round", "compare", "decisions")]
    addresses += [reverse("selection:explanation", args=[made.pk, candidate(made, "Small").pk])]
    addresses += [reverse("selection:history", args=[candidate(made, "Small").account_id])]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = answer.content.decode()
        body = text[text.index("<main") : text.index("</main>")]
        assert [name for name in ("Giant", "Steady", "Second") if name in body] == [], address
    assert client.get(reverse("selection:history", args=[candidate(made, "Steady").account_id])).status_code == 404


def test_who_sees_part_cannot_probe_for_the_rest(made: Round, head: User, analyst: User):
    with pytest.raises(RefusedError, match="that you see"):
        try_constraints(actor=analyst, scenario=baseline(made), pins={"steady": True})
    pinned = try_constraints(actor=head, scenario=baseline(made), pins={"steady": True, "second": True}, reason="Contract")
    with pytest.raises(RefusedError) as refused:
        try_constraints(actor=analyst, scenario=pinned, values={"limits-accounts_at_most": 1.0})
    assert "steady" not in str(refused.value)
    assert "do not see" in str(refused.value)
    with pytest.raises(RefusedError, match="steady"):
        try_constraints(actor=head, scenario=pinned, values={"limits-accounts_at_most": 1.0})
    assert pins_of(pinned, {"small": "Small"}) == ()


def test_nobody_decides_about_an_unseen_account(made: Round):
    narrow = user(Role.HEAD, scope=Scope.OWN)
    give(narrow, "Small")
    with pytest.raises(RefusedError, match="no candidates"):
        decide(
            actor=narrow,
            selection_round=made,
            account_ids=[candidate(made, "Steady").account_id],
            verdict=Verdict(Choice.DEFER, DAY),
        )
