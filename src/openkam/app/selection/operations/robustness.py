"""Other weightings of a scenario, tried in the background: how often each candidate would be chosen."""

from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone

from openkam.analytics.review.measures_file import read_measures
from openkam.analytics.review.what_if import try_programme
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.robustness import Robustness as Found
from openkam.analytics.selection.robustness import Weightings, selection_robustness
from openkam.app.audit.operations import insert_rows, record_write, recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.runs.models import Run
from openkam.app.runs.operations import request_run
from openkam.app.selection.models import Candidate, CandidateShare, Robustness, Scenario
from openkam.app.selection.operations.rounds import refuse_closed
from openkam.app.selection.queries.workspace import measures_path
from openkam.app.selection.terms import ROBUSTNESS_KIND, RefusedError

DRAWS = {Weightings.IN_ORDER: 500, Weightings.ANY: 200}
"""Weightings of each kind: any at all take four times as long each, and are asked about less."""
FIELDS = ("robustness", "candidate", "share", "lower", "upper", "central_weights")


def request_robustness(*, actor: User, scenario: Scenario) -> Run:
    """Have other weightings of a scenario tried by a worker. Raises `RefusedError` where its choice is not proven best."""
    require(actor, Permission.CONDUCT_REVIEW)
    refuse_closed(scenario.round)
    if not scenario.is_proven:
        raise RefusedError("Its choice is not proven yet: prove and explain it first.")
    title = f"Other weightings: {scenario.name} of {scenario.round.name}"[:200]
    with recorded(actor=actor, verb="asked for other weightings of", record=scenario):
        run = request_run(actor=actor, kind=ROBUSTNESS_KIND, title=title, parameters={"scenario_id": scenario.pk})
        scenario.robustness_run = run
        scenario.save(update_fields=["robustness_run"])
    return run


def try_weightings(
    *, actor: User, scenario_id: int, tell: Callable[[str, float], None], draws: Mapping[Weightings, int] = DRAWS
) -> Scenario:
    """Draw weightings that keep the order of the criteria, then any at all, and store how often each candidate is in.

    Raises `RefusedError` when the scenario is gone, closed, or changed meanwhile; then nothing is stored.
    """
    require(actor, Permission.CONDUCT_REVIEW)
    scenario = Scenario.objects.select_related("round").filter(pk=scenario_id).first()
    if scenario is None:
        raise RefusedError("This what-if is gone: solve it again.")
    refuse_closed(scenario.round)
    tried = try_programme(read_measures(measures_path(scenario.round.measures_file)), Programme.parse(scenario.programme))
    problem = tried.formulation.problem
    found: list[Found] = []
    for place, (weightings, draw_count) in enumerate(draws.items()):

        def progress(stage: str, done: float, before: int = place) -> None:
            tell(stage, (before + done) / len(draws))

        found.append(selection_robustness(problem, tried.solution, draws=draw_count, weightings=weightings, progress=progress))
    with transaction.atomic():
        now = Scenario.objects.select_related("round").select_for_update(of=("self",)).get(pk=scenario_id)
        if now.programme != scenario.programme:
            raise RefusedError("The what-if was changed meanwhile: ask again.")
        refuse_closed(now.round)
        _store(now, problem.accounts, found)
        drawn: dict[str, object] = {"weightings": sum(one.draw_count for one in found)}
        record_write(actor=actor, verb="tried other weightings of", record=now, before={}, after=drawn)
    return now


def _store(scenario: Scenario, accounts: tuple[str, ...], found: list[Found]) -> None:
    Robustness.objects.filter(scenario=scenario).delete()
    keys = dict(Candidate.objects.filter(scenario=scenario).order_by().values_list("ledger_account", "pk"))
    for one in found:
        stored = Robustness.objects.create(
            scenario=scenario,
            weightings=one.weightings.value,
            draw_count=one.draw_count,
            unproven_count=one.unproven_count,
            same_share=one.same_share,
            overlap=one.overlap,
            mean_weights=one.weights.mean(axis=0).tolist(),
            made_at=timezone.now(),
        )
        ever = [at for at in one.share.nonzero()[0].tolist() if accounts[at][:400] in keys]
        rows = [
            [
                stored.pk,
                keys[accounts[at][:400]],
                float(one.share[at]),
                float(one.lower[at]),
                float(one.upper[at]),
                [round(weight, 4) for weight in one.central_weight[at].tolist()],
            ]
            for at in ever
        ]
        insert_rows(CandidateShare, FIELDS, rows)
