"""Where a person is signed in, ended."""

from allauth.usersessions.models import UserSession

from openkam.app.people.models import User


def end_session(*, actor: User, session: UserSession) -> None:
    """Sign one of one's own browsers out; another's stays as it is."""
    if session.user == actor:
        session.end()


def end_other_sessions(*, actor: User, current_key: str) -> int:
    """Sign all of one's own browsers out but the one in use, and say how many."""
    others = [session for session in UserSession.objects.filter(user=actor) if session.session_key != current_key]
    for session in others:
        session.end()
    return len(others)


def end_sessions(user: User) -> None:
    """Sign a person out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()
