"""What became of alerts: those that somebody dealt with, whether that still holds, and how many of them were losses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from openkam.analytics.worth.alert_verdicts import LossShare, loss_share
from openkam.analytics.worth.alert_watch import Silence, silence_in_days
from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.valuation.models import AccountWorth, AlertVerdict, Valuation, VerdictWithdrawal
from openkam.app.valuation.queries.scope import latest_valuation, visible_worths
from openkam.app.valuation.terms import LONGEST_SILENCE_DAYS, LOST, Finding

ROWS_PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """A verdict in a list. `state` says whether it still keeps the alert away, `is_standing` whether it can be taken back."""

    verdict: AlertVerdict
    silence: Silence
    withdrawal: VerdictWithdrawal | None
    state: str
    is_standing: bool

    @property
    def last_order_on(self) -> date:
        """As of the silence that was told."""
        return self.verdict.last_order_on

    @property
    def overdue_on(self) -> date:
        """As of the silence that was told."""
        return self.verdict.overdue_on

    @property
    def gap_count(self) -> int:
        """As of the silence that was told."""
        return self.verdict.gap_count

    @property
    def is_thin(self) -> bool:
        """As of the silence that was told."""
        return self.verdict.is_thin


@dataclass(frozen=True, slots=True)
class VerdictsPage:
    """One page of what was dealt with, the newest first."""

    valuation: Valuation | None
    page: Page[AlertVerdict]
    lines: Sequence[VerdictLine]
    losses: LossShare | None


def visible_verdicts(user: User) -> QuerySet[AlertVerdict]:
    """What was found about the accounts that the person sees, what was taken back among it."""
    return AlertVerdict.objects.filter(account__in=visible_accounts(user).order_by())


def is_dealt_with(valuation: Valuation) -> Exists:
    """Of rows of a valuation: whether somebody dealt with the silence, and it stays away on the day of the valuation."""
    told = _standing(valuation).filter(account=OuterRef("account"), last_order_on__gte=OuterRef("last_order_on"))
    return Exists(told.order_by())


def open_silence(user: User, account: Account, *, lock: bool = False) -> AccountWorth:
    """The overdue row of an account that nobody dealt with yet, the most money at stake first; raises `Http404` where there is none.

    With `lock` the account's row is locked, so that of two people who deal with it at once one finds it done.
    """
    valuation = latest_valuation()
    if lock:
        Account.objects.select_for_update(of=("self",)).filter(pk=account.pk).order_by().first()
    found = None
    if valuation is not None:
        seen = visible_worths(user, valuation).filter(account=account, is_overdue=True)
        left = seen.filter(~is_dealt_with(valuation)).select_related("valuation")
        found = left.order_by(F("at_stake").desc(nulls_last=True), "pk").first()
    if found is None:
        raise Http404("No order of this account is overdue that nobody dealt with.")
    return found


def default_silent_until(worth: AccountWorth, found: str, order_expected_on: date | None) -> date:
    """The day on which an alert comes back unless another one is given: a usual gap after the end of the window in which the order is
    expected, or after the day that the customer named; after a loss only when the longest time is over.
    """
    as_of, longest = worth.valuation.as_of_on, last_silent_day(worth.valuation.as_of_on)
    if found in LOST:
        return longest
    gap = _silence(worth, as_of).usual_gap
    window = order_expected_on or worth.window_to_on or as_of
    return min(max(window, as_of) + timedelta(days=max(gap, 1)), longest)


def last_silent_day(as_of: date, today: date | None = None) -> date:
    """Until when an alert may stay silent at most."""
    return max(as_of, today or as_of) + timedelta(days=LONGEST_SILENCE_DAYS)


def silence_line(worth: AccountWorth) -> VerdictLine:
    """An open silence as it would be dealt with, for the page that asks."""
    asked = AlertVerdict(
        last_order_on=worth.last_order_on,
        overdue_on=worth.overdue_on,
        gap_count=worth.gap_count or 0,
        is_thin=bool(worth.is_thin),
    )
    return VerdictLine(asked, _silence(worth, worth.valuation.as_of_on), None, "", is_standing=False)


def verdict_of(user: User, account: Account, pk: int) -> AlertVerdict:
    """One verdict of an account that can be taken back; raises `Http404` where there is none, or none that the person sees."""
    found = visible_verdicts(user).select_related("account", "valuation").filter(account=account, withdrawals=None, pk=pk).first()
    if found is None:
        raise Http404("Nothing of that kind was found, or it was taken back already.")
    return found


def account_verdicts(user: User, account: Account, worth: AccountWorth) -> list[VerdictLine]:
    """All that was found about an account's silences, the newest first, in two queries."""
    found = visible_verdicts(user).filter(account=account).select_related("account", "made_by", "valuation")
    return _lines(found, worth.valuation, {account.pk: worth.last_order_on})


