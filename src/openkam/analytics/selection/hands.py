"""Hands that answer questions: this process, and helpers that join when it takes long, one for each processor that is free.

Threads would not do: Python lets one of them compute at a time. A helper is a process of its own that is given the case once and
then question after question. Answers are the same whoever finds them, so a helper that cannot be started, or is lost, costs time
alone: what it was asked is answered here.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from threading import Condition, Thread, Timer
from time import sleep
from types import TracebackType
from typing import IO, Self, cast

from openkam.analytics.selection.displacement import Case
from openkam.analytics.selection.questions import Question
from openkam.analytics.selection.search import Watch

MODULE = "openkam.analytics.selection.hands"
JOIN_AFTER_SECONDS = 2.0
"""Helpers need some seconds to start: short work is done before they would be of use."""
MOST_HELPERS = 3
WAIT_SECONDS = 0.2
"""How often somebody who waits for a helper's answer asks whether the work was cancelled."""

Numbered = tuple[int, Question]


class Hands:
    """Answers questions about one case; to be used as a context, whose end ends the helpers."""

    def __init__(self, case: Case, *, helper_count: int | None = None, join_after_seconds: float | None = None) -> None:
        """`helper_count` is the most helpers, by default as many as there are other processors, up to three."""
        self._case = case
        self._asked: deque[Numbered] = deque()
        self._refused: deque[Numbered] = deque()
        self._answers: dict[int, object] = {}
        self._count = 0
        self._changed = Condition()
        self._is_over = False
        self._helpers: list[subprocess.Popen[bytes]] = []
        self._threads: list[Thread] = []
        self._helper_count = free_processors() if helper_count is None else helper_count
        self._joining = Timer(JOIN_AFTER_SECONDS if join_after_seconds is None else join_after_seconds, self._join)
        self._joining.daemon = True

    def __enter__(self) -> Self:
        if self._helper_count:
            self._joining.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._joining.cancel()
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        for helper in self._helpers:
            helper.kill()
        for thread in self._threads:
            thread.join()

    def ask(self, questions: Sequence[Question]) -> range:
        """Hand questions over, the longest first; the numbers of their answers."""
        with self._changed:
            numbers = range(self._count, self._count + len(questions))
            self._count = numbers.stop
            self._asked.extend(zip(numbers, questions, strict=True))
            self._changed.notify_all()
        return numbers

    def answers(self, numbers: range, stage: str, first: float, last: float) -> list[object]:
        """The answers of these numbers in their order, once all are there; works along.

        Progress goes from `first` to `last`. Raises `Cancelled` where the listener says so, and what a question itself raises.
        """
        watch = self._case.watch
        while True:
            mine: Numbered | None = None
            with self._changed:
                done = sum(number in self._answers for number in numbers)
                waiting = self._refused or self._asked
                if done < len(numbers) and waiting:
                    mine = waiting.popleft()
                elif done < len(numbers):
                    self._changed.wait(WAIT_SECONDS)
            watch.tell(stage, first + (last - first) * done / max(len(numbers), 1))
            if done == len(numbers):
                return [self._answers[number] for number in numbers]
            if mine is not None:
                self._put(mine[0], mine[1].answer(self._case))

    def _put(self, number: int, answer: object) -> None:
        with self._changed:
            self._answers[number] = answer
            self._changed.notify_all()

    def _join(self) -> None:
        """Start the helpers, each with a thread that hands it questions."""
        with self._changed:
            if self._is_over:
                return
            for _ in range(self._helper_count):
                try:
                    helper = subprocess.Popen(  # noqa: S603 - our own module
                        [sys.executable, "-m", MODULE],
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL,
                    )
                except OSError:
                    return
                self._helpers.append(helper)
                thread = Thread(target=self._serve, args=(helper,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, helper: "subprocess.Popen[bytes]") -> None:
        questions, answers = cast("IO[bytes]", helper.stdin), cast("IO[bytes]", helper.stdout)
        held: Numbered | None = None
        try:
            with helper:
                # Who listens stays here.
                send(replace(self._case, watch=Watch()), questions)
                while (held := self._next()) is not None:
                    send(held[1], questions)
                    is_answered, answer = pickle.load(answers)  # noqa: S301 - of our own process
                    if is_answered:
                        self._put(held[0], answer)
                    else:
                        self._refuse(held)
        except (OSError, EOFError, pickle.UnpicklingError):
            if held is not None:
                self._refuse(held)

    def _next(self) -> Numbered | None:
        """The next question for a helper, waited for; None at the end."""
        with self._changed:
            while not self._asked and not self._is_over:
                self._changed.wait()
            return None if self._is_over else self._asked.popleft()

    def _refuse(self, question: Numbered) -> None:
        """Give a question back, for this process to answer, or to raise what it raises."""
        with self._changed:
            self._refused.append(question)
            self._changed.notify_all()


def free_processors() -> int:
    """Processors beside this one that may be used, up to three."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable - 1, MOST_HELPERS)


def send(something: object, where: IO[bytes]) -> None:
    """Write an object for the process at the other end."""
    pickle.dump(something, where, protocol=pickle.HIGHEST_PROTOCOL)
    where.flush()


def help_out(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Read a case, then answer questions until there are no more; of one that raises only that it did is told."""
    case: Case = pickle.load(questions)  # noqa: S301 - of our own process
    while True:
        try:
            question: Question = pickle.load(questions)  # noqa: S301 - of our own process
        except EOFError:
            return
        try:
            told = (True, question.answer(case))
        except Exception:  # noqa: BLE001 - who asked meets it again, and raises it where it is understood
            told = (False, None)
        send(told, answers)


def end_with(parent: int) -> None:
    """End this process at once when the one that asks is gone: a killed one can tell nobody."""
    while os.getppid() == parent:
        sleep(1.0)
    os._exit(1)


if __name__ == "__main__":
    Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    # Ctrl-C reaches the whole group: who asked decides, and the end of the questions ends this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers_to = sys.stdout.buffer
    sys.stdout = sys.stderr
    help_out(sys.stdin.buffer, answers_to)
