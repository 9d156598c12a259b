"""What each role may and may not do to a round."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from tests.factories.people import user
from tests.factories.rounds import baseline, candidate

from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.selection.models import Decision, KeyStatus, Round, Scenario
from openkam.app.selection.operations.criteria import CriterionChange, change_criterion, remove_criterion
from openkam.app.selection.operations.decisions import Verdict, decide
from openkam.app.selection.operations.export import export_candidates
from openkam.app.selection.operations.programme import save_programme
from openkam.app.selection.operations.rounds import close_round, conduct_round, start_round
from openkam.app.selection.operations.scenarios import explain_scenario, request_explanation, try_constraints
from openkam.app.selection.terms import Choice

DAY = date(2024, 1, 1)
CONDUCT, DECIDE, SETTLE, EXPORT = "conduct", "decide", "settle", "export"
MAY = {
    Role.ADMINISTRATOR: {CONDUCT, DECIDE, SETTLE, EXPORT},
    Role.HEAD: {CONDUCT, DECIDE, SETTLE, EXPORT},
    Role.ANALYST: {CONDUCT, EXPORT},
    Role.MANAGER: {EXPORT},
    Role.TEAM_MEMBER: set(),
    Role.READ_ONLY: set(),
}


@pytest.mark.parametrize("role", list(Role))
def test_operations_are_refused_to_every_role_that_may_not(made: Round, role: Role):
    person, base = user(role), baseline(made)
    account = candidate(made, "Steady").account_id
    acts = {
        CONDUCT: [
            lambda: start_round(actor=person),
            lambda: conduct_round(actor=person, run_id=None, name="", as_of_on=None, tell=lambda _: None),
            lambda: try_constraints(actor=person, scenario=base),
            lambda: request_explanation(actor=person, scenario=base),
            lambda: explain_scenario(actor=person, scenario_id=base.pk, tell=lambda *_: None),
        ],
        DECIDE: [
            lambda: decide(actor=person, selection_round=made, account_ids=[account], verdict=Verdict(Choice.APPROVE, DAY)),
            lambda: close_round(actor=person, selection_round=made),
        ],
        SETTLE: [
            lambda: save_programme(actor=person, text=made.programme),
            lambda: change_criterion(
                actor=person, number=1, name="a", change=CriterionChange(label="A", weight=1, points=((0, 0), (1, 1)))
            ),
            lambda: remove_criterion(actor=person, number=1, name="a"),
        ],
        EXPORT: [lambda: export_candidates(actor=person, scenario=base)],
    }
    for kind in acts.keys() - MAY[role]:
        for act in acts[kind]:
            with pytest.raises(PermissionDenied):
                act()
    assert (Decision.objects.count(), KeyStatus.objects.count(), Scenario.objects.count(), Round.objects.count()) == (0, 0, 1, 1)


@pytest.mark.parametrize("role", list(Role))
def test_addresses_are_refused_to_every_role_that_may_not(made: Round, head: User, signed_in, role: Role):
    client = signed_in(user(role))
    posts = {CONDUCT: ("try", "reasons"), DECIDE: ("decide", "close"), EXPORT: ("export",)}
    pages = {CONDUCT: ["start"], SETTLE: ["criteria", "programme"]}
    for kind in posts.keys() - MAY[role]:
        for name in posts[kind]:
            assert client.post(reverse(f"selection:{name}", args=[made.pk])).status_code == 403, name
    for kind in pages.keys() - MAY[role]:
        for name in pages[kind]:
            assert client.get(reverse(f"selection:{name}")).status_code == 403, name
    body = client.get(reverse("selection:round", args=[made.pk])).content.decode()
    assert ("Solve again" in body) is (CONDUCT in MAY[role])
    assert ("Close<span" in body) is (DECIDE in MAY[role])
    assert ("/export/" in body) is (EXPORT in MAY[role])
