"""Which kinds of runs there are, who may ask for each, and who sees, cancels and schedules runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.app.people.terms import Scope
from openkam.app.runs.models import Run

Work = Callable[..., Mapping[str, object] | None]
"""A job: takes its `Progress` and the run's parameters by keyword, returns the run's outcome."""


class UnknownKindError(LookupError):
    """No room has registered a job of this kind."""


@dataclass(frozen=True, slots=True)
class RunKind:
    """What a room registered: the job, its name in a page's words, who may ask for it, how often it is tried."""

    name: str
    label: str
    permission: Permission
    work: Work
    max_attempts: int
    is_schedulable: bool


_kinds: dict[str, RunKind] = {}


def register_kind(kind: RunKind) -> None:
    """Make a kind known; the jobs of all rooms register theirs when the site starts."""
    known = _kinds.setdefault(kind.name, kind)
    if known.work is not kind.work:
        raise ValueError(f"Two jobs call themselves {kind.name!r}: {known.work.__module__} and {kind.work.__module__}.")


def kind_of(name: str) -> RunKind:
    """The kind of a name; raises `UnknownKindError`."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKindError(f"No part of this installation knows runs of the kind {name!r}.") from None


def kind_label(name: str) -> str:
    """A kind in a page's words, also one that no room knows any more."""
    return _kinds[name].label if name in _kinds else name


def known_kinds() -> tuple[RunKind, ...]:
    """All kinds, by their label."""
    return tuple(sorted(_kinds.values(), key=lambda kind: kind.label))


def sees_all_runs(user: User) -> bool:
    """True for who conducts reviews and sees all records; anybody else sees the runs they asked for."""
    return may(user, Permission.CONDUCT_REVIEW) and user.effective_scope == Scope.ALL


def may_cancel(user: User, run: Run) -> bool:
    """True for who asked for an open run, and for who may change settings."""
    return run.is_open and (run.requested_by_id == user.pk or may(user, Permission.MANAGE_SETTINGS))


def may_start_again(user: User, run: Run) -> bool:
    """True when a run has ended and the user may ask for its kind."""
    return not run.is_open and run.kind in _kinds and may(user, _kinds[run.kind].permission)
