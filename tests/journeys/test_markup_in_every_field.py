"""Markup in every text that the workspace keeps: each page shows it as text, runs nothing and breaks no rule of the policy."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from tests.app.cockpit.test_every_address import addresses
from tests.factories.contacts import claim, contact, role
from tests.factories.correspondence import brought_mail
from tests.factories.interactions import interaction, promise
from tests.factories.measured_round import Weighed, measured_round
from tests.factories.people import team
from tests.factories.ratings import rating, scale
from tests.factories.runs import queued
from tests.factories.site_imports import imported
from tests.factories.small_company import SmallCompany, small_company
from tests.factories.stages import evidence, exit_plan, loyalty
from tests.factories.surveys import survey
from tests.factories.valued import account_detail, firm_detail, rebate, valuation, worth
from tests.factories.valued import verdict as dealt_with
from tests.journeys.conftest import LONGEST_WAIT, OpenPage

from openkam.app.accounts.models import Address, Identifier, TradeName
from openkam.app.accounts.operations.custom_fields import define_custom_field
from openkam.app.accounts.operations.saved_views import save_view
from openkam.app.accounts.terms.account import CustomType, Kind
from openkam.app.audit.models import Entry
from openkam.app.audit.operations import record_write
from openkam.app.ledger.models import ImportDraft, MappingTemplate, Source
from openkam.app.ledger.operations.imports import request_import
from openkam.app.people.models import User
from openkam.app.relationships.models import Mailbox, MailboxFolder, Participant, RetentionCase
from openkam.app.relationships.operations.exit_plans import expect_value, name_risk
from openkam.app.relationships.operations.lines import draw_influence, set_superior
from openkam.app.relationships.operations.people_maps import save_map
from openkam.app.relationships.operations.stages import uncouple
from openkam.app.relationships.operations.surveys import take_answer
from openkam.app.relationships.terms import Part, RetentionKind, Side, SurveyKind
from openkam.app.runs.models import Run, Schedule
from openkam.app.runs.operations import schedule_once
from openkam.app.selection.models import Candidate, Scenario
from openkam.app.selection.operations.decisions import Verdict, decide
from openkam.app.selection.terms import Choice, Tier

pytestmark = [pytest.mark.browser, pytest.mark.any_database, pytest.mark.usefixtures("transactional_db", "home")]

MARKUP = "'\"><img src=x onerror=alert(1)>"
ROOM_FOR_MARKUP = len(MARKUP) + 6
CODES = {
    "password", "email", "time_zone", "digest", "record_type", "record_key", "kind", "table", "stored", "sha256", "batch_id",
    "mapping", "dry_run_rejects", "worker", "programme", "programme_digest", "code_version", "measures_file", "ledger_account",
    "customer_key", "search_text", "sort_name", "text_digest", "sealed_password", "key",
    "criterion", "question", "nonce", "token_digest", "name_digest", "site_address", "viewer",
}  # fmt: skip
"""Texts that the program reads itself: a name in them that means nothing is an error, not a text on a page."""
FREE_WORDS: dict[str, dict[str, object]] = {
    "accounts.fact.value": {"field": "legal_name"},
    "relationships.participant.address": {"user": None, "contact": None},
}
"""Which records of a text hold free words: the value of any other fact is a number, a code or a country, and whoever is known has
no bare address."""
FOUND = """() => [...document.querySelectorAll('script:not([src]):not([type="application/json"]), img[src="x"]'),
  ...[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on') || /^javascript:/i.test(a.value)))
].map(e => e.outerHTML.slice(0, 200)).concat(window.violations)"""
LISTEN = """window.violations = [];
document.addEventListener('securitypolicyviolation', event => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));"""


def texts_of(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    """The fields of a model that hold words of people, or of their files."""
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        has_room = field.max_length is None or field.max_length >= ROOM_FOR_MARKUP
        if is_text and has_room and field.name not in CODES and not field.primary_key:
            yield field


def write_markup_everywhere() -> None:
    """Into every text of every record, past every form; what must be different gets a number."""
    for model in apps.get_models():
        if not model.__module__.startswith("openkam.app.") or model is Entry or not model._meta.managed:
            continue
        for field in texts_of(model):
            records = model._base_manager.filter(**FREE_WORDS.get(f"{model._meta.label_lower}.{field.name}", {}))
            for number, key in enumerate(records.values_list("pk", flat=True)):
                model._base_manager.filter(pk=key).update(**{field.name: f"{MARKUP}{number}"})


def fill(firm: SmallCompany, home: Path) -> dict[str, dict[str, object]]:
    """A workspace with a record of every kind; by name of an address, or of its room, what stands in it."""
    boss = firm.administrator
    csv = f'Invoice,Customer ID,Invoice Date,Stock Code,Quantity,Net Sales,Currency,"{MARKUP.replace(chr(34), chr(34) * 2)}"\n'
    rows = "".join(f"A{n},C1,2025-03-{n:02},P1,{'x' if n == 3 else 2},10.50,EUR,<b>{n}</b>\n" for n in range(1, 5))
    done = imported(boss, csv + rows, name=f"{MARKUP}.csv")
    tried = imported(boss, csv + rows.replace("A", "B"), name="second.csv")
    ImportDraft.objects.filter(pk=tried.pk).update(batch_id="", import_run=None)
    request_import(actor=boss, draft=ImportDraft.objects.get(pk=tried.pk), is_dry_run=True)
    template = MappingTemplate.objects.create(name="Usual", source=done.source, table=done.table, mapping=done.mapping)
    field = define_custom_field(actor=boss, name="Own", type=CustomType.TEXT, choices=[], kinds=[Kind.CUSTOMER])
    view = save_view(actor=boss, name="Mine", filters={}, columns=[], is_shared=True, is_default=False)
    stated = {"account": firm.own, "source": "letter", "as_of_on": date(2016, 5, 31)}
    part = TradeName.objects.create(name="Tails", **stated)
    Identifier.objects.create(scheme="own", value="1", **stated)
    Address.objects.create(street="Street", city="City", country="US", **stated)
    run = queued("test-echo", boss)
    Run.objects.filter(pk=run.pk).update(outcome={"notes": [MARKUP], MARKUP: MARKUP}, failure="x", log="x", progress_step="x")
    schedule = schedule_once(kind="test-echo", daily_at=run.queued_at.time(), time_zone="UTC")
    group = team(firm.manager, name="South")
    made = measured_round(home, firm.head, [Weighed(firm.own, 900.0, is_selected=True, regret=1.0), Weighed(firm.foreign, 500.0)])
    verdict = Verdict(choice=Choice.APPROVE, valid_from=date(2016, 6, 1), tier=Tier.KEY, reason="Because")
    decide(actor=firm.head, selection_round=made, account_ids=[firm.own.pk], verdict=verdict)
    person = contact(firm.own, actor=boss, honorific="Dr.", language="German")
    believed = claim(firm.own, actor=boss, contact=person)
    held = role(person, firm.own, category="Packaging")
    passed = interaction(firm.own, actor=boss, ours=[firm.manager], theirs=[person], subject="Delivery", note="Late")
    Participant.objects.create(interaction=passed, address="unknown@example.org", side=Side.THEIRS, part=Part.CC)
    given = promise(firm.own, actor=boss, interaction=passed)
    other = contact(firm.own, actor=boss)
    line = set_superior(actor=boss, account=firm.own, contact=person, superior=other)
    draw_influence(actor=boss, account=firm.own, contact=other, target=person)
    brought, proposed = brought_mail(boss, firm.own, "Prices")
    box = Mailbox.objects.create(owner=boss, host="imap.example.org", user_name="boss", failure="Refused")
    MailboxFolder.objects.create(mailbox=box, name="INBOX", label="INBOX", is_chosen=True)
    kept = save_map(actor=boss, account=firm.own, name="Board")
    granted = rebate(boss, firm.own)
    shown = evidence(firm.own, actor=boss)
    plan = exit_plan(firm.own, firm.manager)
    back = expect_value(actor=boss, plan=plan, name="Tools", expected=Decimal(9), currency="EUR")
    risk = name_risk(actor=boss, plan=plan, text="Rumours", owner=boss, response="Tell them")
    note = loyalty(firm.own, confirmed_by=boss, confirmed_by_them="Anna")
    asked = survey(firm.own, [person], kind=SurveyKind.PERCEPTION, topics=["Delivery"])
    take_answer(token=asked.invitations.get().token, answers={"Delivery": 3}, comment="Late")
    due = RetentionCase.objects.create(
        kind=RetentionKind.CONTACTS, contact=other, due_since_on=date(2016, 5, 31), count=1, reason="Because"
    )
    of = scale(actor=boss)
    rating(boss, firm.own, of, 3)
    for scenario in Scenario.objects.all():
        scenario.criteria = [criterion | {"label": MARKUP} for criterion in scenario.criteria]
        scenario.notes = [MARKUP]
        scenario.save()
    write_markup_everywhere()
    # What was found to be true cannot be changed afterwards: it says so from the start.
    uncouple(actor=firm.manager, account=firm.own, reason=MARKUP)
    valued = valuation()
    known = {"segment": MARKUP, "change_told": MARKUP, "lifetime_reason": MARKUP, "is_overdue": True, "contribution_by_volume": 1}
    row = worth(valued, firm.own, -100, name=MARKUP, **known)
    dealt = dealt_with(boss, firm.own, note=MARKUP)
    worth(valued, firm.own, -50, ledger_account="second", name=MARKUP, last_order_on=date(2023, 12, 9), is_overdue=True)
    firm_detail(valued, not_computed=[{"part": "months ahead", "reason": MARKUP}])
    account_detail(row)
    entry = record_write(
        actor=boss, verb=MARKUP, record=firm.own, before={"name": MARKUP}, after={"name": f"{MARKUP}2"}, reason=MARKUP
    )
    return {
        "accounts": {"pk": firm.own.pk, "part": "trade-name", "part_pk": part.pk, "field": "industry"},
        "accounts:change_custom_field": {"pk": field.pk},
        "accounts:archive_custom_field": {"pk": field.pk},
        "accounts:remove_view": {"pk": view.pk},
        "cockpit": {"pk": firm.own.pk},
        "audit": {"pk": entry.pk, "field": "name", "record_type": "accounts.account", "record_key": firm.own.pk},
        "runs": {"pk": run.pk},
        "runs:schedule": {"pk": schedule.pk if schedule else 0},
        "runs:remove_schedule": {"pk": schedule.pk if schedule else 0},
        "ledger": {"pk": tried.pk, "upload_pk": tried.uploads.get().pk, "batch_id": done.batch_id},
        "ledger:import-result": {"pk": done.pk},
        "ledger:source-edit": {"pk": done.source_id},
        "ledger:template-edit": {"pk": template.pk},
        "people": {"pk": firm.manager.pk, "token": "made-up"},
        "people:edit_team": {"pk": group.pk},
        "people:delete_team": {"pk": group.pk},
        "selection": {
            "pk": made.pk, "account": firm.own.pk, "candidate": Candidate.objects.get(account=firm.own).pk, "number": 0,
            "scale": of.pk,
        },
        "relationships": {
            "pk": firm.own.pk, "contact": person.pk, "employment_pk": person.employments.get().pk, "role": held.pk,
            "claim": believed.pk, "interaction": passed.pk, "commitment": given.pk,
            "line": line.pk, "saved": kept.pk, "kind": "svg",
            "brought_by": brought.pk, "proposed": proposed.pk, "mailbox": box.pk,
            "evidence": shown.pk, "value": back.pk, "risk": risk.pk, "note": note.pk, "survey": asked.pk,
            "case": due.pk,
        },
        "portal": {"token": survey(firm.own, [other]).invitations.get().token},
        "valuation": {"pk": firm.own.pk, "entry": "pool", "schedule": granted.pk, "verdict": dealt.pk},
        "": {"uidb36": "1", "key": "made-up", "pk": 1},
    }  # fmt: skip


def pages(person: User, values: dict[str, dict[str, object]]) -> Iterator[tuple[str, bool]]:
    """Every address that answers with a page, and whether the markup is on it."""
    client = Client()
    for name, arguments in addresses():
        known = values.get(name) or values.get(name.rpartition(":")[0], {})
        unknown = set(arguments) - set(known)
        assert not unknown, f"{name}: say in `fill` what stands for {sorted(unknown)}"
        path = reverse(name, kwargs={argument: known[argument] for argument in arguments})
        client.force_login(person)
        answer = client.get(path)
        if answer.streaming:
            answer.close()
            continue
        assert answer.status_code < 500 or name == "ready", path
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            yield path, "onerror=alert" in answer.text


def test_markup_is_text_on_every_page(open_page: OpenPage, home: Path) -> None:
    firm = small_company()
    found = dict(pages(firm.administrator, fill(firm, home)))
    assert Source.objects.filter(name__startswith=MARKUP).exists()
    assert Schedule.objects.filter(title__startswith=MARKUP).exists()
    # A part of a page, opened alone, names no icon: the browser asks for one that is not there.
    page = open_page("/people/", person=firm.administrator, refusals=(404,))
    root = page.url.removesuffix("/people/")
    page.add_init_script(LISTEN)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(f"{page.url}: {dialog.message}"), dialog.dismiss()))
    faults: list[str] = []
    for path in found:
        page.goto(f"{root}{path}", wait_until="load", timeout=LONGEST_WAIT)
        faults += [f"{path}: {fault}" for fault in page.evaluate(FOUND)]
    assert faults == []
    assert dialogs == []
    shown = [path for path, has_markup in found.items() if has_markup]
    assert len(shown) >= 30, shown
