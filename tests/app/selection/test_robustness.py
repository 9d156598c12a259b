"""Other weightings: asked for, drawn by the real worker, shown of whom the person sees, kept once the round is closed."""

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from tests.factories.people import user
from tests.factories.planted import PROGRAMME, planted_ledger
from tests.factories.rounds import baseline, candidate, give
from tests.factories.runs import work_off

from openkam.analytics.review.measures_file import read_measures
from openkam.analytics.review.what_if import try_programme
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.robustness import Weightings as Drawn
from openkam.analytics.selection.robustness import selection_robustness
from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.runs.terms import RunStatus
from openkam.app.selection.models import CandidateShare, Robustness, Round, Scenario
from openkam.app.selection.operations.decisions import Verdict, decide
from openkam.app.selection.operations.robustness import DRAWS, request_robustness, try_weightings
from openkam.app.selection.operations.rounds import close_round, start_round
from openkam.app.selection.operations.scenarios import try_constraints
from openkam.app.selection.queries.explanation import explanation
from openkam.app.selection.queries.robustness import robustness_page, shares_in_order
from openkam.app.selection.queries.workspace import measures_path
from openkam.app.selection.terms import ROBUSTNESS_KIND, Choice, RefusedError

DAY = date(2024, 1, 1)
FEW = {Drawn.IN_ORDER: 20, Drawn.ANY: 20}


def tried(made: Round, head: User) -> Scenario:
    """The baseline of a round with its weightings tried, and asked for as the page does."""
    run = request_robustness(actor=head, scenario=baseline(made))
    try_weightings(actor=head, scenario_id=run.parameters["scenario_id"], tell=lambda *_: None, draws=FEW)
    return baseline(made)


@pytest.mark.django_db(transaction=True)
def test_a_worker_tries_the_weightings_that_were_asked_for(made: Round, head: User):
    run = request_robustness(actor=head, scenario=baseline(made))
    work_off()
    run.refresh_from_db()

    assert (run.status, run.failure) == (RunStatus.DONE, "")
    problem = try_programme(read_measures(measures_path(made.measures_file)), Programme.parse(made.programme))
    for kind in Drawn:
        stored = Robustness.objects.get(scenario=baseline(made), weightings=kind.value)
        expected = selection_robustness(problem.formulation.problem, problem.solution, draws=DRAWS[kind], weightings=kind)
        shares = dict(stored.shares.values_list("candidate__ledger_account", "share"))
        known = dict(zip(problem.formulation.problem.accounts, expected.share.tolist(), strict=True))
        assert shares == {account: share for account, share in known.items() if share}
        assert (stored.draw_count, stored.same_share, stored.overlap) == (DRAWS[kind], expected.same_share, expected.overlap)
    assert Entry.objects.filter(record_type="selection.scenario", verb="tried other weightings of", actor=head).count() == 1


