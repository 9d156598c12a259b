"""How accounts stand towards the programme today: key of a tier, proposed by the latest round, or neither."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from django.db.models import Exists, OuterRef, Q, QuerySet

from openkam.app.accounts.models import Account, AccountKey
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.cockpit.terms import Standing
from openkam.app.people.models import User
from openkam.app.people.queries.compiled import compiled_once, only_row
from openkam.app.selection.models import Candidate, Decision, KeyStatus, Round, Scenario
from openkam.app.selection.permissions import sees_all_records
from openkam.app.selection.queries.candidates import visible_candidates
from openkam.app.selection.queries.status import key_accounts
from openkam.app.ui.templatetags.figures import day_text


@dataclass(frozen=True, slots=True)
class Standings:
    """The standing of accounts that stand for something: by account, and by the ledger's name of it.

    `baseline` is what the latest round proposes, and `round` that round.
    """

    baseline: Scenario
    by_account: dict[int, Standing]
    by_ledger_account: dict[str, str]

    @property
    def round(self) -> Round:
        """The latest round."""
        return self.baseline.round

    @property
    def key_now(self) -> tuple[int, ...]:
        """The accounts that are key on the day."""
        return tuple(pk for pk, standing in self.by_account.items() if standing.is_key)

    def of(self, account_id: int | None) -> Standing:
        """An account's standing."""
        return self.by_account.get(account_id, Standing.OTHER) if account_id else Standing.OTHER


class Counted(TypedDict):
    """Which ledger accounts count for a person, in the words of `analytics.report.portfolio`."""

    included: Collection[str] | None
    excluded: Collection[str]


def latest_baseline() -> Scenario | None:
    """What the newest round proposes, with that round, each without its texts; a round names no account, so everybody reads it."""
    return only_row(_latest_baseline())


@compiled_once
def _latest_baseline() -> QuerySet[Scenario]:
    newest = Scenario.objects.filter(is_baseline=True).select_related("round").order_by("-round_id")
    return newest.defer("programme", "round__programme", "round__notes")[:1]


def source_of(selection_round: Round, *, is_illustrative: bool) -> str:
    """From which facts a figure of the round comes, for the line below it."""
    facts = f"Ledger v{selection_round.ledger_version}, as of {day_text(selection_round.as_of_on)}, round {selection_round.name}"
    return f"{facts}. Cost to serve is illustrative." if is_illustrative else f"{facts}."


def standings(user: User, baseline: Scenario, on: date) -> Standings:
    """Who of the visible accounts is key on a day, and whom a round proposes by its baseline without a decision against it."""
    by_account = {pk: Standing(tier) for pk, tier in _tiers(user, on)}
    by_ledger_account: dict[str, str] = {}
    for ledger_account, pk in _proposed(user, baseline.pk, baseline.round_id):
        by_ledger_account[ledger_account] = Standing.PROPOSED
        if pk:
            by_account.setdefault(pk, Standing.PROPOSED)
    for ledger_account, pk in _keys_of(tuple(by_account)):
        by_ledger_account[ledger_account] = by_account[pk]
    return Standings(baseline, by_account, by_ledger_account)


def counted(user: User, manager: User | None = None) -> Counted:
    """The ledger accounts whose figures a person may see, of one manager if given; for who sees all only what is in the bin is out."""
    if manager is None and sees_all_records(user):
        return Counted(included=None, excluded={name for name, _ in _binned_keys()})
    seen = visible_accounts(user).order_by()
    if manager is not None:
        seen = seen.filter(manager=manager)
    return Counted(included={name for name, _ in own_keys(AccountKey.objects.filter(account__in=seen))}, excluded=())


@compiled_once
def _tiers(user: User, on: date) -> "QuerySet[KeyStatus, tuple[int, str]]":
    return key_accounts(user, on).values_list("account", "tier")


@compiled_once
def _proposed(user: User, baseline: int, selection_round: int) -> "QuerySet[Candidate, tuple[str, int | None]]":
    refused = Decision.objects.filter(round=selection_round, account=OuterRef("account"), in_key=False)
    proposed = visible_candidates(user, baseline).filter(~Exists(refused), is_selected=True).order_by()
    return proposed.values_list("ledger_account", "account")


@compiled_once
def _keys_of(accounts: tuple[int, ...]) -> "QuerySet[AccountKey, tuple[str, int]]":
    return own_keys(AccountKey.objects.filter(account__in=accounts))


@compiled_once
def _binned_keys() -> "QuerySet[AccountKey, tuple[str, int]]":
    return own_keys(AccountKey.objects.filter(account__deleted_at__isnull=False))


def own_keys(keys: QuerySet[AccountKey]) -> "QuerySet[AccountKey, tuple[str, int]]":
    """Ledger account and account, where a ledger account with customers in several accounts is the first's, as rounds have it."""
    earlier = AccountKey.objects.filter(ledger_account=OuterRef("ledger_account"), pk__lt=OuterRef("pk"))
    firsts = keys.filter(~Exists(earlier.filter(~Q(account=OuterRef("account")))))
    return firsts.order_by().values_list("ledger_account", "account").distinct()


def accounts_of(user: User, ledger_accounts: Collection[str]) -> dict[str, Account]:
    """The visible account behind each ledger account."""
    owners = dict(own_keys(AccountKey.objects.filter(ledger_account__in=ledger_accounts)))
    seen = visible_accounts(user).filter(pk__in=owners.values()).select_related("manager").defer("search_text").in_bulk()
    return {name: seen[pk] for name, pk in owners.items() if pk in seen}


def candidates_of(user: User, baseline: Scenario, accounts: QuerySet[Account]) -> QuerySet[Candidate]:
    """The round's candidates among the given accounts, the proposed first, then by rank."""
    return visible_candidates(user, baseline).filter(account__in=accounts.order_by()).select_related("account__manager")
