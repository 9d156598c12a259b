"""A person erased: out of every record, text, entry, row and byte; the map keeps its shape, and nobody comes back."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.conf import settings as site
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from tests.factories.contacts import contact
from tests.factories.correspondence import Letter, mbox, taken_in
from tests.factories.people import user
from tests.factories.rights import MAIL, NAME, OLD_MAIL, SUBJECT, WORDS, planted_person
from tests.factories.runs import work_off
from tests.factories.small_company import SmallCompany, small_company

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.terms import OpenKamError
from openkam.app.audit.models import ERASED, Entry
from openkam.app.people.terms import Role, Scope
from openkam.app.relationships.models import (
    Claim,
    Contact,
    ContactProposal,
    ErasedAddress,
    Erasure,
    InfluenceLine,
    Interaction,
    Invitation,
    Participant,
    ReportingLine,
    Response,
    StageChange,
)
from openkam.app.relationships.operations.contacts import ContactDetails, Reach, change_contact
from openkam.app.relationships.operations.erasure import (
    erase_contact,
    finish_erasure,
    reapply_erasures,
    request_erasure,
    request_unfinished,
)
from openkam.app.relationships.operations.erasure_list import erasures_file, keep_erasures
from openkam.app.relationships.queries import erasure_preview
from openkam.app.relationships.queries.map_people import map_view, people_map
from openkam.app.relationships.terms import PointKind
from openkam.app.runs.jobs import StopWork
from openkam.app.runs.models import Run
from openkam.app.runs.terms import RunStatus


@pytest.fixture
def firm(tmp_path: Path, settings: Any) -> SmallCompany:
    settings.OPENKAM_HOME = tmp_path
    return small_company()


def dumped() -> str:
    """Every cell of every table of the room's database."""
    cells: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            cells += [
                f"{table}: {cell}" for row in cursor.fetchall() for cell in row if isinstance(cell, str | bytes | dict | list)
            ]
    return "\n".join(cells)


