"""The one lawful way into the audit, and every step beside it refused: on both databases, below the models."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.factories.people import team, user

from openkam.app.audit.models import ERASED, ERASING_VERB, Entry
from openkam.app.audit.operations import RestoreRefusedError, Theirs, erase_from_audit, record_write, restore_value
from openkam.app.people.models import Team, User

VALUES = {"name": "Anna Berg", "count": 3, "is_on": True, "list": ["Anna", 1], "nothing": None, "ratio": 1.5}


@pytest.fixture
def north(db: None) -> Team:
    return team(name="North")


@pytest.fixture
def old(north: Team) -> Entry:
    return record_write(
        actor=user(), verb="renamed", record=north, before=dict(VALUES), after={"name": "é Berg"}, reason="Anna asked"
    )


def judge(entry: Entry) -> Theirs:
    if entry.verb != "renamed":
        return Theirs()
    return Theirs(frozenset({"name", "list", "nothing"}), record_name=True, reason=True)


def test_what_is_a_persons_is_blanked_and_the_rest_stays(north: Team, old: Entry) -> None:
    warrant, count = erase_from_audit(actor=user(), record=north, before={}, after={}, reason="Asked", judge=judge)
    kept = Entry.objects.get(pk=old.pk)
    assert count == 1
    assert kept.erased_by == warrant == Entry.objects.latest("pk")
    assert kept.before == VALUES | {"name": ERASED, "list": ERASED}
    assert kept.after == {"name": ERASED}
    assert (kept.record_name, kept.reason) == (ERASED, ERASED)
    same = ("at", "actor_id", "actor_name", "verb", "record_type", "record_key", "request_id")
    assert [getattr(kept, name) for name in same] == [getattr(old, name) for name in same]
    with pytest.raises(RestoreRefusedError):
        restore_value(actor=user(), entry=kept, field="name")


FORGERIES = {
    "another value": {"before": VALUES | {"name": "Somebody else"}},
    "the mark within": {"before": VALUES | {"name": f"x {ERASED}"}},
    "a field less": {"before": {"name": ERASED}},
    "a field more": {"before": VALUES | {"more": ERASED}},
    "a field renamed": {"after": {"title": ERASED}},
    "another type": {"before": VALUES | {"count": "3"}},
    "true for one": {"before": VALUES | {"is_on": 1}},
    "no object": {"after": [ERASED]},
    "another name": {"record_name": "South"},
    "another reason": {"reason": "None"},
    "no reason": {"reason": ""},
    "another verb": {"verb": "saw"},
    "another actor": {"actor_name": "Somebody else"},
    "nobody": {"actor_id": None},
    "another record": {"record_key": "9"},
    "another request": {"request_id": "x"},
}


def refused(write: Callable[[], object]) -> bool:
    stored = list(Entry.objects.order_by("pk").values())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        write()
    return list(Entry.objects.order_by("pk").values()) == stored


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES)
def test_an_open_way_lets_nothing_else_through(north: Team, old: Entry, forged: dict[str, object]) -> None:
    warrant = record_write(actor=None, verb=ERASING_VERB, record=north, before={}, after={})
    assert refused(lambda: Entry.objects.filter(pk=old.pk).update(erased_by=warrant, **forged))
    assert Entry.objects.filter(pk=old.pk).update(erased_by=warrant, reason=ERASED) == 1


def test_the_way_is_open_only_right_behind_an_erasure(north: Team, old: Entry) -> None:
    assert refused(lambda: Entry.objects.filter(pk=old.pk).update(reason=ERASED))
    assert refused(lambda: Entry.objects.filter(pk=old.pk).update(reason=ERASED, erased_by=old))
    other = record_write(actor=None, verb="saw", record=north, before={}, after={})
    assert refused(lambda: Entry.objects.filter(pk=old.pk).update(reason=ERASED, erased_by=other))
    warrant = record_write(actor=None, verb=ERASING_VERB, record=north, before={}, after={})
    assert refused(lambda: Entry.objects.filter(pk=old.pk).update(reason=ERASED, erased_by=warrant.pk + 1))
    record_write(actor=None, verb="saw", record=north, before={}, after={})
    assert refused(lambda: Entry.objects.filter(pk=old.pk).update(reason=ERASED, erased_by=warrant))
    assert refused(Entry.objects.filter(pk=old.pk).delete)
    assert refused(lambda: Entry.objects.filter(pk=warrant.pk).update(verb="saw", erased_by=warrant))
    assert refused(lambda: Entry.objects.filter(pk=warrant.pk)._raw_delete("default"))


def test_pages_say_that_it_was_erased_and_when(north: Team, old: Entry, signed_in: Callable[[User], Client]) -> None:
    erase_from_audit(actor=user(), record=north, before={}, after={}, reason="Asked", judge=judge)
    page = signed_in(user())
    for path in ("/audit/", f"/audit/people.team/{north.pk}/"):
        assert "erased by request on" in page.get(path).content.decode()
