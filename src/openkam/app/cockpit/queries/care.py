"""The accounts in a person's care with what was measured of them, and what was decided about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.cockpit.queries.glance import Waiting, still_waiting, waiting_lines
from openkam.app.cockpit.queries.standing import Standings, candidates_of
from openkam.app.cockpit.terms import Standing
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.app.people.queries.compiled import compiled_once
from openkam.app.people.terms import Role, Scope
from openkam.app.selection.models import Candidate, Decision
from openkam.app.selection.queries.candidates import near_ties, visible_candidates

SHOWN = 8
FEW = 5
ACCOUNT_TOLD = ("kind", "name", "country", "industry", "changed_at", "manager__name")
MEASURED_TOLD = ("account_id", "rank", "contributions", "measures")
"""What a line says of an account, and of what was measured of it."""


@dataclass(frozen=True, slots=True)
class CareLine:
    """One account; `candidate` and with it every measure is missing where the latest round did not measure it as one."""

    account: Account
    standing: Standing
    candidate: Candidate | None

    @property
    def measures(self) -> Mapping[str, object]:
        """What the round measured."""
        return self.candidate.measures if self.candidate else {}


@dataclass(frozen=True, slots=True)
class Care:
    """The first accounts in a person's sight, whether there are more, those whose card has a gap, and what concerns their status."""

    lines: tuple[CareLine, ...]
    has_more: bool
    with_gaps: tuple[Account, ...]
    decisions: tuple[Decision, ...]
    waiting: tuple[Waiting, ...]
    near_ties: tuple[Waiting, ...]
    key_count: int


def care(user: User, standings: Standings | None, *, with_cases: bool = True) -> Care:
    """A person's own accounts where they see others' too; else all that they see. Key accounts stand first, then the proposed.

    `with_cases` asks for what was decided and what waits as well: who sees a portfolio at a glance finds it there.
    """
    seen = _in_care(user)
    gaps = tuple(_with_gaps(user)) if may(user, Permission.EDIT_ACCOUNTS) else ()
    if standings is None:
        first = seen[: SHOWN + 1]
        lines = tuple(CareLine(account, Standing.OTHER, None) for account in first)
        return Care(lines[:SHOWN], len(lines) > SHOWN, gaps, (), (), (), 0)
    lines = _lines(user, standings, seen)
    key_count = sum(line.standing.is_key for line in lines)
    if not with_cases:
        return Care(lines[:SHOWN], len(lines) > SHOWN, gaps, (), (), (), key_count)
    ours = seen.order_by()
    waiting = still_waiting(user, standings).filter(account__in=ours)
    close = near_ties(candidates_of(user, standings.baseline, seen)).order_by("regret_percent", "rank")
    made = Decision.objects.filter(account__in=ours).select_related("account", "decided_by", "round")
    return Care(
        lines=lines[:SHOWN],
        has_more=len(lines) > SHOWN,
        with_gaps=gaps,
        decisions=tuple(made[:FEW]),
        waiting=waiting_lines(standings.round, list(waiting[:FEW])),
        near_ties=waiting_lines(standings.round, list(close[:FEW])),
        key_count=key_count,
    )


def _in_care(user: User) -> QuerySet[Account]:
    seen = visible_accounts(user).select_related("manager").only(*ACCOUNT_TOLD)
    has_own = user.effective_scope == Scope.ALL and user.role == Role.MANAGER
    return seen.filter(manager=user.pk) if has_own else seen


@compiled_once
def _with_gaps(user: User) -> QuerySet[Account]:
    return _in_care(user).filter(Q(industry="") | Q(country=""))[:FEW]


@compiled_once
def _of_those(user: User, accounts: tuple[int, ...]) -> QuerySet[Account]:
    return _in_care(user).filter(pk__in=accounts)


@compiled_once
def _measured(user: User, baseline: int, accounts: tuple[int, ...]) -> QuerySet[Candidate]:
    return visible_candidates(user, baseline).filter(account__in=accounts).only(*MEASURED_TOLD)


def _lines(user: User, standings: Standings, seen: QuerySet[Account]) -> tuple[CareLine, ...]:
    """Key accounts, then the proposed, then the others by rank, then those that the round did not weigh, by name."""
    stand_for = [pk for pk, standing in standings.by_account.items() if standing != Standing.OTHER]
    first = _by_account(_measured(user, standings.baseline.pk, tuple(stand_for)))
    known = _in_order(_of_those(user, tuple(stand_for)), standings, first)
    if len(known) <= SHOWN:
        candidates = candidates_of(user, standings.baseline, seen).select_related(None).only(*MEASURED_TOLD)
        # In their own order, which an index has: the chosen first, then by rank.
        ranked = _by_account(candidates.exclude(account__in=stand_for)[: SHOWN + 1])
        found = seen.in_bulk(ranked)
        known += [found[pk] for pk in ranked if pk in found]
        known += seen.exclude(pk__in=[account.pk for account in known])[: SHOWN + 1]
        first |= ranked
    return tuple(CareLine(account, standings.of(account.pk), first.get(account.pk)) for account in known[: SHOWN + 1])


def _by_account(candidates: Iterable[Candidate]) -> dict[int, Candidate]:
    """Each account's candidate; of several the one that stands first."""
    found: dict[int, Candidate] = {}
    for one in candidates:
        if one.account_id is not None:
            found.setdefault(one.account_id, one)
    return found


def _in_order(accounts: Sequence[Account], standings: Standings, candidates: Mapping[int, Candidate]) -> list[Account]:
    """By standing, then by rank; the sort keeps the order of those without a rank."""
    order = list(Standing)
    last = len(candidates) + len(accounts)

    def place(account: Account) -> tuple[int, int]:
        candidate = candidates.get(account.pk)
        return order.index(standings.of(account.pk)), candidate.rank if candidate else last

    return sorted(accounts, key=place)