def search_pieces() -> bytes:
    """What SQLite's search of contacts keeps on disk: pieces of three letters."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM relationships_contact_search_data ORDER BY id")
        return b"".join(block for (block,) in cursor.fetchall())


def found_in(text: str) -> list[str]:
    plain = text.lower().replace("\\u00e5", "å")
    return [line[:200] for line in plain.splitlines() if any(word.lower() in line for word in WORDS)]


def files_below(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes().decode("utf-8", errors="ignore")
            yield path, content + (str(pq.read_table(path).to_pylist()) if path.suffix == ".parquet" else "")


def shape(firm: SmallCompany) -> object:
    """Who stands on the map, in which roles, and the lines between them, by key."""
    page = people_map(firm.manager, map_view(firm.manager, firm.own, "", timezone.localdate()))
    return (
        sorted(
            (one.key, one.does, one.superior.key if one.superior else "", one.is_moved and (one.x, one.y)) for one in page.theirs
        ),
        sorted((one.key, sway.target.key) for one in page.theirs for sway in one.sways),
        list(ReportingLine.objects.values("contact", "superior", "from_on", "until_on")),
        list(InfluenceLine.objects.values("contact", "target", "strength", "from_on", "until_on")),
    )


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_person_stays_but_a_number_and_the_shape_of_the_map(firm: SmallCompany, tmp_path: Path) -> None:
    planted = planted_person(firm)
    zdenka, before = planted.zdenka, shape(firm)
    who = [list(Entry.objects.order_by("pk").values_list(name, flat=True)) for name in ("at", "actor_id", "verb", "record_key")]
    assert len(found_in(dumped())) > 40
    assert connection.vendor != "sqlite" or b"zde" in search_pieces()

    made = erase_contact(actor=firm.head, contact=zdenka, reason=f"{NAME} asked by letter", typed="zdenka quistgard")

    assert found_in(dumped()) == []
    assert [str(path) for path, text in files_below(tmp_path) if found_in(text)] == []
    if connection.vendor == "sqlite":
        assert b"zde" not in search_pieces()
        name = Path(str(connection.settings_dict["NAME"]))
        assert [
            str(path) for path in name.parent.glob(f"{name.name}*") if found_in(path.read_bytes().decode(errors="ignore"))
        ] == []
    assert made.counts["refused"] == {}
    assert made.reason == f"{ERASED} asked by letter"
    assert zdenka.name == f"Erased contact {made.pk}"
    assert shape(firm) == before
    post = zdenka.employments.get()
    assert (post.job_title, post.site, post.function, post.from_on) == ("", "", "purchasing", date(2015, 3, 1))
    assert set(zdenka.points.all()) == set()
    assert {one.text for one in Claim.objects.filter(contact=zdenka)} == {ERASED}
    assert not Claim.objects.filter(contact=zdenka, withdrawn_at=None).exists()
    assert sorted(Claim.objects.filter(contact=planted.anna).values_list("text", flat=True)) == [
        f"Anna fears {ERASED}",
        f"Anna follows {ERASED} in all things",
    ]
    assert Interaction.objects.filter(subject="Lunch").get().note == f"{ERASED} was late"
    assert not Interaction.objects.filter(subject=SUBJECT).exists()
    assert Participant.objects.filter(contact=zdenka).count() == 4
    assert not ContactProposal.objects.exists()
    assert set(Invitation.objects.filter(contact=zdenka).values_list("address", "token_digest")) == {("", "")}
    answer = Response.objects.get()
    assert (answer.invitation, answer.comment, answer.answers.get().value) == (None, "", 3)
    assert answer.answers.get().question == planted.survey.__class__.objects.get(pk=planted.survey.pk).topics[0]
    decided = StageChange.objects.get()
    assert (decided.reason, [one["source"] for one in decided.evidence]) == (ERASED, [ERASED, "Anna"])
    last = Entry.objects.latest("pk")
    assert (last.verb, last.record_name, last.actor) == ("erased by request", zdenka.name, firm.head)
    now = [list(Entry.objects.order_by("pk").values_list(name, flat=True)) for name in ("at", "actor_id", "verb", "record_key")]
    assert [after[: len(old)] for after, old in zip(now, who, strict=True)] == who
    assert "Anna Berg" in dumped()
    assert Ledger.open(tmp_path / "ledger").verify() == []
    letters = [text for path, text in files_below(tmp_path / "outbox")]
    assert len(letters) == 1
    assert "anna@quist.example" in letters[0]
    assert erasures_file().read_text().count("\n") == 1

    # A later import of her mail brings Anna, and not her.
    again = [
        Letter(11, f"{NAME} <{MAIL}>", firm.manager.email, subject=SUBJECT),
        Letter(12, firm.manager.email, f"anna@quist.example, {OLD_MAIL}", subject=SUBJECT),
        Letter(13, MAIL, MAIL, subject=SUBJECT),
        Letter(14, MAIL, "nobody", subject=SUBJECT),
    ]
    brought = taken_in(firm.manager, mbox(*again), keeps_subjects=True)
    assert (brought.counts["taken"], brought.interactions.get().subject) == (1, "")
    assert not ContactProposal.objects.exists()
    assert found_in(dumped()) == []
    with pytest.raises(ValidationError, match="erased already"):
        erase_contact(actor=firm.head, contact=zdenka, reason="Again", typed=zdenka.name)
    with pytest.raises(ValidationError, match="was erased"):
        change_contact(actor=firm.manager, contact=zdenka, details=ContactDetails("Somebody"))


def test_who_does_not_see_all_of_it_and_who_types_another_name_erases_nothing(db: None, firm: SmallCompany) -> None:
    planted = planted_person(firm)
    zdenka, stored = planted.zdenka, dumped()
    for person in (firm.manager, firm.analyst, user(Role.TEAM_MEMBER), user(Role.READ_ONLY)):
        with pytest.raises(PermissionDenied):
            erase_contact(actor=person, contact=zdenka, reason="Asked", typed=NAME)
    with pytest.raises(ValidationError, match="Say why"):
        erase_contact(actor=firm.head, contact=zdenka, reason=" ", typed=NAME)
    with pytest.raises(ValidationError, match="Type the name"):
        erase_contact(actor=firm.head, contact=zdenka, reason="Asked", typed="Anna Berg")
    narrow = user(Role.HEAD, scope=Scope.OWN)
    with pytest.raises(ValidationError, match="1 account that you do not see"):
        erase_contact(actor=narrow, contact=zdenka, reason="Asked", typed=NAME)
    assert Contact.objects.get(pk=zdenka.pk).name == NAME
    assert len(found_in(stored)) == len(found_in(dumped()))


def test_a_namesake_and_a_shared_address_stay(db: None, firm: SmallCompany) -> None:
    """Elsewhere a name that two have says nothing, and info@ is nobody's alone."""
    info = Reach(PointKind.MAIL, "info@quist.example")
    first = contact(firm.own, "Anna Berg", actor=firm.manager, reach=[info])
    second = contact(firm.foreign, "Anna Berg", actor=firm.colleague, reach=[info])
    Claim.objects.create(account=firm.foreign, topic="other", text="Anna Berg is kind", source="x", as_of_on=date(2016, 1, 1))
    erase_contact(actor=firm.head, contact=first, reason="Asked", typed="Anna Berg")
    second.refresh_from_db()
    assert (second.name, second.points.get().value, Claim.objects.get().text) == ("Anna Berg", info.value, "Anna Berg is kind")
    assert not ErasedAddress.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_older_copy_of_the_database_is_told_who_was_erased(firm: SmallCompany, tmp_path: Path) -> None:
    """The state before the erasure comes back; the file beside the database erases again, and only whom it means."""
    zdenka = contact(firm.own, NAME, actor=firm.manager, reach=[Reach(PointKind.MAIL, MAIL)])
    copy = {model: list(model.objects.values()) for model in (Contact, Contact._meta.get_field("points").related_model)}
    erase_contact(actor=firm.head, contact=zdenka, reason="Asked", typed=NAME)
    apart = tmp_path / "apart.jsonl"
    shutil.copy(erasures_file(), apart)
    assert MAIL not in apart.read_text()
    Erasure.objects.all().delete()
    for model, rows in copy.items():
        for row in rows:
            model.objects.update_or_create(pk=row.pop("id"), defaults=row)
    newcomer = contact(firm.own, NAME, actor=firm.manager, reach=[Reach(PointKind.MAIL, "other@quist.example")])
    assert Contact.objects.get(pk=zdenka.pk).name == NAME

    call_command("reapply_erasures", str(apart), verbosity=0)

    assert Contact.objects.get(pk=zdenka.pk).name.startswith("Erased contact")
    assert Contact.objects.get(pk=newcomer.pk).name == NAME
    assert ErasedAddress.objects.count() == 1
    assert reapply_erasures(apart) == 0
    apart.write_text("{}\n")
    with pytest.raises(ValueError, match="no erasure"):
        keep_erasures(apart)
    assert os.fspath(site.OPENKAM_HOME) == os.fspath(tmp_path)


