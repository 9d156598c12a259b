"""Browsers signed out by their owner."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from tests.factories.people import user

from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.operations.sessions import end_other_sessions, end_session

pytestmark = pytest.mark.django_db


def session(person: User) -> UserSession:
    store = SessionStore()
    store["x"] = 1
    store.save()
    return UserSession.objects.create(user=person, ip="127.0.0.1", user_agent="Test", session_key=store.session_key)


def test_one_session_ends_and_the_others_stay():
    person = user()
    first, second = session(person), session(person)

    end_session(actor=person, session=first)

    assert list(UserSession.objects.all()) == [second]
    assert not SessionStore().exists(first.session_key)
    assert ended_sessions(person) == [1]


def test_all_but_the_one_in_use_end():
    person, other = user(), user()
    current, theirs = session(person), session(other)
    session(person), session(person)

    assert end_other_sessions(actor=person, current_key=current.session_key) == 2
    assert set(UserSession.objects.all()) == {current, theirs}
    assert end_other_sessions(actor=person, current_key=current.session_key) == 0
    assert ended_sessions(person) == [2]


def test_nobody_ends_a_session_of_another():
    theirs = session(user())

    end_session(actor=user(), session=theirs)

    assert theirs.exists()
    assert ended_sessions(theirs.user) == []


def ended_sessions(person: User) -> list[object]:
    """What the audit tells of the person's sessions."""
    told = Entry.objects.filter(record_type="people.user", record_key=str(person.pk), verb="ended sessions of")
    return [entry.after["sessions_ended"] for entry in told]
