"""The ladder of loyalty of accounts and of their people, with the evidence of each rung."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.http import Http404

from openkam.analytics.relationship.loyalty_ladder import (
    Attitude,
    Ladder,
    LadderRules,
    LoyaltyFacts,
    Recommendation,
    RungFlag,
    TwoWayPlan,
    loyalty_ladder,
)
from openkam.analytics.terms import Period
from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.people.queries.compiled import compiled_once, only_row
from openkam.app.relationships.models import Contact, Employment, LadderPlace, LoyaltyEvidence
from openkam.app.relationships.queries.survey_answers import SurveyAttitude, attitudes_at
from openkam.app.relationships.terms import LadderRung, LoyaltyKind
from openkam.app.selection.models import Candidate, Round
from openkam.app.ui.templatetags.charts import Chart, framed
from openkam.app.valuation.models import AccountWorth
from openkam.app.valuation.queries.scope import latest_valuation

OPEN_END = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class LadderView:
    """A ladder in words: each rung with its evidence, the highest unbroken one, and what stands above the break."""

    ladder: Ladder
    rungs: Sequence[tuple[str, RungFlag]]
    headline: str
    missing: str
    beyond: Sequence[str]

    @property
    def place(self) -> int:
        """Which rung from below it has reached; 0 for none."""
        return 0 if self.ladder.headline is None else [flag.rung for flag in self.ladder.flags].index(self.ladder.headline) + 1


@dataclass(frozen=True, slots=True)
class AccountLadder:
    """The ladder of an account and of its people; orders are judged as of the last day of the facts."""

    account: LadderView
    people: Sequence[tuple[Contact, LadderView]]
    evidence: Sequence[LoyaltyEvidence]
    facts_on: date | None


@dataclass(frozen=True, slots=True)
class Headline:
    """The highest unbroken rung: its place from below, 0 and no name where none is reached."""

    place: int
    headline: str


@dataclass(frozen=True, slots=True)
class LadderBoard:
    """How many accounts stand on each rung, by a reckoning of `reckoned_on` or later; `not_reckoned` of them never were."""

    counts: Sequence[tuple[str, int]]
    chart: Chart | None
    not_reckoned: int
    reckoned_on: date | None
    facts_on: date | None


def visible_loyalty_evidence(user: User) -> QuerySet[LoyaltyEvidence]:
    """Everything that was noted about the accounts that the user sees."""
    return LoyaltyEvidence.objects.filter(account__in=visible_accounts(user).order_by())


def loyalty_evidence(user: User, pk: int) -> LoyaltyEvidence:
    """One piece about a visible account; raises `Http404` for any other."""
    found = visible_loyalty_evidence(user).select_related("account").filter(pk=pk).first()
    if found is None:
        raise Http404("No such evidence.")
    return found


def account_ladder(account: Account, today: date) -> AccountLadder:
    """The ladder of an account that `account` or `visible_accounts` returned, and of who works there."""
    notes = list(_notes([account.pk]).select_related("author", "contact", "confirmed_by"))
    attitudes = attitudes_at([account.pk], today)
    facts, facts_on = _measured([account.pk])
    people = Contact.objects.filter(
        pk__in=Employment.objects.filter(account=account, until_on=None).order_by().values("contact"), archived_at=None
    )
    return AccountLadder(
        account=_view(loyalty_ladder(_facts(facts.get(account.pk), notes, attitudes), today, _rules(today, facts_on))),
        people=[
            (one, _view(loyalty_ladder(_facts(None, *_of(one, notes, attitudes)), today, LadderRules(informants=1))))
            for one in people
        ],
        evidence=notes,
        facts_on=facts_on,
    )


def account_headline(account: Account, today: date) -> Headline:
    """The rung of a visible account for the head of its page: as it was last reckoned, and reckoned now where it never was."""
    place = only_row(_place(account.pk))
    if place is None:
        place = ladders_of([account.pk], today)[account.pk].place
    return Headline(place, str(list(LadderRung)[place - 1].label) if place else "")


def ladders_of(keys: Sequence[int], today: date) -> dict[int, LadderView]:
    """The ladder of each of these accounts, in as many queries however many they are; whether a user may see them was asked before."""
    facts, facts_on = _measured(keys)
    notes: dict[int, list[LoyaltyEvidence]] = {}
    for note in _told_notes(tuple(keys)):
        notes.setdefault(note.account_id, []).append(note)
    attitudes: dict[int, list[SurveyAttitude]] = {}
    for one in attitudes_at(keys, today):
        attitudes.setdefault(one.account_id, []).append(one)
    rules = _rules(today, facts_on)
    return {
        key: _view(loyalty_ladder(_facts(facts.get(key), notes.get(key, []), attitudes.get(key, [])), today, rules))
        for key in keys
    }


def ladder_board(user: User) -> LadderBoard:
    """How many of the accounts that the user sees stand on each rung, by the last reckoning; those not reckoned yet are counted apart."""
    accounts = visible_accounts(user).order_by()
    places = LadderPlace.objects.filter(account__in=accounts).order_by()
    rows = list(places.values_list("place").annotate(Count("pk"), Min("reckoned_on")))
    by_place = {place: (count, day) for place, count, day in rows}
    counts = [(str(kind.label), by_place.get(number, (0, None))[0]) for number, kind in enumerate(LadderRung, start=1)]
    counts.append(("Not known", by_place.get(0, (0, None))[0]))
    days = [day for _, day in by_place.values() if day is not None]
    latest = latest_valuation()
    return LadderBoard(
        counts=counts,
        chart=_chart(counts),
        not_reckoned=accounts.count() - sum(count for _, count, _ in rows),
        reckoned_on=min(days, default=None),
        facts_on=latest.as_of_on if latest else None,
    )


def accounts_on(user: User, rung: str) -> QuerySet[Account]:
    """The visible accounts on a rung, all of them for a blank or unknown one, by the last reckoning: the highest rung first."""
    place = next((number for number, kind in enumerate(LadderRung, start=1) if kind.value == rung), None)
    found = visible_accounts(user).defer("search_text").select_related("manager")
    if place is not None:
        return found.filter(pk__in=LadderPlace.objects.filter(place=place).values("account")).order_by("sort_name", "pk")
    reckoned = LadderPlace.objects.filter(account=OuterRef("pk")).values("place")
    return found.annotate(reckoned=Subquery(reckoned)).order_by(F("reckoned").desc(nulls_last=True), "sort_name", "pk")


def _rules(today: date, facts_on: date | None) -> LadderRules:
    """Orders and their rhythm are judged as of the last day of the facts: what was ordered since, nobody has told."""
    rules = LadderRules()
    if facts_on is None or facts_on >= today:
        return rules
    lag = (today - facts_on).days
    return replace(rules, order_days=rules.order_days + lag, regularity_days=rules.regularity_days + lag)


def _notes(keys: Iterable[int]) -> QuerySet[LoyaltyEvidence]:
    return LoyaltyEvidence.objects.filter(account__in=keys, withdrawn_at=None)


def _measured(keys: Sequence[int]) -> tuple[dict[int, LoyaltyFacts], date | None]:
    """Orders by the latest valuation, regularity by the latest round; an account that neither knows is missing."""
    found: dict[int, LoyaltyFacts] = {}
    latest = latest_valuation()
    if latest is not None:
        for key, recent, last_on in _orders(latest.pk, tuple(keys)):
            days = {date.fromisoformat(day) for day in recent} | ({last_on} if last_on else set())
            before = found[key].ordered_on if key in found else None
            found[key] = LoyaltyFacts(ordered_on=tuple(sorted(days | set(before or ()))))
    selection_round = only_row(_latest_round())
    if selection_round is not None:
        for key, shape, thin in _rhythms(selection_round.pk, tuple(keys)):
            # A rhythm borrowed from the others, for want of its own, is no evidence about this account.
            if shape is not None and str(thin).lower() not in {"true", "1", "1.0"}:
                known = found.get(key, LoyaltyFacts())
                found[key] = replace(known, regularity_shape=float(shape), regularity_on=selection_round.as_of_on)
    return found, latest.as_of_on if latest else None


@compiled_once
def _place(account: int) -> QuerySet[LadderPlace, int]:
    return LadderPlace.objects.filter(account=account).order_by().values_list("place", flat=True)


@compiled_once
def _told_notes(accounts: tuple[int, ...]) -> QuerySet[LoyaltyEvidence]:
    return _notes(accounts).select_related("confirmed_by", "contact")


@compiled_once
def _orders(valuation: int, accounts: tuple[int, ...]) -> QuerySet[AccountWorth, tuple[Any, ...]]:
    rows = AccountWorth.objects.filter(account__in=accounts, valuation=valuation).order_by()
    return rows.values_list("account", "recent_orders", "last_order_on")


@compiled_once
def _latest_round() -> QuerySet[Round]:
    return Round.objects.only("as_of_on")[:1]


@compiled_once
def _rhythms(selection_round: int, accounts: tuple[int, ...]) -> QuerySet[Candidate, tuple[Any, ...]]:
    told = Candidate.objects.filter(scenario__round=selection_round, scenario__is_baseline=True, account__in=accounts).order_by()
    shapes = told.annotate(k=KT("measures__regularity_k"), thin=KT("measures__regularity_is_thin"))
    return shapes.values_list("account", "k", "thin")


def _of(
    person: Contact, notes: Sequence[LoyaltyEvidence], attitudes: Sequence[SurveyAttitude]
) -> tuple[list[LoyaltyEvidence], list[SurveyAttitude]]:
    return [one for one in notes if one.contact_id == person.pk], [one for one in attitudes if one.contact_id == person.pk]


def _facts(measured: LoyaltyFacts | None, notes: Sequence[LoyaltyEvidence], attitudes: Sequence[SurveyAttitude]) -> LoyaltyFacts:
    of: dict[str, list[LoyaltyEvidence]] = {}
    for note in notes:
        of.setdefault(note.kind, []).append(note)
    told = [*(one.attitude for one in attitudes), *(_attitude(one) for one in of.get(LoyaltyKind.ATTITUDE, []))]
    contract, plan = of.get(LoyaltyKind.CONTRACT), of.get(LoyaltyKind.PLAN)
    return replace(
        measured or LoyaltyFacts(),
        is_fit=True if of.get(LoyaltyKind.FIT) else None,
        attitudes=tuple(told) or None,
        recommendations=tuple(
            Recommendation(one.on, one.source, one.confirmed_by.name if one.confirmed_by else None)
            for one in of.get(LoyaltyKind.RECOMMENDATION, [])
        )
        or None,
        contract=Period(contract[0].on, contract[0].until_on or OPEN_END) if contract else None,
        plan=_plan(plan[0]) if plan else None,
    )


def _attitude(note: LoyaltyEvidence) -> Attitude:
    informant = note.contact.name if note.contact else f"somebody at the account ({note.pk})"
    return Attitude(informant, note.on, note.source, recommends=note.recommends)


def _plan(note: LoyaltyEvidence) -> TwoWayPlan:
    ours = note.confirmed_by.name if note.confirmed_by else None
    return TwoWayPlan(Period(note.on, note.until_on or OPEN_END), note.source, ours, note.confirmed_by_them or None)


def _view(ladder: Ladder) -> LadderView:
    missing = ladder.next_missing
    return LadderView(
        ladder=ladder,
        rungs=[(str(LadderRung(flag.rung.value).label), flag) for flag in reversed(ladder.flags)],
        headline=str(LadderRung(ladder.headline.value).label) if ladder.headline else "",
        missing=f"{LadderRung(missing.rung.value).label}: {missing.missing}" if missing else "",
        beyond=[str(LadderRung(rung.value).label) for rung in ladder.beyond],
    )


def _chart(counts: Sequence[tuple[str, int]]) -> Chart | None:
    if not any(count for _, count in counts):
        return None
    labels = [label for label, _ in counts]
    values = [{"rung": label, "count": count} for label, count in counts]
    y = {"field": "rung", "type": "nominal", "title": None, "sort": labels[:-1][::-1] + labels[-1:]}
    x = {"field": "count", "type": "quantitative", "title": "Accounts", "axis": {"tickMinStep": 1}}
    return Chart(
        spec=framed(
            data={"values": values},
            layer=[
                {"mark": {"type": "bar"}, "encoding": {"x": x, "y": y}},
                {
                    "mark": {"type": "text", "align": "left", "dx": 5},
                    "encoding": {"x": x, "y": y, "text": {"field": "count", "type": "quantitative"}},
                },
            ],
        ),
        text="Accounts by the highest unbroken rung: " + ", ".join(f"{label} {count}" for label, count in counts) + ".",
        columns=("Rung", "Accounts"),
        rows=list(counts),
    )
