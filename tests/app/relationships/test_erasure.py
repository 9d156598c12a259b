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
from tests.factories.small_company import SmallCompany, small_company

from openkam.analytics.ledger.ledger import Ledger
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
from openkam.app.relationships.operations.erasure import erase_contact, reapply_erasures
from openkam.app.relationships.operations.erasure_list import erasures_file, keep_erasures
from openkam.app.relationships.queries.map_people import map_view, people_map
from openkam.app.relationships.terms import PointKind


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
