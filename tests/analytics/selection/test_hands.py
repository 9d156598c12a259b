"""Helpers change no answer: they may come late, die, or meet an error, and whoever asked finds out what they did not."""

import os
import pickle
import signal
import time
from dataclasses import dataclass, replace
from io import BytesIO

import pytest
from benchmarks.selection_speed import speed_problem

from openkam.analytics.selection.bound_walk import bounds_of_problem, walk_bound
from openkam.analytics.selection.displacement import Case, open_case, why_in
from openkam.analytics.selection.explain import explain_selection
from openkam.analytics.selection.hands import Hands, free_processors, help_out, send
from openkam.analytics.selection.nearest import nearest_exclusions
from openkam.analytics.selection.problem import SelectionProblem
from openkam.analytics.selection.questions import Displaced, Loosened, OwnFigures, Question
from openkam.analytics.selection.search import Cancelled, Progress, Watch
from openkam.analytics.selection.solve import solve_selection
from openkam.analytics.terms import OpenKamError

HERE = os.getpid()


@dataclass(frozen=True)
class Slow:
    """Takes a moment and says which process answered."""

    number: int
    seconds: float = 0.2

    def answer(self, case: Case) -> tuple[int, int, float]:
        time.sleep(self.seconds)
        return self.number, os.getpid(), case.value


@dataclass(frozen=True)
class Deadly:
    """Kills the helper that is asked; answered by who asked it."""

    def answer(self, case: Case) -> str:
        if os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return "here"


@dataclass(frozen=True)
class Wrong:
    """Raises, in helpers alone or anywhere."""

    anywhere: bool

    def answer(self, case: Case) -> str:
        if self.anywhere or os.getpid() != HERE:
            raise OpenKamError("No answer to that.")
        return "here"


def case_of(problem: SelectionProblem, progress: Progress | None = None) -> Case:
    return open_case(problem, solve_selection(problem), Watch(progress=progress))


@pytest.fixture
def case(knapsack: SelectionProblem) -> Case:
    return case_of(knapsack)


def answered(case: Case, questions: list[Question], *, helpers: int = 1) -> list[object]:
    """Their answers, with helpers from the first moment."""
    with Hands(case, helper_count=helpers, join_after_seconds=0.0) as hands:
        return hands.answers(hands.ask(questions), "asking", 0.0, 1.0)


def test_helpers_share_the_work_and_answers_keep_their_order(case: Case):
    told = answered(case, [Slow(number) for number in range(60)], helpers=2)

    assert [number for number, _, _ in told] == list(range(60))  # type: ignore[misc]
    processes = {process for _, process, _ in told}  # type: ignore[misc]
    assert HERE in processes
    assert len(processes) > 1
    assert {value for _, _, value in told} == {case.value}  # type: ignore[misc]
    for process in processes - {HERE}:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_what_a_lost_helper_was_asked_is_answered_here(case: Case):
    questions = [question for number in range(25) for question in (Slow(number), Deadly())]
    told = answered(case, questions)

    assert told[1::2] == ["here"] * 25
    assert [number for number, _, _ in told[::2]] == list(range(25))  # type: ignore[misc]


def test_an_error_is_met_again_where_it_is_understood(case: Case):
    told = answered(case, [question for number in range(25) for question in (Slow(number), Wrong(anywhere=False))])
    assert told[1::2] == ["here"] * 25
    with pytest.raises(OpenKamError, match="No answer to that"):
        answered(case, [Slow(0), Wrong(anywhere=True)])


def test_a_helper_that_cannot_start_costs_nothing_but_time(case: Case, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.executable", "/no/such/python")
    told = answered(case, [Slow(number, 0.05) for number in range(6)])
    assert {process for _, process, _ in told} == {HERE}  # type: ignore[misc]


def test_cancelling_ends_the_helpers(knapsack: SelectionProblem):
    seen: list[float] = []

    def progress(_stage: str, done: float) -> bool:
        seen.append(done)
        return done < 0.5

    case = case_of(knapsack)
    listened = replace(case, watch=Watch(progress=progress))
    with pytest.raises(Cancelled), Hands(listened, helper_count=1, join_after_seconds=0.0) as hands:
        hands.answers(hands.ask([Slow(number) for number in range(60)]), "asking", 0.0, 1.0)
    assert seen == sorted(seen)


def test_answers_are_those_of_asking_directly():
    problem = speed_problem(60, 3, 8, "loose", 4)
    case = case_of(problem)
    near = nearest_exclusions(case, 3)
    bound = sorted(bounds_of_problem(case))[0]
    accounts = tuple(item.account for item in near)
    questions: list[Question] = [Displaced(int(case.chosen[0])), Loosened(bound, accounts), OwnFigures(near[0], (bound,))]
    stream = BytesIO()
    send(replace(case, watch=Watch()), stream)
    for question in (*questions, Wrong(anywhere=True)):
        send(question, stream)
    told = BytesIO()
    help_out(BytesIO(stream.getvalue()), told)
    told.seek(0)

    assert [pickle.load(told) for _ in range(4)] == [
        (True, why_in(case, int(case.chosen[0]))),
        (True, walk_bound(case, bounds_of_problem(case)[bound], list(accounts))),
        (True, questions[2].answer(case)),
        (False, None),
    ]


def test_an_explanation_by_many_is_that_of_one(monkeypatch: pytest.MonkeyPatch):
    problem = speed_problem(150, 4, 12, "loose", 2)
    solution = solve_selection(problem)
    monkeypatch.setattr("openkam.analytics.selection.hands.JOIN_AFTER_SECONDS", 0.0)
    alone, together = (explain_selection(problem, solution, nearest=6, processes=count) for count in (1, 3))
    assert together == alone


def test_at_most_three_processors_beside_this_one_help():
    assert 0 <= free_processors() <= 3
