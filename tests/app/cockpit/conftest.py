"""A small firm at work, and in each room something of it that is not the manager's."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.contacts import claim, contact, role
from tests.factories.correspondence import brought_mail
from tests.factories.interactions import interaction, promise
from tests.factories.ratings import rating, scale
from tests.factories.rounds import candidate, conducted_round, give
from tests.factories.runs import queued
from tests.factories.site_imports import draft, source
from tests.factories.small_company import SmallCompany, small_company
from tests.factories.stages import evidence, exit_plan, loyalty
from tests.factories.surveys import survey
from tests.factories.valued import account_detail, book, firm_detail, rebate, valuation, verdict, worth

from openkam.app.accounts.models import Account
from openkam.app.audit.models import Entry
from openkam.app.ledger.models import ImportDraft
from openkam.app.relationships.models import Mailbox, RetentionCase
from openkam.app.relationships.operations.exit_plans import expect_value, name_risk
from openkam.app.relationships.operations.lines import draw_influence, set_superior
from openkam.app.relationships.operations.people_maps import save_map
from openkam.app.relationships.terms import RetentionKind
from openkam.app.runs.models import Run


@pytest.fixture
def firm(db: None, tmp_path: Any, settings: Any) -> SmallCompany:
    """The small company, with a run and an import that are not the manager's."""
    settings.OPENKAM_HOME = tmp_path
    return small_company()


@pytest.fixture
def foreign(firm: SmallCompany, tmp_path: Any) -> dict[str, dict[str, object]]:
    """The values of every address for what is not the manager's."""
    return foreign_values(firm, tmp_path)


def foreign_values(firm: SmallCompany, tmp_path: Any) -> dict[str, dict[str, object]]:
    """For each room, what stands in its addresses for something that is not the manager's."""
    made = conducted_round(tmp_path, firm.head)
    give(firm.colleague, "Giant")
    draft(firm.administrator, name="secret-sales.csv", source=source("secret-shop"))
    begun = ImportDraft.objects.get()
    run = queued("test-echo", firm.head)
    Run.objects.filter(pk=run.pk).update(title="Secret forecast")
    entry = Entry.objects.filter(record_type="accounts.account", record_key=str(firm.foreign.pk)).latest("pk")
    book(firm.head)
    valued = valuation(account_count=2)
    firm_detail(valued)
    account_detail(worth(valued, firm.foreign, -900, is_overdue=True, contribution_by_volume=10, service_by_volume=3))
    dealt = verdict(firm.head, firm.foreign, note="Secret forecast")
    worth(valued, firm.foreign, -800, ledger_account="second", last_order_on=date(2023, 12, 9), is_overdue=True)
    worth(valued, Account.objects.get(name="Giant"), 5000)
    identifiers = {"part": "identifier", "part_pk": 1, "field": "industry"}
    return {
        "accounts": {"pk": firm.foreign.pk, **identifiers},
        "cockpit": {"pk": firm.foreign.pk},
        "audit": {"pk": entry.pk, "field": "name", "record_type": "accounts.account", "record_key": firm.foreign.pk},
        "runs": {"pk": run.pk},
        "ledger": {"pk": begun.pk, "upload_pk": begun.uploads.get().pk, "batch_id": "20260101T000000000000-000000000000"},
        "people": {"pk": firm.colleague.pk, "token": "made-up"},
        "selection": {
            "pk": made.pk, "account": firm.foreign.pk, "candidate": candidate(made, "Giant").pk, "number": 0, "scale": judged(firm)
        },
        "valuation": {
            "pk": firm.foreign.pk, "entry": "pool", "schedule": rebate(firm.head, firm.foreign, name="Secret forecast").pk,
            "verdict": dealt.pk,
        },
        "relationships": secret_people(firm),
        "portal": {"token": "made-up"},
        "": {"uidb36": "1", "key": "made-up", "pk": 1},
    }  # fmt: skip


def secret_people(firm: SmallCompany) -> dict[str, object]:
    """Somebody who works for the colleague's account and decides there."""
    person = contact(firm.foreign, "Secret forecast", actor=firm.colleague)
    held = role(person, firm.foreign)
    believed = claim(firm.foreign, "Secret forecast", actor=firm.colleague, contact=person, is_private=True)
    post = person.employments.get()
    passed = interaction(firm.foreign, actor=firm.colleague, theirs=[person], subject="Secret forecast")
    given = promise(firm.foreign, "Secret forecast", actor=firm.colleague)
    boss = contact(firm.foreign, "Secret forecast boss", actor=firm.colleague)
    line = set_superior(actor=firm.colleague, account=firm.foreign, contact=person, superior=boss)
    draw_influence(actor=firm.colleague, account=firm.foreign, contact=person, target=boss)
    saved = save_map(actor=firm.colleague, account=firm.foreign, name="Secret forecast")
    brought, proposed = brought_mail(firm.colleague, firm.foreign, "Secret forecast")
    box = Mailbox.objects.create(
        owner=firm.colleague, host="Secret forecast", user_name="Secret forecast", failure="Secret forecast"
    )
    mails = {"brought_by": brought.pk, "proposed": proposed.pk, "mailbox": box.pk}
    drawn = {"line": line.pk, "saved": saved.pk, "kind": "svg"}
    shown = evidence(firm.foreign, source="Secret forecast", actor=firm.colleague)
    plan = exit_plan(firm.foreign, firm.colleague)
    back = expect_value(actor=firm.colleague, plan=plan, name="Secret forecast", expected=Decimal(9), currency="EUR")
    risk = name_risk(actor=firm.colleague, plan=plan, text="Secret forecast")
    note = loyalty(firm.foreign, source="Secret forecast")
    asked = survey(firm.foreign, [person])
    drawn |= {"evidence": shown.pk, "value": back.pk, "risk": risk.pk, "note": note.pk, "survey": asked.pk}
    due = RetentionCase.objects.create(
        kind=RetentionKind.CONTACTS, contact=person, due_since_on=date(2016, 5, 31), count=1, reason="Secret forecast"
    )
    drawn |= {"case": due.pk}
    keys = {"interaction": passed.pk, "commitment": given.pk, "claim": believed.pk, "contact": person.pk}
    return {"pk": firm.foreign.pk, "employment_pk": post.pk, "role": held.pk, **keys, **drawn, **mails}


def judged(firm: SmallCompany) -> int:
    """A scale on which somebody rated the colleague's account, with evidence that nobody else may read."""
    of = scale(actor=firm.head)
    rating(firm.head, firm.foreign, of, 3, evidence="Secret forecast")
    return of.pk
