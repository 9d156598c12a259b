"""Stages: evidence shown, measured and withdrawn; nothing changes without a decision; the gate says what is missing; the board."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.utils import InternalError
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories.accounts import account
from tests.factories.contacts import role
from tests.factories.interactions import interaction, mail, promise
from tests.factories.people import user
from tests.factories.stages import evidence, exit_plan, open_gates
from tests.factories.valued import valuation, worth

from openkam.analytics.relationship.lifecycle_stage.decisions import ChangeKind
from openkam.analytics.relationship.lifecycle_stage.stages import Stage
from openkam.app.audit.models import Entry
from openkam.app.people.terms import Role
from openkam.app.relationships.models import ExitPlan, StageChange, StageEvidence
from openkam.app.relationships.operations.exit_plans import answer_risk, expect_value, name_risk, settle_value
from openkam.app.relationships.operations.stages import (
    demote_stage,
    measure_all_stages,
    measure_stage,
    promote_stage,
    return_to_stage,
    uncouple,
    withdraw_evidence,
)
from openkam.app.relationships.queries.exit_plans import exit_page, exit_risk, exit_value
from openkam.app.relationships.queries.stage_board import stage_board
from openkam.app.relationships.queries.stages import stage_evidence, stage_glance, stage_page, visible_stage_changes
from openkam.app.relationships.terms import BuyingCenterRole, LifecycleStage, StageMove

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def plain(world):
    """An account of the manager at which nobody is known, so that nothing about people is measured."""
    return account("Contoso", manager=world.manager)


def test_the_words_are_those_of_the_engine():
    assert set(LifecycleStage) == {stage.value for stage in Stage}
    assert set(StageMove) == {kind.value for kind in ChangeKind}


def test_evidence_opens_the_gate_and_a_person_promotes(world, plain, today):
    with pytest.raises(ValidationError) as refused:
        promote_stage(actor=world.manager, account=plain, reason="They ordered")
    assert "0 of the 4 points needed are held" in str(refused.value)
    assert "an offer was quoted" in str(refused.value)
    open_gates(plain, Stage.PRE, Stage.EARLY)
    assert stage_glance(plain, today).stage == "pre"
    assert stage_glance(plain, today).proposal == "Early"
    with pytest.raises(ValidationError):
        promote_stage(actor=world.manager, account=plain, reason=" ")
    with pytest.raises(PermissionDenied):
        promote_stage(actor=user(Role.READ_ONLY), account=plain, reason="Because")
    made = promote_stage(actor=world.manager, account=plain, reason="They ordered twice")
    assert (made.from_stage, made.to_stage, made.kind, made.decided_by) == ("pre", "early", "promotion", world.manager)
    assert {one["criterion"] for one in made.evidence} >= {"roles_named", "first_orders"}
    entry = Entry.objects.get(verb="promoted")
    assert (entry.before, entry.after, entry.reason) == ({"stage": "pre"}, {"stage": "early"}, "They ordered twice")
    assert not stage_glance(plain, today).proposal
    for act in (StageChange.objects.filter(pk=made.pk).delete, lambda: StageChange.objects.update(reason="Other")):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            act()


def test_claims_and_what_is_withdrawn_or_over_count_nothing(world, plain, today):
    open_gates(plain, Stage.PRE, Stage.EARLY, on=today - timedelta(days=30))
    promote_stage(actor=world.manager, account=plain, reason="All is shown")
    with pytest.raises(ValidationError):
        demote_stage(actor=world.manager, account=plain, to_stage="pre", reason="A feeling")
    for one in StageEvidence.objects.filter(criterion__in=("roles_named", "own_offering")):
        withdraw_evidence(actor=world.manager, evidence=one)
    evidence(plain, "roles_named", is_claim=True)
    evidence(plain, "own_offering", holds=False)
    evidence(plain, "process_known", on=today - timedelta(days=20), expires_on=today - timedelta(days=1))
    now = stage_glance(plain, today)
    assert now.is_on_watch
    assert now.supported == "Pre"
    assert now.own is not None
    states = {line.name: line.state for line in now.own.lines}
    assert (states["roles_named"], states["own_offering"], states["process_known"]) == ("claimed", "against", "expired")
    demote_stage(actor=world.manager, account=plain, to_stage="pre", reason="Nothing is agreed any more")
    assert stage_glance(plain, today).stage == "pre"


def test_what_cannot_be_evidence_is_refused(world, today):
    wrong = (
        {"criterion": "hope"},
        {"on": today + timedelta(days=1)},
        {"expires_on": today - timedelta(days=1)},
        {"source": " "},
    )
    for fields in wrong:
        with pytest.raises(ValidationError):
            evidence(world.own, **fields)
    measure = StageEvidence.objects.create(account=world.own, criterion="contact", on=today, source="mails", is_measured=True)
    with pytest.raises(ValidationError):
        withdraw_evidence(actor=world.manager, evidence=measure)


def test_records_are_measured_and_what_nobody_recorded_is_not_held_against_it(world, today):
    assert measure_stage(account=account(), today=today) == 0
    for kind in (BuyingCenterRole.DECIDER, BuyingCenterRole.USER, BuyingCenterRole.BUYER):
        role(world.anna, world.own, kind)
    measure_stage(account=world.own, today=today)
    known = StageEvidence.objects.filter(account=world.own)
    assert set(known.values_list("criterion", "holds")) == {("roles_named", True)}
    for days in range(1, 8):
        mail(world.own, world.manager, world.anna, timezone.now() - timedelta(days=days), from_us=days % 2 == 0)
    worth(valuation(as_of_on=today), world.own, last_order_on=today - timedelta(days=9))
    measure_stage(account=world.own, today=today)
    told = {row.criterion: (row.holds, row.source, row.on, row.author) for row in known}
    assert told["contact"] == (True, "map of contacts", today, None)
    assert told["contacts_broad"][0] is False
    assert told["two_way"][:2] == (True, "mails")
    assert told["first_orders"] == (True, "ledger", today - timedelta(days=9), None)
    count = known.count()
    assert measure_all_stages(today=today + timedelta(days=1), tell=lambda _: None) == 2
    assert known.count() == count
    assert known.get(criterion="contact").on == today + timedelta(days=1)


def test_a_private_entry_measures_nothing_that_others_could_read(world, today):
    for _ in range(5):
        interaction(world.own, actor=world.manager, ours=[world.manager], theirs=[world.anna], is_private=True, at=timezone.now())
    assert measure_stage(account=world.own, today=today) == 1
    assert StageEvidence.objects.get().criterion == "roles_named"


def test_any_stage_is_left_by_an_exit_plan_and_returned_to_by_evidence(world, today):
    with pytest.raises(ValidationError, match="exit plan"):
        uncouple(actor=world.manager, account=world.own, reason="Losses")
    plan = exit_plan(world.own, world.manager)
    stock = expect_value(actor=world.manager, plan=plan, name="Stock on loan", expected=Decimal(900), currency="eur")
    risk = name_risk(actor=world.manager, plan=plan, text="A rival hears of it")
    promise(world.own)
    uncouple(actor=world.manager, account=world.own, reason="Losses for years")
    assert stage_glance(world.own, today).stage == "uncoupling"
    settle_value(actor=world.manager, value=stock, recovered=Decimal(300))
    page = exit_page(world.manager, world.own, today)
    assert page is not None
    assert page.sums == [("EUR", Decimal(900), Decimal(300), Decimal(0), pytest.approx(1 / 3))]
    assert (len(page.progress.open_promises), len(page.progress.unowned_risks), page.progress.is_done) == (1, 1, False)
    answer_risk(actor=world.manager, risk=risk, owner=world.manager, response="Tell them first")
    with pytest.raises(ValidationError):
        settle_value(actor=world.manager, value=stock, recovered=Decimal(-1))
    with pytest.raises(ValidationError):
        uncouple(actor=world.manager, account=world.own, reason="Again")
    made = return_to_stage(actor=world.manager, account=world.own, reason="New owner")
    assert (made.to_stage, ExitPlan.objects.get().closed_on) == ("pre", today)
    stock.refresh_from_db()
    with pytest.raises(ValidationError):
        settle_value(actor=world.manager, value=stock, recovered=Decimal(1))


def test_a_stranger_meets_nothing_of_it(world, today):
    theirs = evidence(world.foreign, source="Secret letter")
    plan = exit_plan(world.foreign, world.stranger)
    value = expect_value(actor=world.stranger, plan=plan, name="Secret stock", expected=Decimal(1), currency="EUR")
    risk = name_risk(actor=world.stranger, plan=plan, text="Secret risk")
    uncouple(actor=world.stranger, account=world.foreign, reason="Secret")
    for read in (stage_evidence, exit_value, exit_risk):
        with pytest.raises(Http404):
            read(world.manager, {stage_evidence: theirs, exit_value: value, exit_risk: risk}[read].pk)
    assert not visible_stage_changes(world.manager).exists()
    assert [column.count for column in stage_board(world.manager, today).columns] == [1, 0, 0, 0, 0, 0]
    assert [column.count for column in stage_board(world.stranger, today).columns] == [0, 0, 0, 0, 0, 1]


@pytest.mark.any_database
def test_the_pages_say_what_is_missing_and_take_decisions(world, today, django_assert_num_queries):
    client = Client()
    client.force_login(world.manager)
    page = reverse("relationships:stage", args=[world.own.pk])
    assert "nothing was shown" in client.get(page).text
    form = {"criterion": "offer_quoted", "holds": "yes", "on": today.isoformat(), "source": "Offer 12"}
    assert client.post(reverse("relationships:show_evidence", args=[world.own.pk]), form).status_code == 302
    assert "Offer 12" in client.get(page).text
    decide = reverse("relationships:decide_stage", args=[world.own.pk, "promotion"])
    answer = client.post(decide, {"reason": "Please"})
    assert (answer.status_code, "not shown" in answer.text) == (422, True)
    assert client.get(reverse("relationships:decide_stage", args=[world.own.pk, "jump"])).status_code == 404
    answer = client.get(reverse("relationships:decide_stage", args=[world.own.pk, "uncoupling"]))
    assert answer["Location"] == reverse("relationships:edit_exit", args=[world.own.pk])
    plan = {"reason": "Losses", "owner": world.manager.pk, "ends_on": "2030-01-31"}
    assert client.post(reverse("relationships:edit_exit", args=[world.own.pk]), plan).status_code == 302
    value = {"name": "Tools", "expected": "20", "currency": "eur"}
    assert client.post(reverse("relationships:add_exit_value", args=[world.own.pk]), value).status_code == 302
    assert client.post(reverse("relationships:add_exit_risk", args=[world.own.pk]), {"text": "Rumours"}).status_code == 302
    shown = client.get(reverse("relationships:exit", args=[world.own.pk])).text
    assert all(word in shown for word in ("Tools", "Rumours", "nobody's hands"))
    assert client.post(reverse("relationships:measure_stage", args=[world.own.pk])).status_code == 302
    for filters in ({}, {"manager": world.manager.pk, "tier": "key", "stage": "pre"}):
        assert client.get(reverse("relationships:stages"), filters).status_code == 200


@pytest.mark.any_database
def test_the_board_takes_as_many_queries_with_three_accounts(world, django_assert_num_queries):
    client = Client()
    client.force_login(world.manager)
    evidence(world.own)
    path = reverse("relationships:stages")
    with django_assert_num_queries(7):
        client.get(path)
    for _ in range(2):
        made = account(manager=world.manager)
        evidence(made)
    with django_assert_num_queries(7):
        assert made.name in client.get(path).text


def test_the_page_of_a_stage_has_everything_of_it(world, today):
    evidence(world.own)
    page = stage_page(world.own, today)
    assert (page.evidence_count, len(page.signals), page.measured_at) == (1, 6, None)
    assert [step.state for step in page.glance.track] == ["now", "", "", "", "", "un"]