def standing_verdict(worth: AccountWorth) -> AlertVerdict | None:
    """What keeps the alert of an account's silence away, in one query; the caller sees the account."""
    told = _standing(worth.valuation).filter(account=worth.account_id, last_order_on__gte=worth.last_order_on)
    return told.select_related("made_by").first()


def _standing(valuation: Valuation) -> QuerySet[AlertVerdict]:
    """Verdicts that nobody took back and whose day has not come as of a valuation."""
    return AlertVerdict.objects.filter(silent_until_on__gt=valuation.as_of_on, withdrawals=None)


def verdicts_page(user: User, number: str) -> VerdictsPage:
    """One page of what people found about the accounts that the person sees, in a number of queries that does not depend on rows."""
    valuation = latest_valuation()
    page = Paginator(visible_verdicts(user).select_related("account", "made_by", "valuation"), ROWS_PER_PAGE).get_page(number)
    lines: list[VerdictLine] = []
    if valuation is not None:
        shown = list(page.object_list)
        of = {one.account_id for one in shown}
        newest = AccountWorth.objects.filter(valuation=valuation, account__in=of).order_by().values_list("account")
        lines = _lines(shown, valuation, dict(newest.annotate(Max("last_order_on"))))
    return VerdictsPage(valuation, page, lines, losses_among_dealt(user, valuation) if valuation else None)


def losses_among_dealt(user: User, valuation: Valuation) -> LossShare:
    """How many of the silences that people dealt with were losses, among the accounts that the person sees, in one query.

    Each silence counts once, by what was found last. It is a loss where that says so and the account has not ordered since; none where
    it has, or where the data was wrong; all others nobody knows yet.
    """
    later = AlertVerdict.objects.filter(
        account=OuterRef("account"), last_order_on=OuterRef("last_order_on"), pk__gt=OuterRef("pk"), withdrawals=None
    )
    newest = (
        AccountWorth.objects.filter(valuation=valuation, account=OuterRef("account"))
        .order_by(F("last_order_on").desc(nulls_last=True))
        .values("last_order_on")[:1]
    )
    told = visible_verdicts(user).filter(~Exists(later), withdrawals=None).order_by().annotate(newest_order_on=Subquery(newest))
    has_ordered = Q(newest_order_on__gt=F("last_order_on"))
    counts = told.aggregate(
        all=Count("pk"),
        lost=Count("pk", filter=Q(found__in=LOST) & (Q(newest_order_on=None) | Q(newest_order_on__lte=F("last_order_on")))),
        not_lost=Count("pk", filter=has_ordered | Q(found=Finding.WRONG_DATA)),
    )
    decided = counts["lost"] + counts["not_lost"]
    return loss_share(counts["lost"], decided, counts["all"] - decided)


def _lines(
    verdicts: Iterable[AlertVerdict], valuation: Valuation, newest_order_on: dict[int | None, date | None]
) -> list[VerdictLine]:
    rows = list(verdicts)
    taken = VerdictWithdrawal.objects.filter(verdict__in=[one.pk for one in rows]).select_related("made_by")
    back = {one.verdict_id: one for one in taken}
    return [
        VerdictLine(
            verdict=one,
            silence=silence_in_days(one.last_order_on, one.expected_on, one.overdue_on, one.valuation.as_of_on),
            withdrawal=back.get(one.pk),
            state=_state(one, back.get(one.pk), newest_order_on.get(one.account_id), valuation.as_of_on),
            is_standing=one.pk not in back,
        )
        for one in rows
    ]


def _state(verdict: AlertVerdict, withdrawal: VerdictWithdrawal | None, newest_order_on: date | None, on: date) -> str:
    if withdrawal is not None:
        return "taken back"
    if newest_order_on is not None and newest_order_on > verdict.last_order_on:
        return "ordered since"
    return "silent" if on < verdict.silent_until_on else "its day has come"


def _silence(worth: AccountWorth, as_of: date) -> Silence:
    """Raises `Http404` for a row without a rhythm, which is never overdue."""
    if worth.last_order_on is None or worth.expected_on is None or worth.overdue_on is None:
        raise Http404("This account has no rhythm yet.")
    return silence_in_days(worth.last_order_on, worth.expected_on, worth.overdue_on, as_of)
