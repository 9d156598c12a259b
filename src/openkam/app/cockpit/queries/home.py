"""What a person finds at home: what exists so far, chosen by what they may do, and what to do next."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.accounts.terms.account import Kind
from openkam.app.audit.models import Entry
from openkam.app.audit.permissions import reads_everything
from openkam.app.audit.queries import newest_entries, record_address
from openkam.app.cockpit.queries.care import Care, care
from openkam.app.cockpit.queries.glance import Glance, glance
from openkam.app.cockpit.queries.standing import latest_baseline, standings
from openkam.app.ledger.models import ImportDraft
from openkam.app.ledger.queries.drafts import open_drafts
from openkam.app.ledger.queries.history import BatchLine, batches, latest_version
from openkam.app.ledger.queries.sources import sources
from openkam.app.ledger.terms import RefusedError
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.app.people.queries import people
from openkam.app.people.queries.compiled import compiled_once
from openkam.app.people.terms import Role
from openkam.app.relationships.models import Commitment, Mention
from openkam.app.relationships.queries.commitments import promises_at_risk
from openkam.app.relationships.queries.mentions import mentions_lately
from openkam.app.runs.models import Run
from openkam.app.runs.queries import visible_runs
from openkam.app.selection.models import Round
from openkam.app.valuation.queries.alerts import AlertLine, own_alerts

FEW = 5
FEW_ALERTS = 3
MANAGERS_SHOWN = 10
DRAFT_TOLD = ("table", "step", "begun_at", "source__name", "begun_by__name")
RUN_TOLD = ("title", "status", "queued_at", "failure", "requested_by__name")
PERSON_TOLD = ("name", "hours_per_year")
"""What a line of a panel says of a draft, a run, a manager: a home asks for nothing else."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step from an empty workspace to a working one."""

    label: str
    why: str
    is_done: bool
    act: str
    href: str


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All accounts at a glance."""

    customers: int
    prospects: int
    suppliers: int
    without_manager: int
    capacity: tuple[User, ...]
    """Managers who may sign in, those with the most accounts first; `account_count` says how many each looks after."""
    more_managers_count: int


@dataclass(frozen=True, slots=True)
class DataState:
    """What the ledger holds; `problem` says why it cannot be read."""

    version: int
    source_count: int
    rows: int
    rows_held_back: int
    last_batch: BatchLine | None
    drafts: tuple[ImportDraft, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class PeopleState:
    """Who may sign in."""

    active: int
    without_second_factor: int
    newest: tuple[User, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """The panels of one person's home; a panel that is none of their business is None."""

    steps: tuple[Step, ...]
    round: Round | None
    care: Care
    promises: tuple[Commitment, ...]
    """Promises of either side at the person's own accounts that are due or overdue."""
    alerts: tuple[AlertLine, ...]
    """Overdue orders of the accounts that the person looks after, the most money at stake first."""
    mentions: tuple[Mention, ...]
    """Where colleagues mentioned the person lately, in entries that they may read."""
    glance: Glance | None
    portfolio: Portfolio | None
    data: DataState | None
    people: PeopleState | None
    runs: tuple[Run, ...] | None
    lately: tuple[tuple[Entry, str], ...] | None
    """The newest entries of the audit, each with the address of its record's page (blank without one)."""


def home(user: User, on: date) -> Home:
    """Everything that a person's home shows on a day, in a number of queries that depends on their role alone, and on whether there
    is a round.
    """
    data = _data(user) if may(user, Permission.IMPORT_FACTS) else None
    portfolio = _portfolio(user) if may(user, Permission.DECIDE_SELECTION) else None
    staff = _people(user) if may(user, Permission.MANAGE_PEOPLE) else None
    proposed = latest_baseline()
    stand = standings(user, proposed, on) if proposed else None
    runs = tuple(_runs(user))
    has_glance = stand is not None and may(user, Permission.CONDUCT_REVIEW)
    return Home(
        steps=_steps(user, data, portfolio, staff),
        round=proposed.round if proposed else None,
        care=care(user, stand, with_cases=not has_glance),
        promises=tuple(promises_at_risk(user, on, FEW)),
        alerts=own_alerts(user, FEW_ALERTS) if user.role == Role.MANAGER else (),
        mentions=tuple(mentions_lately(user, FEW)),
        glance=glance(user, stand) if stand and has_glance else None,
        portfolio=portfolio,
        data=data,
        people=staff,
        runs=runs if runs or may(user, Permission.CONDUCT_REVIEW) else None,
        lately=tuple((entry, record_address(entry)) for entry in newest_entries(user, FEW)) if reads_everything(user) else None,
    )


