"""Where a person is signed in, ended."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from openkam.app.people.models import User
from openkam.app.people.operations.written import announce


@transaction.atomic
def end_session(*, actor: User, session: UserSession) -> None:
    """Sign one of one's own browsers out; another's stays as it is."""
    if session.user == actor:
        session.end()
        _announce_ended(actor, 1)


@transaction.atomic
def end_other_sessions(*, actor: User, current_key: str) -> int:
    """Sign all of one's own browsers out but the one in use, and say how many."""
    others = [session for session in UserSession.objects.filter(user=actor) if session.session_key != current_key]
    for session in others:
        session.end()
    if others:
        _announce_ended(actor, len(others))
    return len(others)


def end_sessions(user: User) -> None:
    """Sign a person out everywhere; the write that asks for it is what the audit keeps."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def _announce_ended(person: User, count: int) -> None:
    announce(actor=person, verb="ended sessions of", record=person, before={"sessions_ended": 0}, after={"sessions_ended": count})
