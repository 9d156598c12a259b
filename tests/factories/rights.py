"""A person of whom every kind of record is kept, under words that occur nowhere else."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from django.conf import settings
from django.core.mail.backends.filebased import EmailBackend
from django.core.mail.message import EmailMessage
from django.utils import timezone
from tests.factories.contacts import claim, contact, role
from tests.factories.correspondence import Letter, mbox, taken_in
from tests.factories.interactions import interaction, promise
from tests.factories.small_company import SmallCompany
from tests.factories.stages import evidence, exit_plan, loyalty
from tests.factories.surveys import survey

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.schema import TABLES
from openkam.app.relationships.models import Contact, Interaction, StageChange, Survey
from openkam.app.relationships.operations.contacts import ContactDetails, Reach, change_contact
from openkam.app.relationships.operations.exit_plans import expect_value, name_risk
from openkam.app.relationships.operations.lines import draw_influence, set_superior
from openkam.app.relationships.operations.people_maps import move_card, save_map
from openkam.app.relationships.operations.surveys import take_answer
from openkam.app.relationships.terms import LifecycleStage, LoyaltyKind, PointKind, PromiseState, Side, StageMove, SurveyKind
from openkam.app.selection.models import Decision, Round, Scenario
from openkam.app.selection.terms import Choice, RoundStatus

NAME, FORMER = "Zdenka Quistgård", "Zdenka Vrubelová"
MAIL, OLD_MAIL, PHONE = "zdenka.q@quist.example", "vrubelova@quist.example", "+45 7733 9911"
SUBJECT = "Quistgårds rabat"
WORDS = ("Quistg", "Vrubelov", "zdenka", "7733 9911")
"""What must be nowhere once she is erased, in whatever case."""


@dataclass(frozen=True, slots=True)
class Planted:
    """`anna` is somebody else at the account whose name no erasure may touch."""

    zdenka: Contact
    anna: Contact
    mail: Interaction
    survey: Survey


def planted_person(firm: SmallCompany) -> Planted:
    """Zdenka, who buys for the manager's own account: in records, texts of others, the audit, the facts and files."""
    manager, own = firm.manager, firm.own
    reach = [Reach(PointKind.MAIL, OLD_MAIL, "Zdenka's"), Reach(PointKind.PHONE, PHONE)]
    zdenka = contact(own, FORMER, actor=manager, honorific="Mag.", language="Danish", reach=reach)
    anna = contact(own, "Anna Berg", actor=manager, reach=[Reach(PointKind.MAIL, "anna@quist.example")])
    reach[0] = Reach(PointKind.MAIL, MAIL)
    change_contact(actor=manager, contact=zdenka, details=ContactDetails(NAME, "Mag.", "Danish", reach=reach))
    role(zdenka, own, category="Packaging")
    set_superior(actor=manager, account=own, contact=anna, superior=zdenka)
    draw_influence(actor=manager, account=own, contact=zdenka, target=anna)
    move_card(actor=manager, account=own, people_map=None, category="", contact=zdenka, x=40, y=50)
    save_map(actor=manager, account=own, name="Around Zdenka")
    claim(own, "Wants to retire", actor=manager, contact=zdenka, value=1)
    claim(own, "Zdenka plays golf", actor=manager, contact=zdenka, is_private=True)
    claim(own, "Anna follows Quistgard in all things", actor=manager, contact=anna)
    claim(own, "Anna fears ZDENKA", actor=manager, contact=anna, is_private=True)
    theirs = interaction(own, actor=manager, ours=[manager], theirs=[zdenka, anna], subject="Lunch", note="Quistgård was late")
    interaction(own, actor=manager, theirs=[zdenka], subject="Her health", note="Zdenka is ill", is_private=True)
    given = promise(own, "Quistgård sends the forecast", actor=manager, side=Side.THEIRS, by_contact=zdenka, interaction=theirs)
    type(given).objects.filter(pk=given.pk).update(state=PromiseState.BROKEN, closed_on=given.promised_on, reason="Zdenka forgot")
    letters = [
        Letter(1, f"{NAME} <{MAIL}>", manager.email, subject=SUBJECT, domain="zdenka.example"),
        Letter(2, manager.email, f"{OLD_MAIL}, anna@quist.example", subject=SUBJECT),
        Letter(3, MAIL, "Zdenka Quistgård", subject=SUBJECT),
    ]
    taken_in(manager, mbox(*letters), name="Quistgård, Zdenka.mbox", keeps_subjects=True)
    asked = survey(own, [zdenka, anna], kind=SurveyKind.PERCEPTION, actor=manager, topics=["Zdenka's orders"])
    take_answer(token=asked.invitations.get(contact=zdenka).token, answers={"Zdenka's orders": 3}, comment="I, Zdenka, am cross")
    survey(own, [zdenka], actor=manager)
    loyalty(own, contact=zdenka, kind=LoyaltyKind.RECOMMENDATION, source="Told Wingtip", confirmed_by_them="Zdenka Quistgård")
    evidence(own, source="Workshop with Quistgård", actor=manager)
    plan = exit_plan(own, manager)
    type(plan).objects.filter(pk=plan.pk).update(reason="Zdenka Quistgård leaves")
    expect_value(actor=manager, plan=plan, name="Quistgård's samples", expected=Decimal(9), currency="EUR")
    name_risk(actor=manager, plan=plan, text="Zdenka talks", response="Talk to Quistgård")
    StageChange.objects.create(
        account=own, kind=StageMove.PROMOTION, from_stage=LifecycleStage.PRE, to_stage=LifecycleStage.EARLY, decided_by=firm.head,
        decided_on=timezone.localdate(), reason="Quistgård agreed",
        evidence=[{"criterion": "a", "on": "2016-05-02", "source": "Zdenka"}, {"criterion": "b", "on": "2016-05-02", "source": "Anna"}],
    )  # fmt: skip
    plant_closed_round(firm)
    plant_files()
    mail = Interaction.objects.filter(subject=SUBJECT).earliest("at")
    return Planted(zdenka, anna, mail, asked)


