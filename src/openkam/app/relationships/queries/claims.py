"""What is believed about an account and its people: who may read it, how fresh it is, what has to be asked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from openkam.analytics.relationship.claim_freshness import claim_freshness
from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import Membership, User
from openkam.app.people.queries.compiled import compiled_once
from openkam.app.relationships.models import Claim


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim and what is left of it (share)."""

    claim: Claim
    freshness: float


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    """The latest claim about each subject and topic: those that still count, those to ask again, and the older ones."""

    fresh: Sequence[ClaimLine]
    questions: Sequence[Claim]
    older: Sequence[Claim]


def visible_claims(user: User) -> QuerySet[Claim]:
    """The claims about accounts that the user sees; a private one only for the account's own manager and team."""
    return Claim.objects.filter(
        Q(is_private=False) | Q(account__in=own_accounts(user)), account__in=visible_accounts(user).order_by()
    )


def keeps_secrets_of(user: User, account: Account) -> bool:
    """True for the account's manager and the members of its team: they write and read what is private about it."""
    return own_accounts(user).filter(pk=account.pk).exists()


def claim(user: User, pk: int) -> Claim:
    """One claim that the user may read; raises `Http404` for any other."""
    found = visible_claims(user).select_related("account").filter(pk=pk).first()
    if found is None:
        raise Http404("No such claim.")
    return found


def claims_page(user: User, account: Account, today: date) -> ClaimsPage:
    """What the user may read about a visible account and its people, as of a day."""
    is_listed = Q(contact=None) | Q(contact__archived_at=None)
    shown = visible_claims(user).filter(is_listed, account=account, withdrawn_at=None).select_related("contact", "author")
    latest: dict[tuple[int | None, str], Claim] = {}
    older: list[Claim] = []
    for one in shown:
        if latest.setdefault((one.contact_id, one.topic), one) is not one:
            older.append(one)
    over = [one for one in latest.values() if one.keeps_until and one.keeps_until < today]
    return ClaimsPage(
        fresh=[
            ClaimLine(one, claim_freshness(one.as_of_on, max(one.as_of_on, today), one.shelf_life_days))
            for one in latest.values()
            if one not in over
        ],
        questions=over,
        older=older,
    )


def own_accounts(user: User) -> QuerySet[Account]:
    """The accounts whose manager or team member the user is, whatever else they see: what is private about them is theirs to read."""
    teams = Membership.objects.filter(user=user.pk).values("team")
    return Account.objects.filter(Q(manager=user.pk) | Q(team__in=teams)).order_by()


def has_own_accounts(user: User) -> bool:
    """Whether the user looks after any. Asked by manager and by team apart: "or" would go through all accounts to find none."""
    return bool(_one_own_account(user.pk))


@compiled_once
def _one_own_account(person: int) -> "QuerySet[Account, dict[str, int]]":
    teams = Membership.objects.filter(user=person).values("team")
    keys = Account.objects.order_by().values("pk")
    return keys.filter(manager=person).union(keys.filter(team__in=teams), all=True)[:1]