@pytest.mark.django_db(transaction=True)
def test_every_review_asks_for_them(home: Path, head: User):
    planted_ledger(home / "ledger")
    (home / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    start_round(actor=head)
    work_off()

    asked = baseline(Round.objects.get()).robustness_run
    assert asked is not None
    assert (asked.kind, asked.requested_by) == (ROBUSTNESS_KIND, head)


def test_what_is_not_proven_or_closed_is_refused(made: Round, head: User):
    hasty = try_constraints(actor=head, scenario=baseline(made), values={"limits-accounts_at_most": 1.0})
    hasty.gap = 0.01
    with pytest.raises(RefusedError, match="prove and explain it first"):
        request_robustness(actor=head, scenario=hasty)
    with pytest.raises(PermissionDenied):
        request_robustness(actor=user(Role.MANAGER), scenario=baseline(made))
    account = candidate(made, "Steady").account_id
    decide(actor=head, selection_round=made, account_ids=[account], verdict=Verdict(Choice.DEFER, DAY))
    close_round(actor=head, selection_round=made)
    with pytest.raises(RefusedError, match="closed"):
        request_robustness(actor=head, scenario=baseline(made))
    with pytest.raises(RefusedError, match="closed"):
        try_weightings(actor=head, scenario_id=baseline(made).pk, tell=lambda *_: None)
    with pytest.raises(RefusedError, match="gone"):
        try_weightings(actor=head, scenario_id=hasty.pk + 1, tell=lambda *_: None)
    assert not Robustness.objects.exists()


def test_a_closed_round_keeps_its_shares(made: Round, head: User):
    tried(made, head)
    account = candidate(made, "Steady").account_id
    decide(actor=head, selection_round=made, account_ids=[account], verdict=Verdict(Choice.DEFER, DAY))
    close_round(actor=head, selection_round=made)
    statements = [
        "UPDATE selection_robustness SET overlap = 0",
        "DELETE FROM selection_robustness",
        "UPDATE selection_candidateshare SET share = 0",
        "DELETE FROM selection_candidateshare",
        "INSERT INTO selection_candidateshare SELECT * FROM selection_candidateshare",
    ]
    if connection.vendor == "postgresql":
        statements.append("TRUNCATE selection_candidateshare")
    else:
        statements.append("INSERT OR REPLACE INTO selection_robustness SELECT * FROM selection_robustness")
    connection.check_constraints()
    for statement in statements:
        with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
            connection.cursor().execute(statement)


def test_solving_again_takes_away_what_was_told_of_the_former_choice(made: Round, head: User):
    scenario = try_constraints(actor=head, scenario=baseline(made), values={"limits-accounts_at_most": 1.0})
    request_robustness(actor=head, scenario=scenario)
    try_weightings(actor=head, scenario_id=scenario.pk, tell=lambda *_: None, draws=FEW)
    assert scenario.robustness.count() == 2
    again = try_constraints(actor=head, scenario=scenario, values={"limits-accounts_at_most": 3.0})

    assert again.pk == scenario.pk
    assert again.robustness_run_id is None
    assert not Robustness.objects.exists()
    assert not CandidateShare.objects.exists()
    assert shares_in_order(head, again, [1]) is None


def test_a_person_finds_the_shares_of_their_own_accounts(made: Round, head: User, signed_in):
    scenario = tried(made, head)
    manager = user(Role.MANAGER)
    give(manager, "Second")
    own, foreign = candidate(made, "Second"), candidate(made, "Steady")
    whole = robustness_page(head, scenario, "", "1")
    page = robustness_page(manager, scenario, "", "1")
    assert whole is not None
    assert page is not None

    assert {line.candidate.name for line in whole.lines} > {line.candidate.name for line in page.lines} == {"Second"}
    assert (page.selected_count, page.is_whole, whole.selected_count, whole.is_whole) == (1, False, 2, True)
    assert shares_in_order(manager, scenario, [own.pk, foreign.pk]).keys() == {own.pk}
    answer = signed_in(manager).get(reverse("selection:weightings", args=[made.pk])).content.decode()
    assert "Second" in answer
    assert "Steady" not in answer
    assert "In common with the choice" not in answer
    assert signed_in(manager).post(reverse("selection:weightings", args=[made.pk])).status_code == 403


def test_pages_say_the_share(made: Round, head: User, signed_in):
    client: Client = signed_in(head)
    address = reverse("selection:weightings", args=[made.pk])
    assert "Nobody has tried other weightings" in client.get(address).content.decode()
    assert "Weightings</abbr>" not in client.get(reverse("selection:round", args=[made.pk])).content.decode()
    tried(made, head)
    steady = candidate(made, "Steady")
    told = explanation(head, baseline(made), steady.pk)
    assert told.share is not None
    assert told.share.lower <= told.share.share <= told.share.upper

    drawer = client.get(reverse("selection:explanation", args=[made.pk, steady.pk])).content.decode()
    assert "of other weightings that keep your order" in drawer
    assert "Weightings</abbr>" in client.get(reverse("selection:round", args=[made.pk])).content.decode()
    answer = client.get(address, {"kind": "any"}).content.decode()
    assert 'aria-current="page">Any at all' in answer
    assert "Mean of the weightings" in answer
    assert client.get(address, {"kind": "no such", "page": "x"}).status_code == 200


def test_asking_on_the_page_starts_a_run(made: Round, head: User, signed_in):
    client: Client = signed_in(head)
    address = reverse("selection:weightings", args=[made.pk])
    answer = client.post(address, {"scenario": baseline(made).pk}, follow=True)

    assert "Other weightings are being tried" in answer.content.decode()
    assert baseline(made).robustness_run.kind == "robustness"
    assert client.post(address, {"scenario": "999999"}).status_code == 404


@pytest.mark.parametrize("names", [["Steady"], ["Steady", "Second", "Small"]])
def test_a_page_takes_as_many_queries_for_three_rows_as_for_one(
    made: Round, head: User, signed_in, django_assert_num_queries, names: list[str]
):
    tried(made, head)
    manager = user(Role.MANAGER)
    for name in names:
        give(manager, name)
    client: Client = signed_in(manager)
    with django_assert_num_queries(10):
        assert client.get(reverse("selection:weightings", args=[made.pk])).status_code == 200
    with django_assert_num_queries(16):
        assert client.get(reverse("selection:round", args=[made.pk])).status_code == 200
