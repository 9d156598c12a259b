"""What is held of a person, handed out: complete, safe to open, recorded, and by nobody who sees only part of it."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.factories.contacts import claim
from tests.factories.people import user
from tests.factories.rights import MAIL, NAME, planted_person
from tests.factories.small_company import SmallCompany, small_company

from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.terms import Role, Scope


@pytest.fixture
def firm(db: None, tmp_path: Path, settings: Any) -> SmallCompany:
    settings.OPENKAM_HOME = tmp_path
    return small_company()


def test_all_that_is_held_is_in_one_file_and_what_is_private_of_others_is_counted(
    firm: SmallCompany, signed_in: Callable[[User], Client]
) -> None:
    planted = planted_person(firm)
    claim(firm.own, "=HYPERLINK(1)", actor=firm.manager, contact=planted.zdenka)
    path = f"/relationships/contacts/{planted.zdenka.pk}/rights/"
    head = signed_in(firm.head)
    shown = head.get(path).content.decode()
    assert "Claims about them" in shown

    answer = head.post(f"{path}export/")

    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    held = json.loads(archive.read("what-is-held.json"))
    page = archive.read("what-is-held.html").decode()
    sections = held["sections"]
    assert {name: len(rows) for name, rows in sections.items()} == {
        "person": 1, "reach": 2, "posts": 1, "roles": 1, "places": 2, "claims": 3, "promises": 1, "loyalty": 1, "proposals": 1,
        "lines": 2, "entries": 4, "surveys": 2, "mentions": len(sections["mentions"]), "facts": 1, "audit": len(sections["audit"]),
    }  # fmt: skip
    assert sections["person"][0]["Name"] == NAME
    assert {row["Text"] for row in sections["claims"]} == {"Wants to retire", "Zdenka plays golf", "=HYPERLINK(1)"}
    assert [row["Answer"] for row in sections["surveys"]] == [3, ""]
    assert sections["facts"][0]["Theirs"] == NAME
    assert {"Stage evidence", "Exit plan", "Survey"} <= {row["Kind of record"] for row in sections["mentions"]}
    assert any(MAIL in str(row["After"]) for row in sections["audit"])
    assert (
        held["private_entries_about_others_left_out"] == 3
    )  # about Anna, and the manager's own mail: its file, a refused letter
    assert "3 private entries about others" in page
    for text in ("Anna fears", "Anna Berg"):
        assert text not in json.dumps([rows for name, rows in sections.items() if name not in ("audit", "mentions")])
        assert text not in json.dumps(sections["mentions"]) or text == "Anna Berg"
    assert sorted(archive.namelist()) == sorted(["what-is-held.html", "what-is-held.json", *(f"{name}.csv" for name in sections)])
    cells = [
        cell
        for name in sections
        for row in csv.reader(io.StringIO(archive.read(f"{name}.csv").decode("utf-8-sig")))
        for cell in row
    ]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "\t", "\r"))]
    last = Entry.objects.latest("pk")
    assert (last.verb, last.actor, last.record_key) == ("handed out what is held", firm.head, str(planted.zdenka.pk))
    assert last.after["private_left_out"] == 3


def test_who_sees_only_part_of_it_is_refused_with_the_reason(firm: SmallCompany, signed_in: Callable[[User], Client]) -> None:
    planted = planted_person(firm)
    path = f"/relationships/contacts/{planted.zdenka.pk}/rights/"
    manager = signed_in(firm.manager)
    assert "must see all that is held" in manager.get(path).content.decode()
    assert manager.post(f"{path}export/").status_code == 403
    assert manager.get(f"{path}erase/").status_code == 403
    narrow = signed_in(user(Role.HEAD, scope=Scope.OWN))
    assert [narrow.get(path).status_code, narrow.post(f"{path}export/").status_code] == [404, 404]
    for role in (Role.ANALYST, Role.READ_ONLY):
        assert signed_in(user(role)).get(path).status_code == 403
    # Somebody with a post at an account of theirs, and a claim at one that they do not see.
    other = user(Role.HEAD, scope=Scope.OWN)
    type(firm.foreign).objects.filter(pk=firm.foreign.pk).update(manager=other)
    planted.zdenka.employments.create(account=firm.foreign)
    page = signed_in(other)
    assert "1 account that you do not see" in page.get(path).content.decode()
    told = page.post(f"{path}export/", follow=True)
    assert "1 account that you do not see" in told.content.decode()
    assert not Entry.objects.filter(verb="handed out what is held").exists()


def test_a_head_erases_on_the_page_and_the_contact_stands_as_a_number(
    firm: SmallCompany, signed_in: Callable[[User], Client]
) -> None:
    planted = planted_person(firm)
    path = f"/relationships/contacts/{planted.zdenka.pk}/rights/erase/"
    head = signed_in(firm.head)
    shown = head.get(path).content.decode()
    assert "What stays, without the name" in shown
    assert "Entries of the audit, by a mark" in shown
    wrong = head.post(path, {"reason": "Asked", "typed": "Anna"})
    assert wrong.status_code == 422
    assert "Type the name as it stands" in wrong.content.decode()
    done = head.post(path, {"reason": "Asked", "typed": NAME}, follow=True).content.decode()
    assert "Erased contact" in done
    assert "erased at their request on" in done
    assert "Quistg" not in done
    history = head.get(f"/audit/relationships.contact/{planted.zdenka.pk}/").content.decode()
    assert "erased by request on" in history
    assert "Quistg" not in history
    assert "This person was erased" in head.get(path).content.decode()