def _portfolio(user: User) -> Portfolio:
    counts: Counter[str] = Counter()
    held: Counter[int | None] = Counter()
    for kind, manager, count in visible_accounts(user).order_by().values_list("kind", "manager").annotate(count=Count("*")):
        counts[kind] += count
        held[manager] += count
    people = sorted(_look_after(tuple(key for key in held if key)), key=lambda person: -held[person.pk])
    for person in people:
        person.account_count = held[person.pk]  # pyright: ignore[reportAttributeAccessIssue] - as an annotation would
    return Portfolio(
        customers=counts[Kind.CUSTOMER],
        prospects=counts[Kind.PROSPECT],
        suppliers=counts[Kind.SUPPLIER],
        without_manager=held[None],
        capacity=tuple(people[:MANAGERS_SHOWN]),
        more_managers_count=max(len(people) - MANAGERS_SHOWN, 0),
    )


def _data(user: User) -> DataState:
    under_way = tuple(_under_way(user))
    source_count = sources(user).count()
    try:
        done = batches(user)
    except RefusedError as refused:
        return DataState(0, source_count, 0, 0, None, under_way, str(refused))
    live = [line for line in done if line.is_live]
    return DataState(
        latest_version(user),
        source_count,
        sum(line.rows_accepted for line in live),
        sum(line.rows_rejected for line in live),
        done[0] if done else None,
        under_way,
        "",
    )


@compiled_once
def _runs(user: User) -> QuerySet[Run]:
    return visible_runs(user).defer(None).only(*RUN_TOLD)[:FEW]


@compiled_once
def _look_after(owners: tuple[int, ...]) -> QuerySet[User]:
    return User.objects.filter(Q(role=Role.MANAGER) | Q(pk__in=owners), is_active=True).only(*PERSON_TOLD)


@compiled_once
def _under_way(user: User) -> QuerySet[ImportDraft]:
    return open_drafts(user).select_related(None).select_related("source", "begun_by").only(*DRAFT_TOLD)[:FEW]


def _people(user: User) -> PeopleState:
    active = people(user).filter(is_active=True)
    return PeopleState(
        active.count(), active.filter(has_second_factor=False).count(), tuple(active.order_by("-joined_at", "-pk")[:FEW])
    )


def _steps(user: User, data: DataState | None, portfolio: Portfolio | None, staff: PeopleState | None) -> tuple[Step, ...]:
    """The way from nothing to accounts with managers, for who can walk it; empty once it is walked."""
    if data is None or portfolio is None:
        return ()
    steps = [
        Step(
            "Say where your files come from",
            "A source is one system of one business unit; every row keeps its name.",
            bool(data.source_count or data.version),
            "Add a source",
            reverse("ledger:source-create"),
        ),
        Step(
            "Import what was sold",
            "Order lines or invoices as they are. Rows that cannot be read are held back with their reason.",
            bool(data.version),
            "Import files",
            reverse("ledger:import-start"),
        ),
        Step(
            "Have accounts to look after",
            "Customers, prospects and suppliers, each with a manager who sees it.",
            bool(portfolio.customers or portfolio.prospects or portfolio.suppliers),
            "Add an account",
            reverse("accounts:create"),
        ),
    ]
    if staff is not None:
        steps.append(
            Step(
                "Let your managers in",
                "A manager sees their own accounts and nobody else's.",
                bool(portfolio.capacity),
                "Add a person",
                reverse("people:create"),
            )
        )
    return () if all(step.is_done for step in steps) else tuple(steps)
