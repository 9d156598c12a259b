"""What the program can measure of an account's stage by itself, from records that everybody who sees the account may know."""

from datetime import date, datetime, time, timedelta

import numpy as np
from django.db.models import F
from django.utils import timezone

from openkam.analytics.relationship.coverage.contact_map import ContactMap, ContactPerson
from openkam.analytics.relationship.dialogue import Dialogue
from openkam.analytics.relationship.lifecycle_stage.assessment import StageEvidence
from openkam.analytics.relationship.lifecycle_stage.contact_evidence import contact_evidence
from openkam.analytics.relationship.lifecycle_stage.trust_evidence import trust_evidence
from openkam.analytics.relationship.lifecycle_stage.uncoupling_signals import (
    UncouplingFigures,
    UncouplingSignal,
    uncoupling_signals,
)
from openkam.app.accounts.models import Account
from openkam.app.relationships.models import BuyingRole, Employment
from openkam.app.relationships.models import StageEvidence as StoredEvidence
from openkam.app.relationships.queries.dialogue import open_dialogue_of
from openkam.app.relationships.queries.lines import holds_on
from openkam.app.relationships.queries.survey_answers import attitudes_at
from openkam.app.relationships.terms import (
    MEASURED_FROM_LEDGER,
    MEASURED_FROM_SELECTION,
    MEASURED_FROM_SURVEY,
)
from openkam.app.selection.models import Decision
from openkam.app.selection.queries.status import current_statuses
from openkam.app.valuation.models import AccountWorth
from openkam.app.valuation.queries.scope import latest_valuation

YEAR_DAYS = 365


def measured_evidence(account: Account, today: date) -> list[StageEvidence]:
    """Evidence for and against, each with its source and day. Where nothing is on record there is none: not known is not "no"."""
    return [
        *_from_contacts(account, today),
        *_from_orders(account, today),
        *_from_selection(account, today),
        *trust_evidence((told.attitude for told in attitudes_at([account.pk], today)), MEASURED_FROM_SURVEY),
    ]


def signals_of(account: Account, today: date) -> tuple[UncouplingSignal, ...]:
    """The signs that the relation comes apart, as far as the latest valuation, the open entries and the evidence tell."""
    worth = _worth(account)
    now = open_dialogue_of(account, _end_of(today))
    before = open_dialogue_of(account, _end_of(today - timedelta(days=YEAR_DAYS)))
    sponsors = list(
        StoredEvidence.objects.filter(account=account, criterion="sponsors", is_claim=False, withdrawn_at=None, on__lte=today)
    )
    silence = overdue = None
    if worth is not None and worth.last_order_on:
        # Silence is counted to the end of the facts: what was ordered since, nobody has told.
        silence = float((worth.valuation.as_of_on - worth.last_order_on).days)
        overdue = float((worth.overdue_on - worth.last_order_on).days) if worth.overdue_on else None
    return uncoupling_signals(
        UncouplingFigures(
            probability_alive=worth.probability_alive if worth else None,
            silence_days=silence,
            overdue_after_days=overdue,
            warmth=now.warmth if before.pairs else None,
            warmth_before=before.warmth if before.pairs else None,
            has_sponsor=sponsors[0].holds if sponsors else None,
            had_sponsor=any(one.holds for one in sponsors) if sponsors else None,
            contribution_by_year=_contributions(account, worth),
        )
    )


def last_order_on(account: Account) -> date | None:
    """The day of the last order that the latest valuation knows."""
    worth = _worth(account)
    return worth.last_order_on if worth else None


def _from_contacts(account: Account, today: date) -> list[StageEvidence]:
    posts = Employment.objects.filter(holds_on(today), account=account, contact__archived_at=None)
    held: dict[int, Employment] = {}
    for post in posts.order_by("contact_id", "-id"):
        held.setdefault(post.contact_id, post)
    if not held:
        return []
    talk = open_dialogue_of(account, _end_of(today))
    found = contact_evidence(_contact_map(account, held, talk, today), talk.reciprocity, today)
    # Without any entry a tie that is not warm is only one that nobody wrote down.
    return [one for one in found if talk.pairs or one.criterion == "roles_named"]


def _contact_map(account: Account, held: dict[int, Employment], talk: Dialogue, today: date) -> ContactMap:
    roles: dict[int, set[str]] = {}
    for person, role in BuyingRole.objects.filter(holds_on(today), account=account).values_list("contact_id", "role"):
        roles.setdefault(person, set()).add(role)
    pairs = [
        (pair.ours.key, int(pair.theirs.key[1:]), pair.strength)
        for pair in talk.pairs
        if pair.ours.key.startswith("u") and pair.theirs.key.startswith("c") and int(pair.theirs.key[1:]) in held
    ]
    ours = sorted({key for key, _, _ in pairs})
    people = sorted(held)
    across = np.zeros((len(ours), len(people)))
    for key, person, strength in pairs:
        across[ours.index(key), people.index(person)] = strength
    return ContactMap(
        ours=tuple(ContactPerson(key) for key in ours),
        theirs=tuple(
            ContactPerson(f"c{key}", held[key].level, held[key].function or None, frozenset(roles.get(key, ()))) for key in people
        ),
        across=across,
        among_ours=np.zeros((len(ours), len(ours))),
    )


def _from_orders(account: Account, today: date) -> list[StageEvidence]:
    day = last_order_on(account)
    return [StageEvidence("first_orders", day, MEASURED_FROM_LEDGER)] if day and day <= today else []


def _from_selection(account: Account, today: date) -> list[StageEvidence]:
    """Key by decision: it met the criteria of a round, on the day from which the decision counts."""
    decided = Decision.objects.filter(
        pk__in=current_statuses(today).filter(account=account).values("decision"), valid_from__lte=today
    )
    days = list(decided.values_list("valid_from", flat=True)[:1])
    return [StageEvidence("attractive", day, MEASURED_FROM_SELECTION) for day in days]


def _worth(account: Account) -> AccountWorth | None:
    latest = latest_valuation()
    if latest is None:
        return None
    rows = AccountWorth.objects.filter(valuation=latest, account=account).select_related("valuation")
    return rows.order_by(F("net_invoice").desc(nulls_last=True), "pk").first()


def _contributions(account: Account, worth: AccountWorth | None) -> tuple[float, ...] | None:
    """CM4 of the latest valuation and of one a year or more older, newest first; None where either is not known."""
    if worth is None or worth.cm4 is None:
        return None
    older = AccountWorth.objects.filter(
        account=account,
        ledger_account=worth.ledger_account,
        valuation__as_of_on__lte=worth.valuation.as_of_on - timedelta(days=YEAR_DAYS),
        cm4__isnull=False,
    ).order_by("-valuation__as_of_on", "-pk")
    before = older.values_list("cm4", flat=True).first()
    return None if before is None else (float(worth.cm4), float(before))


def _end_of(day: date) -> datetime:
    """The end of a day, which everything of that day comes before."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=timezone.get_current_timezone())
