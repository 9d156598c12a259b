"""The board of the six stages over every account that a person sees, in as many queries however many accounts there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from openkam.analytics.relationship.lifecycle_stage.decisions import StageRecord
from openkam.analytics.relationship.lifecycle_stage.stages import Stage
from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.relationships.models import StageChange, StageEvidence
from openkam.app.relationships.queries.stages import StageGlance, glance
from openkam.app.relationships.terms import LifecycleStage
from openkam.app.selection.queries.status import current_statuses, tiers_on
from openkam.app.selection.terms import Tier

CARDS_SHOWN = 15
"""In each column; the rest is counted."""


@dataclass(frozen=True, slots=True)
class StageCard:
    """One account on the board."""

    account: Account
    tier: str
    glance: StageGlance
    has_evidence: bool


@dataclass(frozen=True, slots=True)
class StageColumn:
    """One stage: all its accounts counted, the first of them as cards (those with evidence first, then key accounts, then by name)."""

    stage: LifecycleStage
    count: int
    cards: Sequence[StageCard]
    is_chosen: bool

    @property
    def more(self) -> int:
        """Accounts that are not shown."""
        return self.count - len(self.cards)


@dataclass(frozen=True, slots=True)
class StageBoard:
    """Six columns; `chosen` is the one that a phone shows."""

    columns: Sequence[StageColumn]
    chosen: LifecycleStage
    account_count: int
    proposed: int
    on_watch: int


def staged_accounts(user: User, today: date, *, manager: User | None = None, tier: str = "") -> QuerySet[Account]:
    """The accounts that the user sees, each with its `stage`, `since_on` (null: since it was added), whether it is `touched`, and key."""
    latest = StageChange.objects.filter(account=OuterRef("pk")).order_by("-id")
    known = StageEvidence.objects.filter(account=OuterRef("pk"), withdrawn_at=None)
    found = visible_accounts(user).annotate(
        stage=Coalesce(Subquery(latest.values("to_stage")[:1]), Value(LifecycleStage.PRE.value)),
        since_on=Subquery(latest.values("decided_on")[:1]),
        touched=Exists(known),
        is_key=Exists(current_statuses(today).filter(account=OuterRef("pk"))),
    )
    if manager is not None:
        found = found.filter(manager=manager)
    if tier:
        found = found.filter(pk__in=current_statuses(today).filter(tier=tier).values("account"))
    return found


def stage_board(user: User, today: date, *, manager: User | None = None, tier: str = "", chosen: str = "") -> StageBoard:
    """The board as of a day, in four queries."""
    accounts = staged_accounts(user, today, manager=manager, tier=tier)
    counts = dict(accounts.order_by().values("stage").annotate(n=Count("pk")).values_list("stage", "n"))
    place = Window(
        RowNumber(),
        partition_by=[F("stage")],
        order_by=[F("touched").desc(), F("is_key").desc(), F("sort_name").asc(), F("pk").asc()],
    )
    shown = list(
        accounts.annotate(place=place)
        .filter(place__lte=CARDS_SHOWN)
        .select_related("manager")
        .order_by("-touched", "-is_key", "sort_name", "pk")
    )
    rows: dict[int, list[StageEvidence]] = {}
    for row in StageEvidence.objects.filter(account__in=[one.pk for one in shown], withdrawn_at=None):
        rows.setdefault(row.account_id, []).append(row)
    tiers = tiers_on(today, [one.pk for one in shown])
    cards = [_card(one, rows.get(one.pk, []), tiers.get(one.pk, ""), today) for one in shown]
    wanted = next((stage for stage in LifecycleStage if stage.value == chosen), None)
    first = wanted or next((stage for stage in LifecycleStage if counts.get(stage.value)), LifecycleStage.PRE)
    return StageBoard(
        columns=[
            StageColumn(
                stage,
                counts.get(stage.value, 0),
                [card for card in cards if card.glance.stage == stage],
                is_chosen=stage == first,
            )
            for stage in LifecycleStage
        ],
        chosen=first,
        account_count=sum(counts.values()),
        proposed=sum(1 for card in cards if card.glance.proposal),
        on_watch=sum(1 for card in cards if card.glance.is_watched),
    )


def _card(account: Account, rows: Sequence[StageEvidence], tier: str, today: date) -> StageCard:
    annotated = vars(account)
    since_on = annotated["since_on"] or timezone.localdate(account.created_at)
    record = StageRecord(Stage(annotated["stage"]), since_on)
    return StageCard(account, str(Tier(tier).label) if tier else "", glance(record, rows, today), has_evidence=bool(rows))