@pytest.fixture
def is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every workspace counts as one in which an erasure takes long."""
    monkeypatch.setattr(erasure_preview, "MOST_LOOKED_THROUGH_AT_ONCE", -1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("is_large")
def test_where_it_takes_long_the_person_goes_at_once_and_the_rest_by_a_run(firm: SmallCompany, tmp_path: Path) -> None:
    planted = planted_person(firm)
    zdenka, before = planted.zdenka, shape(firm)

    made = request_erasure(actor=firm.head, contact=zdenka, reason=f"{NAME} asked by letter", typed=NAME)

    zdenka.refresh_from_db()
    assert (zdenka.name, made.is_done, made.run.status) == (f"Erased contact {made.pk}", False, RunStatus.QUEUED)
    assert shape(firm) == before
    assert not zdenka.points.exists()
    kept = [str(rows.values().get()) for rows in (Erasure.objects.all(), Run.objects.filter(pk=made.run_id))]
    assert found_in("\n".join(kept)) == []  # what is still to be looked for is sealed
    assert not [line for line in found_in(dumped()) if line.startswith("relationships_contact:")]
    assert erasures_file().read_text().count("\n") == 1

    work_off()

    made.refresh_from_db()
    made.run.refresh_from_db()
    assert (made.run.status, made.run.failure, made.is_done) == (RunStatus.DONE, "", True)
    assert made.run.outcome == made.counts["erased"]
    assert found_in(dumped()) == []
    assert [str(path) for path, text in files_below(tmp_path) if found_in(text)] == []
    assert made.counts["refused"] == {}
    last = Entry.objects.filter(verb="erased by request").get()
    assert (last.record_name, last.actor) == (zdenka.name, firm.head)
    assert request_unfinished() == 0
    counts, entries = made.counts, Entry.objects.count()
    assert finish_erasure(erasure_id=made.pk, tell=lambda step, share: None) == counts["erased"]  # a worker that died right after
    assert Entry.objects.count() == entries


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("is_large")
@pytest.mark.parametrize("last_step", ["Looking through letters, files and the ledger", "Looking through the audit"])
def test_an_erasure_that_was_interrupted_is_started_again_and_leaves_nothing(
    firm: SmallCompany, tmp_path: Path, last_step: str
) -> None:
    planted = planted_person(firm)
    made = request_erasure(actor=firm.head, contact=planted.zdenka, reason="Asked", typed=NAME)
    stored = found_in(dumped())

    def die(step: str, share: float | None) -> None:
        if step == last_step:
            raise StopWork

    with pytest.raises(StopWork):
        finish_erasure(erasure_id=made.pk, tell=die)
    assert found_in(dumped()) == stored  # of the database all or nothing
    Run.objects.filter(pk=made.run_id).update(status=RunStatus.LOST, task_id=None)
    assert request_unfinished() == 1
    assert request_unfinished() == 0  # it waits in the queue
    work_off()
    made.refresh_from_db()
    assert (made.is_done, found_in(dumped())) == (True, [])
    assert [str(path) for path, text in files_below(tmp_path) if found_in(text)] == []
    assert Entry.objects.filter(verb="erased by request").get().actor == firm.head


@pytest.mark.usefixtures("is_large")
def test_who_lost_the_key_is_told_to_put_it_back(db: None, firm: SmallCompany, settings: Any) -> None:
    anna = contact(firm.own, "Anna Berg", actor=firm.manager)
    made = request_erasure(actor=firm.head, contact=anna, reason="Asked", typed="Anna Berg")
    settings.SECRET_KEY = "another" * 9
    with pytest.raises(OpenKamError, match="put the old key back"):
        finish_erasure(erasure_id=made.pk, tell=lambda step, share: None)
    with pytest.raises(OpenKamError, match="no such erasure"):
        finish_erasure(erasure_id=made.pk + 1, tell=lambda step, share: None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("is_large")
def test_the_pages_say_that_it_goes_on(firm: SmallCompany, signed_in: Any) -> None:
    anna = contact(firm.own, "Anna Berg", actor=firm.manager)
    head, path = signed_in(firm.head), f"/relationships/contacts/{anna.pk}/rights/erase/"
    shown = head.get(path).content.decode()
    assert "A run then looks through every text" in shown
    assert "Entries of the audit" not in shown
    done = head.post(path, {"reason": "Asked", "typed": "Anna Berg"}, follow=True).content.decode()
    assert "are being looked through: Erase contact" in done
    assert "still being looked through" in done
    assert "Anna" not in done
    work_off()
    assert "still being looked through" not in head.get(anna.get_absolute_url()).content.decode()
