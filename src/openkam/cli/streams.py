"""stdout carries the answer alone; progress and reasons go to stderr."""

import contextlib
import io
import json
import os
import re
import sys
from collections.abc import Generator
from typing import Any, NoReturn

from rich.console import Console
from rich.text import Text

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and line feed, and those that turn the direction of writing."""

WIDTH_OF_A_FILE = 100
"""Columns of what is printed where stdout is no terminal."""


class ReaderLeft(Exception):  # noqa: N818 - nothing went wrong
    """Who reads stdout has heard enough, as in `| head -1`."""


class Plain(Console):
    """A console that prints what ledgers hold as it stands: no name is markup, and none can steer the terminal."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(STEERING.sub("\N{REPLACEMENT CHARACTER}", text), **options)


class Answer(Plain):
    """The console on stdout."""

    def on_broken_pipe(self) -> NoReturn:
        """rich would end the process with 1, as if something had failed."""
        raise ReaderLeft


answer = Answer(width=None if sys.stdout and sys.stdout.isatty() else WIDTH_OF_A_FILE)
aside = Plain(stderr=True, soft_wrap=True)


def print_json(document: object) -> None:
    """Print one JSON document on stdout; NaN is a fault of ours and no JSON."""
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print_text(json.dumps(document, ensure_ascii=not is_utf8, indent=2, allow_nan=False) + "\n")


def print_text(text: str) -> None:
    """Print text on stdout as it is."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ReaderLeft from error


@contextlib.contextmanager
def working() -> Generator[None]:
    """While the engine works, what a library prints on stdout goes to stderr."""
    with contextlib.redirect_stdout(sys.stderr):
        yield


def keep_stdout_for_the_answer() -> None:
    """Take stdout away from everything that writes to its file descriptor: C++ libraries, and processes such as Java.

    To be called once, at the start of the process.
    """
    stdout = sys.stdout
    try:
        own = os.dup(1)
        os.dup2(2, 1)
    except OSError:
        return  # one of them is closed, so nobody listens or nothing can be mixed up
    # A character the terminal cannot show must not end the command.
    binary = os.fdopen(own, "wb")
    sys.stdout = io.TextIOWrapper(binary, encoding=stdout.encoding, errors="replace", line_buffering=binary.isatty())


def leave_quietly() -> None:
    """The reader has left: what is still buffered goes nowhere, and the interpreter has nothing to complain of at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
