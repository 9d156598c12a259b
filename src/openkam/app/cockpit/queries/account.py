"""An account as a whole: what each lower room knows of it, for one page."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from openkam.app.accounts.models import Account, AccountKey, Tag
from openkam.app.accounts.queries.record_card import (
    CardLine,
    HistoryLine,
    RecordCard,
    account_history,
    children,
    record_card,
    shared_with,
)
from openkam.app.accounts.queries.scope import account, ancestors
from openkam.app.accounts.terms.card import FactField
from openkam.app.cockpit.queries.account_standing import AccountStanding, account_standing
from openkam.app.people.models import Membership, User
from openkam.app.people.queries.compiled import compiled_once
from openkam.app.relationships.models import Interaction
from openkam.app.relationships.queries.interactions import lately
from openkam.app.relationships.queries.loyalty import Headline, account_headline
from openkam.app.relationships.queries.stages import StageGlance, stage_glance

HISTORY_SHOWN = 8
TIMELINE_SHOWN = 5
KEYS_SHOWN = 5
EXPECTED = (FactField.INDUSTRY, FactField.COUNTRY, FactField.EMPLOYEES, FactField.ANNUAL_TURNOVER)
"""What a card should say before an account can be compared with others."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the page asks for first; `field` is the fact it is about."""

    text: str
    url_name: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody who may see the account, and why."""

    person: User
    part: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Everything that the page of one account shows."""

    account: Account
    above: tuple[Account, ...]
    below: tuple[Account, ...]
    has_more_below: bool
    card: RecordCard
    tags: tuple[Tag, ...]
    keys: tuple[AccountKey, ...]
    has_more_keys: bool
    known: tuple[CardLine, ...]
    unknown: tuple[CardLine, ...]
    team: tuple[TeamMember, ...]
    history: tuple[HistoryLine, ...]
    timeline: tuple[Interaction, ...]
    programme: AccountStanding
    next_step: NextStep | None
    stage: StageGlance
    rung: Headline


def account_page(user: User, pk: int, on: date) -> AccountPage:
    """The page of one visible account on a day; raises `Http404` when there is none, or none that the user sees."""
    found = account(user, pk)
    card = record_card(found)
    below, has_more_below = children(user, found)
    keys = tuple(_keys(found.pk))
    return AccountPage(
        account=found,
        above=tuple(ancestors(user, found)),
        below=below,
        has_more_below=has_more_below,
        card=card,
        tags=tuple(_tags(found.pk)),
        keys=keys[:KEYS_SHOWN],
        has_more_keys=len(keys) > KEYS_SHOWN,
        known=tuple(line for line in card.lines if line.latest),
        unknown=tuple(line for line in card.lines if not line.latest),
        team=_team(found),
        history=account_history(user, found, limit=HISTORY_SHOWN),
        timeline=tuple(lately(user, found, TIMELINE_SHOWN)),
        programme=account_standing(user, found, on),
        next_step=_next_step(found, card),
        stage=stage_glance(found, on),
        rung=account_headline(found, on),
    )


def _team(found: Account) -> tuple[TeamMember, ...]:
    members = [TeamMember(found.manager, "Manager")] if found.manager else []
    if found.team:
        members += [
            TeamMember(mate.user, f"Leads {found.team.name}" if mate.is_lead else found.team.name)
            for mate in _mates(found.team.pk)
            if mate.user_id != found.manager_id
        ]
    present = {member.person.pk for member in members}
    members += [TeamMember(person, "Shared with") for person in shared_with(found) if person.pk not in present]
    return tuple(members)


@compiled_once
def _keys(account: int) -> QuerySet[AccountKey]:
    return AccountKey.objects.filter(account=account)[: KEYS_SHOWN + 1]


@compiled_once
def _tags(account: int) -> QuerySet[Tag]:
    return Tag.objects.filter(accounts=account)


@compiled_once
def _mates(team: int) -> QuerySet[Membership]:
    return Membership.objects.filter(team=team).select_related("user").order_by("-is_lead", "user__name", "pk")


def _next_step(found: Account, card: RecordCard) -> NextStep | None:
    if found.manager is None:
        return NextStep("Give it a manager", "accounts:edit")
    stale = next((line for line in card.lines if line.latest and line.latest.is_stale), None)
    if stale:
        return NextStep(f"Ask again: {stale.label}", "accounts:state_fact", stale.field)
    missing = next((line for line in card.lines if line.field in EXPECTED and not line.latest), None)
    if missing:
        return NextStep(f"Find out: {missing.label}", "accounts:state_fact", missing.field)
    return None