def plant_closed_round(firm: SmallCompany) -> Round:
    """A round whose programme, notes, what-if and decision name her, closed: the database keeps it as it is."""
    now = timezone.now()
    made = Round.objects.create(
        name="After Zdenka Quistgård's visit", as_of_on=timezone.localdate(), currency="EUR", ledger_version=1, account_count=1,
        opened_at=now,
        programme='[[pin]]\naccount = "T"\nin = true\nreason = "Zdenka Quistgård asked, 100 % [sure]_\\*?"\n', programme_digest="d",
        code_version="1", measures_file="m", notes=["Zdenka Quistgård called", "Two \"quoted\" \\ words"], opened_by=firm.head,
    )  # fmt: skip
    Scenario.objects.create(
        round=made, name="If Zdenka Quistgård stays", programme=made.programme, objective=1, gap=0, solver_seconds=0, candidate_count=1,
        selected_count=1, criteria=[], limits=[], notes=["Zdenka Quistgård called"], made_at=now, made_by=firm.head,
    )  # fmt: skip
    Decision.objects.create(
        round=made, account=firm.own, proposed=True, choice=Choice.DEFER, reason="Wait until Quistgård is back, 50 % [or so]_*?",
        valid_from=made.as_of_on, decided_by=firm.head, decided_at=now,
    )  # fmt: skip
    Round.objects.filter(pk=made.pk).update(status=RoundStatus.CLOSED, closed_at=now, closed_by=firm.head)
    return made


def plant_files() -> None:
    """Rows of the ledger, and letters that wait: one to her, one to Anna."""
    schema = TABLES["interactions"].arrow
    now = timezone.now()
    columns = {
        "interaction_key": [f"<1.{MAIL}>", "M2"],
        "customer_key": ["C1", "C1"],
        "occurred_at": [now - timedelta(days=9)] * 2,
        "kind": ["mail"] * 2,
        "direction": ["in"] * 2,
        "their_person": [NAME, "Anna Berg"],
    }
    rows = pa.table(columns, schema=pa.schema([schema.field(name) for name in columns]))
    home = Path(settings.OPENKAM_HOME)
    Ledger.open(home / "ledger").append("interactions", rows, source="crm", imported_at=now)
    backend = EmailBackend(file_path=str(home / "outbox"))
    backend.send_messages([EmailMessage("Survey", "Dear you", "kam@example.org", [to]) for to in (MAIL, "anna@quist.example")])
